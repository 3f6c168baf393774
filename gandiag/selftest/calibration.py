"""The distribution of a statistic on simulated runs, from which thresholds are set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gandiag.analysis.record import Record
from gandiag.selftest.cases import Case
from gandiag.selftest.noise import Floats

Statistic = Callable[[Record], float | None]


def sorted_values(statistic: Statistic, selected: Sequence[Case]) -> Floats:
    """The values of a statistic on cases of the calibrating set, in ascending order.

    How to read it: a threshold at the .99 quantile of healthy runs is exceeded by one in a hundred
    of them; the runs with a fault whose value is below it are missed.

    Args:
        statistic: A function of a whole record; its None and NaN are left out.
        selected: The cases.

    Returns:
        The values [case], sorted, in the unit of the statistic.

    Raises:
        ValueError: A case is of the reporting set, which no threshold may depend on.
    """
    for case in selected:
        if case.split != "calibrating":
            raise ValueError(
                f"{case.name} {case.index} is of the {case.split} set; thresholds "
                "may depend on the calibrating set only"
            )
    results = [statistic(case.draw()[0]) for case in selected]
    values = np.array([np.nan if value is None else value for value in results], dtype=np.float64)
    return np.sort(values[~np.isnan(values)])
