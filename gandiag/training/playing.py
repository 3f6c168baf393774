"""The game bound to an engine's tools: which player is updated, and on which batch."""

from __future__ import annotations

from collections.abc import Mapping

from gandiag.training.game import Game
from gandiag.training.losses import Batch, Losses, LossResult
from gandiag.training.observing import Observer
from gandiag.training.operations import Array
from gandiag.training.players import TrainState, Variables
from gandiag.training.pretraining import Pretrain, PretrainProgram
from gandiag.training.process import Noise, Process, Program, State, Tools, first_failure


def bind(process: Process, tools: Tools) -> Program:
    """Binds a phase of a training run to an engine's tools.

    Raises:
        TypeError: It is neither a game nor a pre-training.
    """
    if isinstance(process, Game):
        return GameProgram(process, tools)
    if isinstance(process, Pretrain):
        return PretrainProgram(process, tools)
    raise TypeError(f"{process.name} is neither a game nor a pre-training")


class GameProgram:
    """The game bound to an engine's tools."""

    def __init__(self, game: Game, tools: Tools) -> None:
        self.game = game
        self.tools = tools
        self.losses = Losses(game, tools)
        self._observer = Observer(game, self.losses)
        self._update_d = tools.compile(self.update_d)
        self._update_g = tools.compile(self.update_g)
        self._update_both = tools.compile(self.update_both)

    def iterate(self, state: State, noise: Noise, iteration: Array) -> State:
        """The state after one more iteration; ``iteration`` counts it."""
        plan, g, d = self.game.schedule, state["g"], state["d"]
        if plan.updates == "alternating":
            g_variables = self.game.generator.variables(g)
            d = self.tools.repeat(
                plan.d_steps,
                lambda k, state: self._update_d(state, g_variables, self.d_batch(noise, k)),
                d,
            )
            # Unrolled updates of D inside G's loss need its optimiser's slots too.
            opponent = d if self.game.objective.unrolled else self.game.discriminator.variables(d)
            g = self.tools.repeat(
                plan.g_steps,
                lambda k, state: self._update_g(state, opponent, self.g_batch(noise, k)),
                g,
            )
        else:
            both = self._update_both(d, g, self.d_batch(noise, 0), self.g_batch(noise, 0))
            g, d = both["g"], both["d"]
        must_be_finite = [
            d["weights"],
            g["weights"],
            d["loss_sum"][:, None],
            g["loss_sum"][:, None],
        ]
        failed_at = first_failure(self.tools.ops, state["failed_at"], iteration, must_be_finite)
        return {"g": g, "d": d, "failed_at": failed_at}

    def update_d(self, d: TrainState, g: Variables, batch: Batch) -> TrainState:
        """One update of the discriminator."""
        result = self.losses.d_gradient(d, g, batch)
        return self.game.discriminator.update(self.tools.ops, d, result)

    def update_g(self, g: TrainState, d: Variables, batch: Batch) -> TrainState:
        """One update of the generator."""
        result = self.losses.g_gradient(g, d, batch)
        return self.game.generator.update(self.tools.ops, g, result)

    def update_both(self, d: TrainState, g: TrainState, d_batch: Batch, g_batch: Batch) -> State:
        """One update of each player or of the worse, both gradients at the current weights."""
        game, ops = self.game, self.tools.ops
        d_result, g_result = (
            self.losses.d_gradient(d, g, d_batch),
            self.losses.g_gradient(g, d, g_batch),
        )
        if game.objective.consensus:
            self._add_consensus(d, g, d_batch, g_batch, d_result, g_result)
        after = {
            "d": game.discriminator.update(ops, d, d_result),
            "g": game.generator.update(ops, g, g_result),
        }
        if game.schedule.updates == "simultaneous":
            return after
        d_moves = self._d_is_worse(d_result, g_result)
        return {
            "d": self._choose_by_lane(d_moves, after["d"], d),
            "g": self._choose_by_lane(d_moves, g, after["g"]),
        }

    def weights(self, state: State) -> Array:
        """Both players' weights, D's before G's, [lane, parameters]."""
        return self.tools.ops.concat([state["d"]["weights"], state["g"]["weights"]], 1)

    def field(self, state: State, weights: Array, noise: Noise) -> Array:
        """The game's vector field: each player's negative gradient, [lane, parameters].

        (-grad_d L_d, -grad_g L_g) with both gradients taken at the same weights, whatever the
        order of updates, on the first batch of either player.

        Args:
            state: The rest of the state (the buffers).
            weights: As of `weights`.
            noise: The random numbers of one iteration.
        """
        d_batch, g_batch = self.d_batch(noise, 0), self.g_batch(noise, 0)
        return self._field(state["d"], state["g"], weights, d_batch, g_batch)

    def prepare(self, evaluation: Mapping[str, Array]) -> dict[str, Array]:
        """What can be computed once of the evaluation data."""
        return self._observer.prepare(evaluation)

    def observe(self, state: State, evaluation: Mapping[str, Array]) -> dict[str, Array]:
        """What is recorded: samples, D's answers, norms, and the statistics of the losses."""
        probe = evaluation["probe"]
        d_result = self.losses.d_gradient(state["d"], state["g"], self.d_batch(probe, 0))
        g_result = self.losses.g_gradient(state["g"], state["d"], self.g_batch(probe, 0))
        return self._observer.observe(state, evaluation, d_result["gradient"], g_result["gradient"])

    def d_batch(self, noise: Noise, k: Array) -> dict[str, Array]:
        """The inputs of the k-th D update of an iteration."""
        batch = self._real(noise, k) | {"latent": self._latent(noise, "d_latent", k)}
        for name in ("fake_noise", "mix"):
            if f"d_{name}" in noise:
                batch[name] = noise[f"d_{name}"][k]
        return batch

    def g_batch(self, noise: Noise, k: Array) -> dict[str, Array]:
        """The inputs of the k-th G update of an iteration."""
        game = self.game
        batch = {"latent": self._latent(noise, "g_latent", k)}
        if "g_fake_noise" in noise:
            batch["fake_noise"] = noise["g_fake_noise"][k]
        if not game.needs_real_for_g and not game.classes:
            return batch
        of_d = k % game.schedule.d_steps  # G's updates go through D's batches in turn
        real = self._real(noise, of_d)
        if game.needs_real_for_g:
            batch |= real
            if "d_mix" in noise:
                batch["mix"] = noise["d_mix"][of_d]
        if game.classes:
            batch["labels"] = real["labels"]
        return batch

    def _real(self, noise: Noise, k: Array) -> dict[str, Array]:
        """Real samples, their labels, and the noise on them."""
        game = self.game
        real = noise["real"][0 if game.schedule.real == "shared" else k]
        result = {"real": real}
        if game.classes:
            samples, labels = self.tools.ops.split(real, [game.data_size, game.classes])
            result = {"real": samples, "labels": labels}
        if "d_real_noise" in noise:
            result["real_noise"] = noise["d_real_noise"][k]
        return result

    def _latent(self, noise: Noise, stream: str, k: Array) -> Array:
        if self.game.schedule.latent == "shared":
            return noise["latent"][0]
        return noise[stream][k]

    def _field(
        self, d: Variables, g: Variables, weights: Array, d_batch: Batch, g_batch: Batch
    ) -> Array:
        ops = self.tools.ops
        d_size = d["weights"].shape[1]
        d_weights, g_weights = ops.split(weights, [d_size, weights.shape[1] - d_size])
        d, g = {**d, "weights": d_weights}, {**g, "weights": g_weights}
        d_gradient = self.losses.d_gradient(d, g, d_batch)["gradient"]
        g_gradient = self.losses.g_gradient(g, d, g_batch)["gradient"]
        return -ops.concat([d_gradient, g_gradient], 1)

    def _add_consensus(
        self,
        d: Variables,
        g: Variables,
        d_batch: Batch,
        g_batch: Batch,
        d_result: LossResult,
        g_result: LossResult,
    ) -> None:
        """Adds to both gradients that of half the field's squared norm (Mescheder et al. 2017)."""
        ops, weight = self.tools.ops, self.game.objective.consensus

        def half_square(weights: Array) -> Array:
            field = self._field(d, g, weights, d_batch, g_batch)
            return 0.5 * ops.sum(field * field, 1)

        both = ops.concat([d["weights"], g["weights"]], 1)
        _, gradient = self.tools.gradient(half_square)(both)
        d_part, g_part = ops.split(gradient, [d["weights"].shape[1], g["weights"].shape[1]])
        d_result["gradient"] = d_result["gradient"] + weight * d_part
        g_result["gradient"] = g_result["gradient"] + weight * g_part

    def _d_is_worse(self, d_result: LossResult, g_result: LossResult) -> Array:
        """Whether D's loss is further above its value at the equilibrium than G's, [lane]."""
        excess = [
            result["loss"] - result.get("l2", 0.0) - level
            for result, level in zip(
                (d_result, g_result), self.game.objective.equilibrium, strict=True
            )
        ]
        return excess[0] >= excess[1]

    def _choose_by_lane(self, first: Array, a: TrainState, b: TrainState) -> TrainState:
        """Lane by lane the state ``a`` where ``first``, else ``b``."""
        where, reshape = self.tools.ops.where, self.tools.ops.reshape
        return {
            name: where(reshape(first, (-1, *[1] * (len(a[name].shape) - 1))), a[name], b[name])
            for name in a
        }
