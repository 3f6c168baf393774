"""Initial weights: drawn once a seed, in float32, in NumPy, the same for every framework."""

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
    """Normal with mean 0."""

    kind: Literal["normal"]
    std: Annotated[float, Field(gt=0)]
    """The standard deviation."""

    def fill(
        self, rng: np.random.Generator, out: NDArray[np.float32], fans: tuple[int, int]
    ) -> None:
        """Draws into ``out``."""
        rng.standard_normal(dtype=np.float32, out=out)
        out *= np.float32(self.std)


class NormalFanIn(Spec):
    """Normal with mean 0 and standard deviation sqrt(gain / fan-in) (He et al. 2015: gain 2)."""

    kind: Literal["normal-fan-in"]
    gain: Annotated[float, Field(gt=0)] = 2.0
    """The gain."""

    def fill(
        self, rng: np.random.Generator, out: NDArray[np.float32], fans: tuple[int, int]
    ) -> None:
        """Draws into ``out``; ``fans`` are the layer's numbers of inputs and outputs."""
        rng.standard_normal(dtype=np.float32, out=out)
        out *= np.float32(math.sqrt(self.gain / fans[0]))


class TruncatedNormal(Spec):
    """Normal with mean 0, cut at two standard deviations: TensorFlow's ``truncated_normal``."""

    kind: Literal["truncated-normal"]
    std: Annotated[float, Field(gt=0)]
    """The standard deviation before the cut; .8796 of it is left."""

    def fill(
        self, rng: np.random.Generator, out: NDArray[np.float32], fans: tuple[int, int]
    ) -> None:
        """Draws into ``out`` by the inverse of the distribution function."""
        from scipy.special import ndtr, ndtri

        low, high = ndtr([-2.0, 2.0])
        out[...] = self.std * ndtri(low + (high - low) * rng.random(out.shape))


class Orthogonal(Spec):
    """A random orthogonal matrix (Saxe et al. 2014), of unit rows or columns times a gain."""

    kind: Literal["orthogonal"]
    gain: Annotated[float, Field(gt=0)] = 1.0
    """The gain."""

    def fill(
        self, rng: np.random.Generator, out: NDArray[np.float32], fans: tuple[int, int]
    ) -> None:
        """Draws into ``out``, as a matrix of its first axis by all others."""
        rows = out.reshape(len(out), -1)
        q, r = np.linalg.qr(rng.standard_normal((max(rows.shape), min(rows.shape))))
        q *= np.sign(np.diag(r))  # without it the distribution would not be uniform
        out[...] = self.gain * (q if rows.shape == q.shape else q.T).reshape(out.shape)


class Constant(Spec):
    """The same value everywhere."""

    kind: Literal["constant"]
    value: float
    """The value."""

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
    UniformFanIn
    | GlorotUniform
    | NormalInit
    | NormalFanIn
    | TruncatedNormal
    | Orthogonal
    | Constant,
    Field(discriminator="kind"),
]
