"""Which part of the data is lost along one direction, counted in bins of equal data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.metrics import Estimate

MOST_BINS = 40
"""The most bins of a direction, which contain 2.5 % of the data each."""

REAL_PER_BIN = 20
"""Real samples in a bin, at least."""

FAKE_PER_BIN = 12
"""Generated samples to expect in a bin, at least."""

FEW_LEFT = 0.2
"""The part of the samples to expect up to which a bin counts as lost,"""

RARE = 0.1
"""which happens by chance to so many bins of all directions together, at most."""


@dataclass(frozen=True, eq=False)
class Bins:
    """Bins of equal data along several directions.

    Attributes:
        real: Real values along each direction [direction, m].
    """

    real: NDArray[Any]

    def lost(self, fake: NDArray[Any]) -> Estimate:
        """The largest share, over the directions, of the data in bins that few samples are in.

        A bin of few distinct values, as of a binary column, is as large as these are.

        Args:
            fake: Generated values along each direction [direction, n].
        """
        n, m = fake.shape[1], self.real.shape[1]
        count = min(MOST_BINS, n // FAKE_PER_BIN, m // REAL_PER_BIN)
        if count < 2:
            return Estimate(np.nan, np.nan, 0.0, n)
        shares = (
            self._along(edges, shares, values)
            for (edges, shares), values in zip(self._edges(count), fake, strict=True)
        )
        value = max(shares, default=0.0)
        return Estimate(value, float(np.sqrt(max(value, 1 / count) * (1 - value) / m)), 0.0, n)

    def _along(self, edges: Any, shares: Any, values: NDArray[Any]) -> float:
        n = len(values)
        found = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(shares))
        most = np.array([few_of(n, float(share), len(self.real)) for share in shares])
        return float(shares[found <= most].sum())

    def _edges(self, count: int) -> list[tuple[Any, Any]]:
        """The upper edges of all bins but the last, and the share of the data in each bin."""
        if count not in self._known:
            self._known[count] = [_binned(values, count) for values in self.real]
        return self._known[count]

    @cached_property
    def _known(self) -> dict[int, list[tuple[Any, Any]]]:
        return {}


def _binned(values: NDArray[Any], count: int) -> tuple[Any, Any]:
    inner = np.quantile(values, np.arange(1, count) / count, method="lower")
    edges = np.unique(inner)
    edges = edges[edges < values.max()]
    bins = np.searchsorted(edges, values, side="left")
    return edges, np.bincount(bins, minlength=len(edges) + 1) / len(values)


@lru_cache(maxsize=4096)
def few_of(n: int, share: float, directions: int) -> int:
    """Up to how many of n samples are few in a bin with a share of the data; -1 for none.

    >>> few_of(1000, 0.025, 1), few_of(1000, 0.001, 1)
    (5, -1)
    """
    from scipy.special import bdtr

    if n * share < FAKE_PER_BIN:
        return -1
    most = int(FEW_LEFT * n * share)
    bound = RARE / (MOST_BINS * directions)
    while most >= 0 and bdtr(most, n, share) > bound:
        most -= 1
    return most
