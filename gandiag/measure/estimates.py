"""The estimates of one lane as columns, and of many lanes as those of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gandiag.metrics import Estimate

Estimates = Mapping[str, Estimate | None]
"""What was measured of one lane: numbers, or vectors [K]; None for what was left out."""

Row = dict[str, Any]
"""A row of a series: plain numbers by column, None where there is none."""

PARTS = {"": "value", "_se": "se", "_floor": "floor"}
"""The parts of an estimate, by what stands behind the name of their column."""


def split(estimates: Mapping[str, Estimate], lanes: int) -> list[dict[str, Estimate]]:
    """Estimates [lane, ...] as those of every lane [...].

    >>> split({"mean": Estimate(np.array([1.0, 2.0]))}, 2)[1]["mean"].value
    2.0
    """
    return [{name: part(found, k) for name, found in estimates.items()} for k in range(lanes)]


def part(estimate: Estimate, *where: Any) -> Estimate:
    """What stands at some place of the arrays of an estimate."""

    def of(numbers: Any) -> Any:
        return None if numbers is None else np.asarray(numbers)[where]

    return Estimate(of(estimate.value), of(estimate.se), of(estimate.floor), estimate.n)


def columns(estimates: Estimates, errors: bool) -> Row:
    """Every number under its name; those of a vector with their places behind it.

    Args:
        estimates: Of one lane.
        errors: Whether the standard errors and the floors are columns too, where there are some.

    >>> columns({"share": Estimate(np.array([0.1, 0.9])), "kid": None}, errors=False)
    {'share_0': 0.1, 'share_1': 0.9, 'kid': None}
    """
    found: Row = {}
    for name, estimate in estimates.items():
        for suffix, which in PARTS.items() if errors else [("", "value")]:
            if estimate is None:
                found[name + suffix] = None
                continue
            numbers = getattr(estimate, which)
            for place in np.ndindex(np.shape(numbers)) if numbers is not None else ():
                label = "_".join([name, *map(str, place)])
                found[label + suffix] = float(np.asarray(numbers)[place])
    return found
