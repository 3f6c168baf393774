"""The empirical distribution of samples, sorted once for all metrics that need the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.arrays import to_numpy
from gandiag.metrics.samples import Floats


@dataclass(frozen=True, eq=False)
class Empirical:
    """The empirical distribution of samples [..., n]; of real samples [n], a target.

    The one-dimensional metrics accept one in place of an array and then do not sort again; it also
    passes them many lanes (seeds) at once, because a plain array counts as a single sample. A lane
    with a sample that is not finite becomes NaN.

    Args:
        samples: The samples [..., n], in any order and of any real dtype; n >= 1.

    Attributes:
        values: The samples [..., n], ascending, float64, read-only.

    Raises:
        ValueError: There is no last axis, or it is empty.

    >>> Empirical([3.0, 1.0, 2.0]).values
    array([1., 2., 3.])
    """

    samples: InitVar[ArrayLike]
    values: Floats = field(init=False)

    def __post_init__(self, samples: ArrayLike) -> None:
        """Sorts in the original dtype: float32 is twice as fast, with the same order."""
        values = np.sort(as_samples(samples), axis=-1).astype(np.float64)
        # Sorting puts -inf first, inf and NaN last, so it is enough to check the two ends.
        finite = np.isfinite(values[..., 0]) & np.isfinite(values[..., -1])
        if not np.all(finite):
            values[~finite] = np.nan
        values.flags.writeable = False
        object.__setattr__(self, "values", values)

    @property
    def n(self) -> int:
        """The number of samples per lane."""
        return int(self.values.shape[-1])

    def cdf(self, x: Floats) -> Floats:
        """The share of the samples [n] that are at most ``x``."""
        return np.asarray(self._count(x) / self.n)

    def quantile(self, p: Floats) -> Floats:
        """The smallest sample whose cdf is at least ``p``."""
        rank = np.ceil(np.asarray(p) * self.n).astype(np.intp) - 1
        return np.asarray(self.values[np.clip(rank, 0, self.n - 1)])

    def mean_distance(self, x: Floats) -> Floats:
        """The mean distance between ``x`` and the samples [n]."""
        below = self._count(x)
        sums = np.concatenate([[0.0], self.values.cumsum()])
        return np.asarray(((2 * below - self.n) * x + sums[-1] - 2 * sums[below]) / self.n)

    @cached_property
    def self_distance(self) -> float:
        """The mean distance between two draws with replacement, for samples [n]."""
        return float(mean_distances(self.values).mean())

    @cached_property
    def spread(self) -> float:
        """The integral of sqrt(F (1 - F)), for samples [n]."""
        share = np.arange(1, self.n) / self.n
        return float(np.sqrt(share * (1 - share)) @ np.diff(self.values))

    def _count(self, x: Floats) -> NDArray[np.intp]:
        return np.asarray(np.searchsorted(self.values, x, side="right"))


def as_samples(samples: ArrayLike) -> NDArray[Any]:
    """The samples [..., n] as an array of floats; float32 and float64 keep their dtype.

    Args:
        samples: Numbers of any framework, with the samples on the last axis.

    Returns:
        The array, copied only if necessary.

    Raises:
        ValueError: There is no last axis, or it is empty.

    >>> as_samples([1, 2]).dtype
    dtype('float64')
    """
    array = to_numpy(samples)
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(
            "samples must be on the last axis [..., n] with n >= 1, "
            f"not have shape {array.shape}; reshape them"
        )
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def mean_distances(values: Floats) -> Floats:
    """The mean distance between every sample and all samples of its lane, including itself.

    Args:
        values: Samples [..., n], ascending.

    Returns:
        [..., n], in the unit of the samples; its mean is the V-statistic of E|X - X'|.

    >>> mean_distances(np.array([0.0, 1.0, 3.0]))
    array([1.33333333, 1.        , 1.66666667])
    """
    n = values.shape[-1]
    # Relative to the first sample, sums stay small and a constant lane is exactly 0.
    values = values - values[..., :1]
    sums = values.cumsum(axis=-1)
    # Of the n distances from the i-th sample, i + 1 are to smaller samples and the rest to larger
    # ones.
    gaps = np.arange(2 - n, n + 1, 2) * values
    gaps -= 2 * sums
    gaps += sums[..., -1:]
    gaps /= n
    return gaps


def variance_of_real(
    influence: Callable[[Floats, Any], Floats], *, fake: Empirical, real: object
) -> Floats | float:
    """The contribution of the real samples to the variance of a distance.

    A distance is symmetric, so their influence is that of fake samples with the roles
    exchanged, lane by lane.

    Args:
        influence: Takes ascending samples [m] and a target, and returns the influences [m].
        fake: The generator's samples [..., n].
        real: The target; an exact one contributes nothing.

    Returns:
        The variance [...], in the squared unit of the distance.

    >>> variance_of_real(lambda x, target: x, fake=Empirical([0.0]), real=Empirical([0.0, 2.0]))
    array(0.5)
    """
    if not isinstance(real, Empirical):
        return 0.0
    lanes = fake.values.reshape(-1, fake.n)
    variances = [influence(real.values, Empirical(lane)).var() / real.n for lane in lanes]
    return np.asarray(variances, dtype=np.float64).reshape(fake.values.shape[:-1])
