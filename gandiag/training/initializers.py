"""How weights begin: drawn once a seed, in float32, in NumPy, the same for every framework."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from gandiag.spec import Spec


class UniformFanIn(Spec):
    """Uniform on ±1/sqrt(fan-in), for weights and biases: the default of ``torch.nn.Linear``."""

    kind: Literal["uniform-fan-in"]

    def fill(
        self, rng: np.random.Generator, out: NDArray[np.float32], fans: tuple[int, int]
    ) -> None:
        """Draws into ``out``; ``fans`` are the layer's numbers of inputs and outputs."""
        _uniform(rng, out, 1 / math.sqrt(fans[0]))


class GlorotUniform(Spec):
    """Uniform on ±sqrt(6 / (fan-in + fan-out)) (Glorot & Bengio 2010)."""

    kind: Literal["glorot-uniform"]

    def fill(
        self, rng: np.random.Generator, out: NDArray[np.float32], fans: tuple[int, int]
    ) -> None:
        """Draws into ``out``; ``fans`` are the layer's numbers of inputs and outputs."""
        _uniform(rng, out, math.sqrt(6 / sum(fans)))


class NormalInit(Spec):
    """Normal with mean 0.

    Attributes:
        std: The standard deviation.
    """

    kind: Literal["normal"]
    std: Annotated[float, Field(gt=0)]

    def fill(
        self, rng: np.random.Generator, out: NDArray[np.float32], fans: tuple[int, int]
    ) -> None:
        """Draws into ``out``."""
        rng.standard_normal(dtype=np.float32, out=out)
        out *= np.float32(self.std)


class Constant(Spec):
    """The same value everywhere.

    Attributes:
        value: The value.
    """

    kind: Literal["constant"]
    value: float

    def fill(
        self, rng: np.random.Generator, out: NDArray[np.float32], fans: tuple[int, int]
    ) -> None:
        """Writes the value into ``out``; nothing is random."""
        out[...] = self.value


def _uniform(rng: np.random.Generator, out: NDArray[np.float32], bound: float) -> None:
    rng.random(dtype=np.float32, out=out)
    out *= np.float32(2 * bound)
    out -= np.float32(bound)


Initializer = Annotated[
    UniformFanIn | GlorotUniform | NormalInit | Constant, Field(discriminator="kind")
]
