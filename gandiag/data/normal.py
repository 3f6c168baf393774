"""The normal distribution, in one dimension or several."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from gandiag.data.dataset import Dataset


class Normal(Dataset):
    """A one-dimensional normal distribution with known cdf and quantiles."""

    kind: Literal["normal"]
    mean: float
    """Its mean."""
    std: Annotated[float, Field(gt=0)]
    """Its standard deviation, positive."""
    order: Literal["drawn", "sorted"] = "drawn"
    """``"drawn"``, or ``"sorted"`` where every batch is sorted before it is used."""
    shape: ClassVar = (1,)
    classes: ClassVar = 0

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., 1, batch]."""
        rng.standard_normal(dtype=np.float32, out=out)
        out *= np.float32(self.std)
        out += np.float32(self.mean)
        if self.order == "sorted":
            out.sort(axis=-1)

    def density(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability density at ``x``, of the shape of ``x``."""
        z = (np.asarray(x, dtype=np.float64) - self.mean) / self.std
        return np.asarray(np.exp(-0.5 * z * z) / (self.std * math.sqrt(2 * math.pi)))

    def cdf(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The cumulative distribution function at ``x``, of the shape of ``x``."""
        from scipy.special import ndtr

        return np.asarray(ndtr((np.asarray(x, dtype=np.float64) - self.mean) / self.std))

    def quantile(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """The inverse of the cdf at the probabilities ``p``."""
        from scipy.special import ndtri

        return np.asarray(self.mean + self.std * ndtri(np.asarray(p, dtype=np.float64)))

    def mean_distance(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """E|X - x| for X drawn from this distribution, of the shape of ``x``."""
        z = (np.asarray(x, dtype=np.float64) - self.mean) / self.std
        tail = 2 * self.cdf(x) - 1
        return np.asarray(self.std * (z * tail + math.sqrt(2 / math.pi) * np.exp(-0.5 * z * z)))

    @property
    def self_distance(self) -> float:
        """E|X - X'| for two independent draws: 2 std / sqrt(pi)."""
        return 2 * self.std / math.sqrt(math.pi)


class MultivariateNormal(Dataset):
    """A normal distribution in two or more dimensions."""

    kind: Literal["multivariate-normal"]
    means: Annotated[tuple[float, ...], Field(min_length=2, strict=False)]
    """The mean of each coordinate."""
    covariance: Annotated[
        tuple[Annotated[tuple[float, ...], Field(strict=False)], ...], Field(strict=False)
    ]
    """The covariance matrix, by rows; symmetric and positive definite."""
    classes: ClassVar = 0

    @field_validator("covariance")
    @classmethod
    def _is_a_covariance(cls, rows: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
        if any(len(row) != len(rows) for row in rows):
            raise ValueError(f"must be a square matrix, not rows of {[len(r) for r in rows]}")
        matrix = np.asarray(rows)
        if not np.allclose(matrix, matrix.T) or np.linalg.eigvalsh(matrix).min() <= 0:
            raise ValueError("must be symmetric and positive definite")
        return rows

    @model_validator(mode="after")
    def _has_one_size(self) -> MultivariateNormal:
        if len(self.means) != len(self.covariance):
            raise ValueError(
                f"{len(self.means)} means do not fit a covariance of {len(self.covariance)} rows"
            )
        return self

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a sample."""
        return (len(self.means),)

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., size, batch]."""
        root = np.linalg.cholesky(np.asarray(self.covariance)).astype(np.float32)
        rng.standard_normal(dtype=np.float32, out=out)
        out[...] = root @ out + np.asarray(self.means, dtype=np.float32)[:, None]
