"""Both players' losses, and their gradients with respect to the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gandiag.training.game import Game
from gandiag.training.layers import Pass
from gandiag.training.objectives import gradient_penalty, r1_penalty
from gandiag.training.operations import Array, Operations
from gandiag.training.players import Variables
from gandiag.training.process import Tools

Batch = Mapping[str, Array]
"""The inputs of one update: ``real``, ``latent``, and where there are such ``labels``,
``real_noise``, ``fake_noise`` and ``mix``, each [lane, ..., batch]."""

LossResult = dict[str, Array]
"""What `Player.update` needs: ``loss``, ``gradient``, and where there are such ``l2`` and
``memory`` (the buffers after the run)."""


class Losses:
    """The two losses of a game and their gradients.

    Args:
        game: The game.
        tools: The engine's tools.
    """

    def __init__(self, game: Game, tools: Tools) -> None:
        self.game = game
        self.tools = tools
        self.ops: Operations = tools.ops

    def fakes(self, g: Variables, latent: Array, run: Pass) -> Array:
        """The generators' samples from the same latent points, [lane, size, members · batch]."""
        samples = self.game.generator.run(g, latent, self._for_player(run, self.game.g_classes))
        if samples.shape[1] == 1:
            return samples[:, 0]
        return self.ops.concat([samples[:, k] for k in range(samples.shape[1])], 2)

    def scores(self, d: Variables, x: Array, run: Pass) -> Array:
        """The discriminators' scores [lane, members, answers] of samples [lane, size, n]."""
        return self.scores_of(d, self.game.discriminator.sees.apply(self.ops, x, run.batches), run)

    def scores_of(self, d: Variables, inputs: Array, run: Pass) -> Array:
        """Their scores of inputs that have the form they see."""
        scores = self.game.discriminator.run(d, inputs, self._for_player(run, self.game.d_classes))
        if scores.shape[2] == 1:
            return scores[:, :, 0]
        # The softmax of two classes is the sigmoid of this difference.
        return scores[:, :, 1] - scores[:, :, 0]

    def d_gradient(self, d: Variables, g: Variables, batch: Batch) -> LossResult:
        """The discriminator's loss and gradient; none is taken through the generator."""
        run = Pass(self.ops, g.get("memory"), batch.get("labels"))
        return self.d_gradient_on(d, self.fakes(g, batch["latent"], run), batch)

    def d_gradient_on(self, d: Variables, fake: Array, batch: Batch) -> LossResult:
        """The same from generated samples [lane, size, members · batch]."""
        real, fake = (
            self._with_noise(batch["real"], batch, "real"),
            self._with_noise(fake, batch, "fake"),
        )
        result: LossResult = {}

        def loss(weights: Array) -> Array:
            value, more = self.d_loss({**d, "weights": weights}, real, fake, batch)
            result.update(more)
            return value

        value, gradient = self.tools.gradient(loss)(d["weights"])
        members = self.game.discriminator.members
        return result | {"loss": value, "gradient": gradient * members if members > 1 else gradient}

    def d_loss(
        self, d: Variables, real: Array, fake: Array, batch: Batch | None = None
    ) -> tuple[Array, LossResult]:
        """The discriminators' mean loss, penalties included, [lane], and the rest of the result."""
        batch = batch or {}
        objective, ops = self.game.objective, self.ops
        on_real, on_fake, run = self._on_both(d, real, fake, batch)
        value = self._mean(objective.real_loss(ops, on_real)) + self._paired(
            objective.fake_loss(ops, on_fake), over="generators"
        )
        value = 0.5 * value if objective.stacked else value
        result: LossResult = {} if run.buffers is None else {"memory": run.buffers}
        real_pass = Pass(ops, d.get("memory"), batch.get("labels"))
        if objective.r1:
            gradient = self._input_gradient(d, real, real_pass)
            value = value + r1_penalty(ops, gradient, objective.r1, on_real.shape[-1])
        if objective.gradient_penalty:
            between, over_all = (
                self._between(real, fake, batch["mix"]),
                self._all_generators(real_pass),
            )
            gradient = self._input_gradient(d, between, over_all)
            gradient = self.game.discriminator.sees.apply(ops, gradient, over_all.batches)
            value = value + gradient_penalty(ops, gradient, objective.gradient_penalty)
        return self._with_l2("discriminator", d, value, result)

    def _on_both(
        self, d: Variables, real: Array, fake: Array, batch: Batch
    ) -> tuple[Array, Array, Pass]:
        """The scores of real and generated samples, and the pass with the buffers after it."""
        player, ops = self.game.discriminator, self.ops
        run = Pass(ops, d.get("memory"), batch.get("labels"))
        others = self._all_generators(run)
        if player.uses_batch_statistics:  # real and generated samples apart, one after the other
            on_real = self.scores(d, real, run)
            others.buffers = run.buffers
            return on_real, self.scores(d, fake, others), others
        # One run over both halves the operations, and makes the products of matrices wider.
        inputs = [
            player.sees.apply(ops, x, how.batches) for x, how in ((real, run), (fake, others))
        ]
        if run.labels is not None and others.labels is not None:
            run.labels = ops.concat([run.labels, others.labels], 2)
        scores = self.scores_of(d, ops.concat(inputs, 2), run)
        count = inputs[0].shape[-1]
        return scores[..., :count], scores[..., count:], run

    def g_gradient(self, g: Variables, d: Variables, batch: Batch) -> LossResult:
        """The generator's loss and gradient; none is taken of the discriminator's weights."""
        result: LossResult = {}

        def loss(weights: Array) -> Array:
            value, more = self._g_loss({**g, "weights": weights}, d, batch)
            result.update(more)
            return value

        value, gradient = self.tools.gradient(loss)(g["weights"])
        members = self.game.generator.members
        return result | {"loss": value, "gradient": gradient * members if members > 1 else gradient}

    def _g_loss(self, g: Variables, d: Variables, batch: Batch) -> tuple[Array, LossResult]:
        objective, ops = self.game.objective, self.ops
        run = Pass(ops, g.get("memory"), batch.get("labels"))
        fake = self.fakes(g, batch["latent"], run)
        for _ in range(objective.unrolled):
            step = self.d_gradient_on(d, fake, batch)
            d = self.game.discriminator.update(ops, dict(d), step, differentiable=True)
        judging = self._all_generators(Pass(ops, d.get("memory"), batch.get("labels")))
        on_fake = self.scores(d, self._with_noise(fake, batch, "fake"), judging)
        value = self._paired(objective.g_loss(ops, on_fake), over="discriminators")
        if objective.zero_sum:
            value = value - self._real_part(d, batch)
            value = 0.5 * value if objective.stacked else value
        result: LossResult = {} if run.buffers is None else {"memory": run.buffers}
        return self._with_l2("generator", g, value, result)

    def _real_part(self, d: Variables, batch: Batch) -> Array:
        """D's loss on the real samples, a constant to G that makes the two losses sum to zero."""
        run = Pass(self.ops, d.get("memory"), batch.get("labels"))
        on_real = self.scores(d, self._with_noise(batch["real"], batch, "real"), run)
        return self._mean(self.game.objective.real_loss(self.ops, on_real))

    def _with_l2(
        self, who: str, variables: Variables, value: Array, result: LossResult
    ) -> tuple[Array, LossResult]:
        game = self.game
        if who == "generator":
            player, inputs, classes = game.generator, game.latent_size, game.g_classes
        else:
            player, inputs, classes = game.discriminator, game.d_inputs, game.d_classes
        if not player.l2:
            return value, result
        l2 = player.penalty(self.ops, variables["weights"], inputs, classes)
        return value + l2, result | {"l2": self.ops.stop_gradient(l2)}

    def _input_gradient(self, d: Variables, x: Array, run: Pass) -> Array:
        """d(score)/d(x) of every sample; the buffers after this run are dropped."""
        _, gradient = self.tools.gradient(lambda y: self.ops.sum(self.scores(d, y, run), (1, 2)))(x)
        return gradient

    def _between(self, real: Array, fake: Array, mix: Array) -> Array:
        """Points between real and generated samples; several generators have the same real ones."""
        times = fake.shape[-1] // real.shape[-1]
        if times > 1:
            real, mix = (self.ops.concat([x] * times, 2) for x in (real, mix))
        return mix * real + (1 - mix) * fake

    def _with_noise(self, x: Array, batch: Batch, which: str) -> Array:
        """The samples with instance noise, where the experiment has it."""
        noise = batch.get(which + "_noise")
        if noise is None:
            return x
        times = x.shape[-1] // noise.shape[-1]
        noise = noise if times == 1 else self.ops.concat([noise] * times, 2)
        return x + self.game.objective.instance_noise * noise

    def _for_player(self, run: Pass, classes: int) -> Pass:
        """The pass, without its labels for a player that takes none."""
        if classes == 0:
            run.labels = None
        return run

    def _all_generators(self, run: Pass) -> Pass:
        """A pass over the samples of all generators, with the buffers of another pass."""
        count = self.game.generator.members
        labels = run.labels
        if labels is not None and count > 1:
            labels = self.ops.concat([labels] * count, 2)
        return Pass(self.ops, run.buffers, labels, run.batches * count, run.sampling)

    def _mean(self, values: Array) -> Array:
        """Over members and answers, [lane]."""
        return self.ops.mean(values, (1, 2))[:, 0, 0]

    def _paired(self, values: Array, over: str) -> Array:
        """The mean over the members of the weighted mean over their opponents, [lane].

        Args:
            values: [lane, discriminators, generators · answers].
            over: The opponents.
        """
        pairing = self.game.objective.pairing
        if pairing is None:
            return self._mean(values)
        rows, columns = len(pairing), len(pairing[0])
        each = self.ops.reshape(values, (-1, columns, rows, values.shape[-1] // rows))
        means = self.ops.mean(each, -1)
        total: Any = 0.0
        for i, row in enumerate(_normalised(pairing, over)):
            for j, weight in enumerate(row):
                total = total + weight * means[:, j, i, 0]
        return total


def _normalised(pairing: Sequence[Sequence[float]], over: str) -> list[list[float]]:
    """The weights of the pairs, which add up to one over the number of members."""
    rows, columns = len(pairing), len(pairing[0])
    if over == "generators":
        sums = [sum(row[j] for row in pairing) for j in range(columns)]
        return [[w / sums[j] / columns for j, w in enumerate(row)] for row in pairing]
    return [[w / sum(row) / rows for w in row] for row in pairing]
