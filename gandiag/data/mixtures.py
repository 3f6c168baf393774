"""Mixtures of normals with known modes: the ring and the grid of the mode-collapse papers.

In units of the standard deviation the geometry is the same in all of them: VEEGAN (Srivastava et
al. 2017), PacGAN (Lin et al. 2018), Unrolled GAN (Metz et al. 2017), WGAN-GP.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from gandiag.data.dataset import Dataset
from gandiag.data.order import Key
from gandiag.data.rows import Rows

SAME = 1e-6
"""Modes nearer than this, in standard deviations, are one: the difference is rounding."""

Positive = Annotated[float, Field(gt=0)]


class Mixture(Dataset):
    """Isotropic normal distributions in the plane with equal weights; abstract."""

    std: Positive
    """The standard deviation of each along each axis."""
    points: Annotated[int, Field(ge=1, le=10**8)] | None = None
    """How many training points there are, drawn once a seed and reshuffled for every pass through
    them; None for a fresh draw in every batch. Evaluation samples are always drawn from
    the distribution.
    """
    shape: ClassVar = (2,)
    classes: ClassVar = 0

    @model_validator(mode="after")
    def _has_distinct_modes(self) -> Mixture:
        if self.separation < SAME:
            raise ValueError(
                f"{len(self.centres)} modes {self.separation:.2g} standard deviations apart are "
                "fewer modes than they seem; take fewer, or put them farther apart"
            )
        return self

    @property
    @abstractmethod
    def centres(self) -> NDArray[np.float64]:
        """The means of the modes, [K, 2]."""

    @property
    def separation(self) -> float:
        """The distance between neighbouring modes, in standard deviations.

        Below 6 the modes overlap where a sample still counts as being of one: their number and
        their shares then say less.
        """
        first, rest = self.centres[0], self.centres[1:]
        return float(np.linalg.norm(rest - first, axis=1).min() / self.std)

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., 2, batch]."""
        centres = self.centres.T.astype(np.float32)
        for where in np.ndindex(out.shape[:-2]):
            batch = out[where]
            modes = rng.integers(centres.shape[1], size=batch.shape[1])
            np.multiply(
                rng.standard_normal(batch.shape, np.float32), np.float32(self.std), out=batch
            )
            batch += centres[:, modes]

    def deal(
        self, key: Key, first: int, rng: np.random.Generator, out: NDArray[np.float32]
    ) -> None:
        """Goes through the fixed training points, in epochs, or draws where there are none."""
        if self.points is None:
            self.fill(rng, out)
            return
        fixed = np.empty((2, self.points), np.float32)
        self.fill(key("points", 0), fixed)
        points = Rows(np.ascontiguousarray(fixed.T))
        points.deal("epochs", key, first, rng, out)


class Ring(Mixture):
    """Modes evenly on a circle about the origin, the first at angle 0.

    The angles are 2πk / K for k = 0 … K - 1. The published demonstration of Unrolled GAN and the
    code of GDPP take K points from 0 to 2π with both ends, so that they have K - 1 modes, one of
    double weight: a table of theirs with "8 modes" is not one of this ring.
    """

    kind: Literal["ring"]
    modes: Annotated[int, Field(ge=2, le=10_000)] = 8
    """The number of modes."""
    radius: Positive = 1.0
    """The radius of the circle."""
    std: Positive = 0.01
    """The standard deviation of each along each axis."""

    @property
    def centres(self) -> NDArray[np.float64]:
        """The means of the modes, [K, 2]."""
        angles = 2 * np.pi * np.arange(self.modes) / self.modes
        return self.radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


class Grid(Mixture):
    """Modes at the crossings of a square grid about the origin."""

    kind: Literal["grid"]
    side: Annotated[int, Field(ge=2, le=100)] = 5
    """The number of modes along each side."""
    spacing: Positive = 2.0
    """The distance between neighbours."""
    std: Positive = 0.05
    """The standard deviation of each along each axis."""

    @property
    def centres(self) -> NDArray[np.float64]:
        """The means of the modes, [side · side, 2]."""
        line = self.spacing * (np.arange(self.side) - (self.side - 1) / 2)
        return np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1).reshape(-1, 2)
