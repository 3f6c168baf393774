"""What an engine runs: a process that is iterated, and the tools that an engine gives it.

A training has one process a phase (the pre-training of a discriminator, the game itself). A
process is written once, over `Tools`; an engine compiles it, loops it and supplies its random
numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from gandiag.training.operations import Array, Gradient, Operations

Noise = Mapping[str, Array]
"""The random numbers of one iteration by name, each [draws, lane, feature, batch]."""

State = dict[str, Any]
"""The state of a process: nested dictionaries of arrays with the lane axis first."""


class Source(Protocol):
    """A distribution that random numbers are drawn from."""

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., feature, batch]."""


@dataclass(frozen=True)
class Draw:
    """Random numbers that one iteration needs.

    Attributes:
        source: Their distribution.
        count: How many batches of them.
        size: The number of coordinates.
        batch: The number of samples in a batch.
    """

    source: Source
    count: int
    size: int
    batch: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape for one lane and one iteration."""
        return (self.count, self.size, self.batch)


@dataclass(frozen=True)
class Tools:
    """What an engine gives to a process.

    Attributes:
        ops: The array operations.
        gradient: The gradient of a function with one value a lane.
        repeat: ``repeat(n, body, state)`` applies ``state = body(k, state)`` for k below n.
        compile: Makes an update faster, or returns it as it is.
    """

    ops: Operations
    gradient: Gradient
    repeat: Callable[[int, Callable[[Array, State], State], State], State]
    compile: Callable[[Callable[..., State]], Callable[..., State]]


class Program(Protocol):
    """A process bound to an engine's tools."""

    def iterate(self, state: State, noise: Noise, iteration: Array) -> State:
        """The state after one more iteration; ``iteration`` counts it."""

    def weights(self, state: State) -> Array:
        """All weights, as one row [lane, parameters]."""

    def field(self, state: State, weights: Array, noise: Noise) -> Array:
        """The negative gradients of the losses, [lane, parameters], for one iteration's noise."""

    def prepare(self, evaluation: Mapping[str, Any]) -> dict[str, Any]:
        """What can be computed once of the evaluation data."""

    def observe(self, state: State, evaluation: Mapping[str, Any]) -> dict[str, Array]:
        """What is to be recorded of a state, each [lane, ...], of prepared data."""


class Process(Protocol):
    """One phase of a training run."""

    @property
    def name(self) -> Literal["pretrain", "train"]:
        """The name of the phase."""

    @property
    def iterations(self) -> int:
        """How many iterations it has."""

    @property
    def draws(self) -> Mapping[str, Draw]:
        """The random numbers of an iteration, by the name of their stream."""


def loss_statistics(ops: Operations, state: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    """The statistics of a player's losses as observations, e.g. ``d_loss_sum``."""
    prefixes = ("loss_", "l2_")
    return {f"{prefix}_{name}": state[name] for name in state if name.startswith(prefixes)}


def norm(ops: Operations, rows: Array) -> Array:
    """The Euclidean norm of rows [lane, n], shape [lane]."""
    return ops.sqrt(ops.sum(rows * rows, 1))


def first_failure(ops: Operations, failed_at: Array, iteration: Array, rows: list[Array]) -> Array:
    """Notes the iteration after which something was not finite for the first time.

    Args:
        ops: The array operations.
        failed_at: The iteration noted so far, -1 for none, shape [lane].
        iteration: The count of the iteration just made.
        rows: What has to be finite, each [lane, n]; sums beyond the largest number count as not.
    """
    # A sum is not finite where a term is not, and of all checks the cheapest by far.
    finite = ops.isfinite(sum(ops.sum(row, 1) for row in rows))
    fresh = ops.where(finite, failed_at, ops.zeros_like(failed_at) + iteration)
    return ops.where(failed_at < 0, fresh, failed_at)
