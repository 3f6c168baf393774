"""Did a run succeed? Its experiment's bounds, on the mean of the last tenth of the log points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.columns import SAMPLED, current


class Bound(Protocol):
    """A bound on one column."""

    @property
    def column(self) -> str:
        """The column."""

    @property
    def low(self) -> float | None:
        """The least value that is a success, if any."""

    @property
    def high(self) -> float | None:
        """The greatest."""


def settled(series: ArrayLike, sampled: ArrayLike | None = None) -> float:
    """The mean of the last tenth of a series [log point], of one point at least.

    Args:
        series: The series [log point].
        sampled: The number of samples that were measured at each log point, NaN where none were:
            there NaN in the series means that nothing was recorded.

    >>> settled([9.0] * 18 + [1.0, 3.0])
    2.0
    >>> settled([9.0, 1.0, float("nan")], [100, 100, float("nan")])
    1.0
    """
    values: NDArray[np.float64] = np.asarray(series, dtype=np.float64)
    if sampled is not None:
        values = values[~np.isnan(values) | ~np.isnan(np.asarray(sampled, dtype=np.float64))]
    with np.errstate(invalid="ignore"):  # the mean of +inf and -inf is NaN, as it should be
        return float(values[-max(1, len(values) // 10) :].mean()) if len(values) else float("nan")


def succeeded(
    bounds: Sequence[Bound], series: Mapping[str, ArrayLike], finished: bool
) -> bool | None:
    """Whether a run that has come to its end kept all bounds.

    Args:
        bounds: The rule of the experiment.
        series: The columns of the game, each [log point]; ``n_samples`` says where samples were
            measured.
        finished: Whether it made all of its iterations; a run that ended before failed.

    Returns:
        The outcome; None where the experiment has no rule.
    """
    if not bounds:
        return None
    return finished and all(
        keeps(bound, settled(series[current(bound.column)], series.get(SAMPLED)))
        for bound in bounds
    )


def keeps(bound: Bound, value: float) -> bool:
    """Whether a value keeps a bound; NaN keeps none."""
    above = bound.low is None or value >= bound.low
    below = bound.high is None or value <= bound.high
    return above and below and not np.isnan(value)
