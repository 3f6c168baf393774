"""The pre-training of a discriminator on the density of the data (AYLIEN's gan-intro)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from gandiag.spec import Interval
from gandiag.training.layers import Pass
from gandiag.training.operations import Array
from gandiag.training.players import Discriminator, TrainState, Variables
from gandiag.training.process import Draw, Noise, State, Tools, first_failure, loss_statistics, norm


@runtime_checkable
class Density(Protocol):
    """A distribution whose density is known."""

    def density(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability density at ``x``."""


class Pretraining(Interval):
    """A regression before the game: D's probability on the density of the data.

    A discriminator of its own, of the same shape and with the same optimiser, is trained on the
    mean squared error; the game's discriminator then begins with its weights.
    """

    low: float
    """The lower end of the points, drawn uniformly."""
    high: float
    """Their upper end."""
    iterations: Annotated[int, Field(ge=1)]
    """The number of updates."""
    batch: Annotated[int, Field(ge=1)]
    """The number of points in a batch."""


@dataclass(frozen=True)
class Points:
    """The source of the points and of the density at them."""

    distribution: Density
    low: float
    high: float

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., 2, batch]: the points, and the density at each."""
        points = rng.random(out[..., 0, :].shape, dtype=np.float32)
        out[..., 0, :] = points * np.float32(self.high - self.low) + np.float32(self.low)
        out[..., 1, :] = self.distribution.density(out[..., 0, :].astype(np.float64))


@dataclass(frozen=True)
class Pretrain:
    """The phase of the pre-training.

    Attributes:
        plan: Its settings.
        discriminator: Whose shape and optimiser are used.
        distribution: The distribution of the data.
    """

    plan: Pretraining
    discriminator: Discriminator
    distribution: Density

    @property
    def name(self) -> Literal["pretrain"]:
        """The name of the phase."""
        return "pretrain"

    @property
    def iterations(self) -> int:
        """How many iterations it has."""
        return self.plan.iterations

    @property
    def draws(self) -> Mapping[str, Draw]:
        """The random numbers of an iteration, by the name of their stream."""
        points = Points(self.distribution, self.plan.low, self.plan.high)
        return {"points": Draw(points, 1, 2, self.plan.batch)}

    def initial(
        self, weights: NDArray[np.floating], buffers: NDArray[np.floating] | None = None
    ) -> dict[str, object]:
        """The state before the first iteration, from weights [lane, parameters]."""
        state = self.discriminator.init_state(weights, buffers)
        return {"d": state, "failed_at": np.full(len(weights), -1, np.int32)}


class PretrainProgram:
    """The regression bound to an engine's tools."""

    def __init__(self, phase: Pretrain, tools: Tools) -> None:
        self.phase = phase
        self.tools = tools
        self._update = tools.compile(self.update)

    def update(self, d: TrainState, points: Array) -> TrainState:
        """One update on points [lane, 2, batch]."""
        result = self._gradient(d, d["weights"], points)
        return self.phase.discriminator.update(self.tools.ops, d, result)

    def iterate(self, state: State, noise: Noise, iteration: Array) -> State:
        """The state after one more iteration; ``iteration`` counts it."""
        d = self._update(state["d"], noise["points"][0])
        rows = [d["weights"], d["loss_sum"][:, None]]
        failed_at = first_failure(self.tools.ops, state["failed_at"], iteration, rows)
        return {"d": d, "failed_at": failed_at}

    def weights(self, state: State) -> Array:
        """The discriminator's weights, [lane, parameters]."""
        return state["d"]["weights"]

    def field(self, state: State, weights: Array, noise: Noise) -> Array:
        """The negative gradient of the loss, [lane, parameters]."""
        return -self._gradient(state["d"], weights, noise["points"][0])["gradient"]

    def prepare(self, evaluation: Mapping[str, Array]) -> dict[str, Array]:
        """Nothing: only the losses and a norm are recorded."""
        return {}

    def observe(self, state: State, evaluation: Mapping[str, Array]) -> dict[str, Array]:
        """What is recorded: the statistics of the losses and the norm of the weights."""
        ops = self.tools.ops
        observed = {
            "d_weight_norm": norm(ops, state["d"]["weights"]),
            "failed_at": state["failed_at"],
        }
        return observed | loss_statistics(ops, state["d"], "d")

    def _gradient(self, d: Variables, d_weights: Array, points: Array) -> dict[str, Array]:
        ops, player = self.tools.ops, self.phase.discriminator
        result: dict[str, Array] = {}

        def loss(weights: Array) -> Array:
            run = Pass(ops, d.get("memory"))
            scores = player.apply(weights, points[:, :1], run)
            if run.buffers is not None:
                result["memory"] = run.buffers
            error = ops.sigmoid(scores) - points[:, 1:]
            value = ops.mean(error * error, (1, 2))[:, 0, 0]
            if player.l2:
                result["l2"] = ops.stop_gradient(player.penalty(ops, weights, 1, 0))
                value = value + player.penalty(ops, weights, 1, 0)
            return value

        value, gradient = self.tools.gradient(loss)(d_weights)
        return result | {"loss": value, "gradient": gradient}
