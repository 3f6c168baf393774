"""What a statistic reads on healthy runs: where thresholds come from, and only from these."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gandiag.analysis.record import Record
from gandiag.selftest.cases import Case
from gandiag.selftest.noise import Floats

Statistic = Callable[[Record], float | None]


def readings(statistic: Statistic, todo: Sequence[Case]) -> Floats:
    """What a statistic of a record reads on cases of the calibrating set, in ascending order.

    How to read it: a threshold at the .99 quantile of healthy runs' readings is passed by one in a
    hundred of them; what a fault's readings leave below it is missed.

    Args:
        statistic: Of a whole record; None or NaN where it says nothing, which is left out.
        todo: The cases.

    Returns:
        The readings [case], sorted.

    Raises:
        ValueError: A case is of the reporting set, on which nothing may be set.
    """
    for case in todo:
        if case.part != "calibrating":
            raise ValueError(
                f"{case.name} {case.index} is of the {case.part} set: set nothing on it"
            )
    found = [statistic(case.draw()[0]) for case in todo]
    values = np.array([np.nan if value is None else value for value in found], dtype=np.float64)
    return np.sort(values[~np.isnan(values)])
