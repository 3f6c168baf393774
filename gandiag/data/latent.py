"""Where the generator's input comes from."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from gandiag.spec import Interval, Spec

Size = Annotated[int, Field(ge=1)]


class UniformLatent(Interval):
    """Independent uniform coordinates."""

    kind: Literal["uniform"]
    size: Size
    """The number of coordinates."""
    low: float = 0.0
    """The lower end."""
    high: float = 1.0
    """The upper end."""

    @property
    def independent(self) -> bool:
        """Whether evaluation samples are independent given the weights."""
        return True

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., size, batch]."""
        rng.random(dtype=np.float32, out=out)
        if (self.low, self.high) != (0.0, 1.0):
            out *= np.float32(self.high - self.low)
            out += np.float32(self.low)

    def fill_evaluation(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws the points that observations look at, from the same distribution."""
        self.fill(rng, out)


class NormalLatent(Spec):
    """Independent standard normal coordinates."""

    kind: Literal["normal"]
    size: Size
    """The number of coordinates."""

    @property
    def independent(self) -> bool:
        """Whether evaluation samples are independent given the weights."""
        return True

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., size, batch]."""
        rng.standard_normal(dtype=np.float32, out=out)

    def fill_evaluation(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws the points that observations look at, from the same distribution."""
        self.fill(rng, out)


class LineLatent(Spec):
    """Ordered points on a line with a little jitter, one coordinate (AYLIEN, Edward).

    The batch is stratified, so the usual standard errors do not hold for it: they assume
    independent samples, and none is reported.
    """

    kind: Literal["line"]
    low: float
    """The first point."""
    high: float
    """The last point."""
    jitter: Annotated[float, Field(ge=0)] = 0.01
    """How much noise is added: times U(0, 1) or N(0, 1)."""
    noise: Literal["uniform", "normal"] = "uniform"
    """The distribution of the jitter."""

    @property
    def size(self) -> int:
        """The number of coordinates."""
        return 1

    @property
    def independent(self) -> bool:
        """Whether evaluation samples are independent given the weights."""
        return False

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., 1, batch]."""
        draw = rng.random if self.noise == "uniform" else rng.standard_normal
        draw(dtype=np.float32, out=out)
        out *= np.float32(self.jitter)
        out += np.linspace(self.low, self.high, out.shape[-1], dtype=np.float32)

    def fill_evaluation(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Writes the line without jitter, as the originals evaluate."""
        out[...] = np.linspace(self.low, self.high, out.shape[-1], dtype=np.float32)


Latent = Annotated[UniformLatent | NormalLatent | LineLatent, Field(discriminator="kind")]
