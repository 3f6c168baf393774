"""What is observed of a game at a log point."""

from __future__ import annotations

from collections.abc import Mapping

from gandiag.training.game import Game
from gandiag.training.layers import Pass
from gandiag.training.losses import Losses
from gandiag.training.operations import Array
from gandiag.training.players import Variables
from gandiag.training.process import State, loss_statistics, norm

Evaluation = Mapping[str, Array]

STEP = 5e-3
"""Half the distance, in units of z, that the central differences of the generator go."""


class Observer:
    """Observes a game's state, always with the same evaluation data.

    Args:
        game: The game.
        losses: Its losses.
    """

    def __init__(self, game: Game, losses: Losses) -> None:
        self._game = game
        self._losses = losses
        self._ops = losses.ops

    def prepare(self, evaluation: Evaluation) -> dict[str, Array]:
        """Computes what is the same at every log point: the real data as D sees them."""
        game = self._game
        judged = evaluation.get("batches", evaluation)
        real, labels = self._split(judged["real"])
        _, own_labels = self._split(evaluation["real"])
        batches = game.batches if "batches" in evaluation else 1
        prepared = {
            "seen": game.discriminator.sees.apply(self._ops, real, batches),
            "labels": labels,
            "judged": judged["latent"],
            "latent": evaluation["latent"],
            "own_labels": own_labels,
            "probe": evaluation["probe"],
        }
        prepared |= {k: evaluation[k] for k in ("plane", "latent_ends") if k in evaluation}
        return {name: value for name, value in prepared.items() if value is not None}

    def observe(
        self, state: State, evaluation: Evaluation, d_gradient: Array, g_gradient: Array
    ) -> dict[str, Array]:
        """Samples, D's answers, norms, and the statistics of the losses, each [lane, ...]."""
        ops, g, d = self._ops, state["g"], state["d"]
        generator = dict(self._game.generator.variables(g))
        generator["weights"] = g.get("average", g["weights"])
        samples = self._samples(generator, evaluation["latent"], evaluation.get("own_labels"))
        observed = {
            "samples": samples,
            "d_updates": d["steps"][:, 0],
            "g_updates": g["steps"][:, 0],
            "d_weight_norm": norm(ops, d["weights"]),
            "g_weight_norm": norm(ops, g["weights"]),
            "d_grad_norm": norm(ops, d_gradient),
            "g_grad_norm": norm(ops, g_gradient),
            "failed_at": state["failed_at"],
        }
        observed |= self._answers(d, self._d_fakes(g, samples, evaluation), evaluation)
        if "latent_ends" in evaluation:
            observed["latent_moves"] = self._moves(generator, evaluation)
        return observed | loss_statistics(ops, d, "d") | loss_statistics(ops, g, "g")

    def _split(self, real: Array) -> tuple[Array, Array | None]:
        """Real samples and their labels, where there are any."""
        if not self._game.classes:
            return real, None
        samples, labels = self._ops.split(real, [self._game.data_size, self._game.classes])
        return samples, labels

    def _samples(self, g: Variables, latent: Array, labels: Array | None) -> Array:
        """The generators' mixture, [lane, size, n]: each makes its part of the samples."""
        members, n = self._game.generator.members, latent.shape[-1]
        run = Pass(self._ops, g.get("memory"), labels, sampling=True)
        samples = self._losses.fakes(g, latent, run)
        if members == 1:
            return samples
        edges = [n * k // members for k in range(members + 1)]
        parts = [samples[..., k * n + edges[k] : k * n + edges[k + 1]] for k in range(members)]
        return self._ops.concat(parts, 2)

    def _d_fakes(self, g: Variables, samples: Array, evaluation: Evaluation) -> Array:
        """The generated samples that D is evaluated on: those recorded, or training batches."""
        game = self._game
        if not game.evaluates_batches:
            return samples
        run = Pass(self._ops, g.get("memory"), evaluation.get("labels"), game.batches)
        return self._losses.fakes(g, evaluation["judged"], run)

    def _answers(self, d: Variables, fake: Array, evaluation: Evaluation) -> dict[str, Array]:
        ops, game, losses = self._ops, self._game, self._losses
        batches = game.batches if game.evaluates_batches else 1
        labels = evaluation.get("labels")
        run = Pass(ops, d.get("memory"), labels, batches)
        on_real = losses.scores_of(d, evaluation["seen"], run)
        count = game.generator.members if game.evaluates_batches else 1
        labels = labels if labels is None or count == 1 else ops.concat([labels] * count, 2)
        on_fake = losses.scores(d, fake, Pass(ops, d.get("memory"), labels, batches * count))
        answer = game.objective.answer
        real, fake = (ops.mean(answer(ops, x), 1)[:, 0] for x in (on_real, on_fake))
        answers = {"d_real": ops.mean(real, 1)[:, 0], "d_fake": ops.mean(fake, 1)[:, 0]}
        if game.objective.game == "gan":
            answers["d_accuracy"] = 0.5 * (self.share(on_real) + self.share(-on_fake))
            answers |= {"d_real_answers": real, "d_fake_answers": fake}
        if "plane" in evaluation:
            plane = losses.scores(d, evaluation["plane"], Pass(ops, d.get("memory")))
            answers["plane"] = ops.mean(answer(ops, plane), 1)[:, 0]
        return answers

    def share(self, scores: Array) -> Array:
        """The share of scores above zero; one of zero is half right, and NaN is neither."""
        ops = self._ops
        right = ops.to_float(scores > 0, scores) + ops.to_float(scores >= 0, scores)
        known = ops.to_float(scores >= 0, scores) + ops.to_float(scores < 0, scores)
        return 0.5 * ops.mean(ops.where(known > 0, right, scores), (1, 2))[:, 0, 0]

    def _moves(self, g: Variables, evaluation: Evaluation) -> Array:
        """Central differences of the generator, [lane, size, points]."""
        ends = evaluation["latent_ends"]
        points = ends.shape[-1] // 2
        labels = evaluation.get("own_labels")
        if labels is not None:
            labels = self._ops.concat([labels[..., :points]] * 2, 2)
        run = Pass(self._ops, g.get("memory"), labels, sampling=True)
        samples = self._losses.fakes(g, ends, run)
        # The first generator's, where there are several.
        return (samples[..., :points] - samples[..., points : 2 * points]) / (2 * STEP)
