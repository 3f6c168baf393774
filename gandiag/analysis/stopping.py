"""Where was a training run best so far, and when had it stopped getting better?

Both answers are functions of the prefix of a series alone: what comes later changes neither when
the training had to stop nor which log point was the best until then.
"""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Criterion(Protocol):
    """What is good, and how long to wait for better."""

    @property
    def goal(self) -> Literal["low", "high"]:
        """Whether low or high values are good."""

    @property
    def threshold(self) -> float:
        """The least improvement that counts."""

    @property
    def patience(self) -> int | None:
        """After how many log points without one to stop; None for never."""

    @property
    def after(self) -> int:
        """The number of log points before which nothing stops."""


def best(values: ArrayLike, rule: Criterion) -> int | None:
    """The log point with the best value, the first of equals; None where no value is finite.

    The threshold plays no part: the best is the best by however little. The best of n noisy
    values is better than the training was there, the more so the greater n.

    Args:
        values: The series [log point], NaN where nothing was recorded.
        rule: What is good.
    """
    costs = _costs(values, rule)
    return None if np.isnan(costs).all() else int(np.nanargmin(costs))


def stopped(values: ArrayLike, rule: Criterion) -> int | None:
    """The log point at which a training run had to stop; None where it goes on.

    It stops at the first one, not before ``after``, that is ``patience`` log points behind the
    last improvement (or behind the first log point, where there was none). An improvement is a
    finite value that betters the one of the improvement before it by the threshold, so slow
    progress counts as soon as it adds up.

    Args:
        values: The series [log point], NaN where nothing was recorded.
        rule: What is good, and how long to wait for better.

    >>> from types import SimpleNamespace
    >>> rule = SimpleNamespace(goal="low", threshold=0.5, patience=2, after=0)
    >>> stopped([9.0, 5.0, 4.8, 4.6, 1.0], rule)
    3
    """
    if rule.patience is None:
        return None
    last, lowest = 0, np.inf
    for point, cost in enumerate(_costs(values, rule).tolist()):
        if cost < lowest and lowest - cost >= rule.threshold:
            last, lowest = point, cost
        elif point >= rule.after and point - last >= rule.patience:
            return point
    return None


def _costs(values: ArrayLike, rule: Criterion) -> NDArray[np.float64]:
    """The values so that low ones are good, and NaN where they are not finite."""
    costs = np.array(values, dtype=np.float64)
    costs[~np.isfinite(costs)] = np.nan
    return costs if rule.goal == "low" else -costs
