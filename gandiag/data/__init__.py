"""The data sets, one a file, and what a generator's target promises."""

from __future__ import annotations

from typing import Annotated, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from gandiag.data.normal import MultivariateNormal, Normal
from gandiag.data.point import Point

Data = Annotated[Normal | MultivariateNormal | Point, Field(discriminator="kind")]


@runtime_checkable
class Exact(Protocol):
    """A distribution on the line that is known exactly, so that nothing is measured twice."""

    def cdf(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The cumulative distribution function at ``x``."""

    def quantile(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """The inverse of the cdf."""

    def mean_distance(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """E|X - x|."""

    @property
    def self_distance(self) -> float:
        """E|X - X'|."""


__all__ = ["Data", "Exact", "MultivariateNormal", "Normal", "Point"]
