"""The game itself: two players, their updates, and what is seen of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.training.objectives import Objective, r1_penalty
from gandiag.training.operations import Array
from gandiag.training.players import Discriminator, Holding, Player
from gandiag.training.process import Draw, Noise, Source, State, Tools, first_failure, norm, tally
from gandiag.training.schedule import Schedule


@dataclass(frozen=True)
class Game:
    """What is played: the phase that a GAN training consists of.

    Attributes:
        generator: The player that makes samples.
        discriminator: The player that judges them.
        objective: What they minimise.
        schedule: Who updates when.
        data: The law of the data.
        data_size: The number of coordinates of a sample.
        latent: The law of the generator's input.
        latent_size: The number of its coordinates.
        noise: The standard normal law, for instance noise.
        samples: How many generated samples are recorded.
        batches: How many batches a discriminator that sees whole batches is evaluated on.
    """

    generator: Player
    discriminator: Discriminator
    objective: Objective
    schedule: Schedule
    data: Source
    data_size: int
    latent: Source
    latent_size: int
    noise: Source
    samples: int
    batches: int

    @property
    def name(self) -> Literal["train"]:
        """The name of the phase."""
        return "train"

    @property
    def iterations(self) -> int:
        """How many iterations it has."""
        return self.schedule.iterations

    @property
    def draws(self) -> Mapping[str, Draw]:
        """The random numbers of an iteration, by the name of their stream."""
        plan, batch = self.schedule, self.schedule.batch
        reals = plan.d_steps if plan.real == "fresh" else 1
        draws = {"real": Draw(self.data, reals, self.data_size, batch)}
        if plan.latent == "shared":
            draws["latent"] = Draw(self.latent, 1, self.latent_size, batch)
        else:
            draws["d_latent"] = Draw(self.latent, plan.d_steps, self.latent_size, batch)
            draws["g_latent"] = Draw(self.latent, plan.g_steps, self.latent_size, batch)
        if self.objective.instance_noise:
            for stream, count in (
                ("d_real_noise", plan.d_steps),
                ("d_fake_noise", plan.d_steps),
                ("g_fake_noise", plan.g_steps),
            ):
                draws[stream] = Draw(self.noise, count, self.data_size, batch)
        return draws

    @property
    def seen(self) -> int:
        """How many numbers the discriminator is fed."""
        return self.discriminator.sees.width(self.data_size, self.schedule.batch)

    def initial(
        self, g_weights: NDArray[np.floating], d_weights: NDArray[np.floating]
    ) -> dict[str, object]:
        """The state before the first iteration, from weights [lane, parameters]."""
        return {
            "g": self.generator.hold(g_weights),
            "d": self.discriminator.hold(d_weights),
            "failed_at": np.full(len(g_weights), -1, np.int32),
        }

    def bind(self, tools: Tools) -> GameProgram:
        """Hands the tools over."""
        return GameProgram(self, tools)


class GameProgram:
    """The game with an engine's tools in its hands."""

    def __init__(self, game: Game, tools: Tools) -> None:
        self.game = game
        self.tools = tools
        self._update_d = tools.compile(self.update_d)
        self._update_g = tools.compile(self.update_g)
        self._update_both = tools.compile(self.update_both)

    def iterate(self, state: State, noise: Noise, iteration: Array) -> State:
        """The state after one more iteration; ``iteration`` counts it."""
        plan, g, d = self.game.schedule, state["g"], state["d"]
        if plan.updates == "simultaneous":
            both = self._update_both(d, g, self._d_batch(noise, 0), self._g_batch(noise, 0))
            g, d = both["g"], both["d"]
        else:
            d = self.tools.repeat(
                plan.d_steps,
                lambda k, held: self._update_d(held, g["weights"], self._d_batch(noise, k)),
                d,
            )
            d_weights = d["weights"]
            g = self.tools.repeat(
                plan.g_steps,
                lambda k, held: self._update_g(held, d_weights, self._g_batch(noise, k)),
                g,
            )
        must_be_finite = [
            d["weights"],
            g["weights"],
            d["loss_sum"][:, None],
            g["loss_sum"][:, None],
        ]
        failed_at = first_failure(self.tools.ops, state["failed_at"], iteration, must_be_finite)
        return {"g": g, "d": d, "failed_at": failed_at}

    def update_d(self, d: Holding, g_weights: Array, batch: Mapping[str, Array]) -> Holding:
        """One update of the discriminator; the generator costs no gradient."""
        loss, slope = self._d_slope(d["weights"], g_weights, batch)
        return self.game.discriminator.learn(self.tools.ops, d, loss, slope)

    def update_g(self, g: Holding, d_weights: Array, batch: Mapping[str, Array]) -> Holding:
        """One update of the generator; the discriminator's weights cost no gradient."""
        loss, slope = self._g_slope(g["weights"], d_weights, batch)
        return self.game.generator.learn(self.tools.ops, g, loss, slope)

    def update_both(
        self, d: Holding, g: Holding, d_batch: Mapping[str, Array], g_batch: Mapping[str, Array]
    ) -> State:
        """One update of each, both gradients taken where the two stand now."""
        return {
            "d": self.update_d(d, g["weights"], d_batch),
            "g": self.update_g(g, d["weights"], g_batch),
        }

    def prepare(self, evaluation: Mapping[str, Array]) -> dict[str, Array]:
        """Shows the discriminator the data, which stay the same throughout a run."""
        judged = evaluation.get("batches", evaluation)
        return {
            "seen": self._view(judged["real"]),
            "latent": evaluation["latent"],
            "judged": judged["latent"],
            "probe": evaluation["probe"],
        }

    def observe(self, state: State, evaluation: Mapping[str, Array]) -> dict[str, Array]:
        """What is recorded: samples, D's answers, norms, and the tally of the losses."""
        ops, g, d = self.tools.ops, state["g"], state["d"]
        fake = judged = self.game.generator.apply(ops, g["weights"], evaluation["latent"])
        if self.game.discriminator.sees.whole_batch:
            judged = self.game.generator.apply(ops, g["weights"], evaluation["judged"])
        seen = {
            "samples": fake,
            "d_updates": d["steps"][:, 0],
            "g_updates": g["steps"][:, 0],
            "d_weight_norm": norm(ops, d["weights"]),
            "g_weight_norm": norm(ops, g["weights"]),
            "failed_at": state["failed_at"],
        }
        seen |= self._answers(d["weights"], evaluation["seen"], judged)
        seen |= self._gradient_norms(d["weights"], g["weights"], evaluation)
        return seen | tally(ops, d, "d") | tally(ops, g, "g")

    def d_loss(self, d_weights: Array, real: Array, fake: Array) -> Array:
        """The discriminator's whole loss, penalty included, shape [lane]."""
        game, ops = self.game, self.tools.ops
        real_scores = self._scores(d_weights, real)
        loss = game.objective.d_loss(ops, real_scores, self._scores(d_weights, fake))
        if game.objective.r1:
            _, slope = self.tools.gradient(lambda x: ops.sum(self._scores(d_weights, x), (1, 2)))(
                real
            )
            loss = loss + r1_penalty(ops, slope, game.objective.r1, real_scores.shape[-1])
        return loss

    def weights(self, state: State) -> Array:
        """Both players' weights, D's before G's, [lane, parameters]."""
        return self.tools.ops.concat([state["d"]["weights"], state["g"]["weights"]], 1)

    def field(self, weights: Array, noise: Noise) -> Array:
        """The game's vector field: where each player's own loss would send it, [lane, parameters].

        (-grad_d L_d, -grad_g L_g) with both gradients taken where the two stand, whoever
        updates first in the schedule, on the first batch of either.

        Args:
            weights: As of `weights`.
            noise: The random numbers of one iteration.
        """
        ops, game = self.tools.ops, self.game
        d_size = game.discriminator.count(game.seen)
        d, g = ops.split(weights, [d_size, weights.shape[1] - d_size])
        _, d_slope = self._d_slope(d, g, self._d_batch(noise, 0))
        _, g_slope = self._g_slope(g, d, self._g_batch(noise, 0))
        return -ops.concat([d_slope, g_slope], 1)

    def _d_slope(
        self, d_weights: Array, g_weights: Array, batch: Mapping[str, Array]
    ) -> tuple[Array, Array]:
        fake = self.game.generator.apply(self.tools.ops, g_weights, batch["latent"])
        real, fake = self._blur(batch["real"], batch, "real"), self._blur(fake, batch, "fake")
        return self.tools.gradient(lambda weights: self.d_loss(weights, real, fake))(d_weights)

    def _g_slope(
        self, g_weights: Array, d_weights: Array, batch: Mapping[str, Array]
    ) -> tuple[Array, Array]:
        game, ops = self.game, self.tools.ops

        def loss(weights: Array) -> Array:
            fake = game.generator.apply(ops, weights, batch["latent"])
            return game.objective.g_loss(
                ops, self._scores(d_weights, self._blur(fake, batch, "fake"))
            )

        return self.tools.gradient(loss)(g_weights)

    def _scores(self, d_weights: Array, x: Array) -> Array:
        judge = self.game.discriminator
        return judge.apply(self.tools.ops, d_weights, judge.sees.apply(self.tools.ops, x, 1))

    def _blur(self, x: Array, batch: Mapping[str, Array], which: str) -> Array:
        """Adds instance noise where the experiment asks for it."""
        noise = batch.get(which + "_noise")
        return x if noise is None else x + self.game.objective.instance_noise * noise

    def _view(self, x: Array) -> Array:
        """What the discriminator is shown of samples that an observation looks at."""
        sees = self.game.discriminator.sees
        return sees.apply(self.tools.ops, x, self.game.batches if sees.whole_batch else 1)

    def _answers(self, d_weights: Array, seen: Array, fake: Array) -> dict[str, Array]:
        ops, objective, judge = self.tools.ops, self.game.objective, self.game.discriminator
        on_real = judge.apply(ops, d_weights, seen)
        on_fake = judge.apply(ops, d_weights, self._view(fake))
        answers = {
            "d_real": ops.mean(objective.answer(ops, on_real), (1, 2))[:, 0, 0],
            "d_fake": ops.mean(objective.answer(ops, on_fake), (1, 2))[:, 0, 0],
        }
        if objective.game == "gan":
            answers["d_accuracy"] = 0.5 * (self._share(on_real) + self._share(-on_fake))
        return answers

    def _share(self, scores: Array) -> Array:
        """The share of scores above zero; one of zero is half right, and NaN is neither."""
        ops = self.tools.ops
        right = ops.to_float(scores > 0, scores) + ops.to_float(scores >= 0, scores)
        known = ops.to_float(scores >= 0, scores) + ops.to_float(scores < 0, scores)
        return 0.5 * ops.mean(ops.where(known > 0, right, scores), (1, 2))[:, 0, 0]

    def _gradient_norms(
        self, d_weights: Array, g_weights: Array, evaluation: Mapping[str, Array]
    ) -> dict[str, Array]:
        """Of one update of each on a batch that stays the same throughout the run."""
        ops = self.tools.ops
        _, d_slope = self._d_slope(d_weights, g_weights, self._d_batch(evaluation["probe"], 0))
        _, g_slope = self._g_slope(g_weights, d_weights, self._g_batch(evaluation["probe"], 0))
        return {"d_grad_norm": norm(ops, d_slope), "g_grad_norm": norm(ops, g_slope)}

    def _d_batch(self, noise: Noise, k: Array) -> dict[str, Array]:
        real = noise["real"][0 if self.game.schedule.real == "shared" else k]
        batch = {"real": real, "latent": self._latent(noise, "d_latent", k)}
        if self.game.objective.instance_noise:
            batch |= {"real_noise": noise["d_real_noise"][k]}
            batch |= {"fake_noise": noise["d_fake_noise"][k]}
        return batch

    def _g_batch(self, noise: Noise, k: Array) -> dict[str, Array]:
        batch = {"latent": self._latent(noise, "g_latent", k)}
        if self.game.objective.instance_noise:
            batch |= {"fake_noise": noise["g_fake_noise"][k]}
        return batch

    def _latent(self, noise: Noise, stream: str, k: Array) -> Array:
        if self.game.schedule.latent == "shared":
            return noise["latent"][0]
        return noise[stream][k]
