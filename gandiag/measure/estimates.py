"""Splits estimates of many lanes into those of each, and turns estimates into columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gandiag.metrics import Estimate

Estimates = Mapping[str, Estimate | None]
"""The estimates of one lane, scalars or vectors [K]; None for what was not computed."""

Row = dict[str, Any]
"""A row of a series: plain numbers by column, None where there is none."""

PARTS = {"": "value", "_se": "se", "_floor": "floor"}
"""The parts of an estimate, by the suffix of their column."""


def split(estimates: Mapping[str, Estimate], lanes: int) -> list[dict[str, Estimate]]:
    """Splits estimates [lane, ...] into those of every lane [...].

    >>> split({"mean": Estimate(np.array([1.0, 2.0]))}, 2)[1]["mean"].value
    2.0
    """
    return [{name: part(estimate, k) for name, estimate in estimates.items()} for k in range(lanes)]


def part(estimate: Estimate, *index: Any) -> Estimate:
    """The entry of an estimate at an index of its arrays."""

    def of(numbers: Any) -> Any:
        return None if numbers is None else np.asarray(numbers)[index]

    return Estimate(of(estimate.value), of(estimate.se), of(estimate.floor), estimate.n)


def columns(estimates: Estimates, errors: bool) -> Row:
    """Every number under its name, followed by its index in a vector.

    Args:
        estimates: The estimates of one lane.
        errors: Whether standard errors and floors become columns too, where there are some.

    >>> columns({"share": Estimate(np.array([0.1, 0.9])), "kid": None}, errors=False)
    {'share_0': 0.1, 'share_1': 0.9, 'kid': None}
    """
    row: Row = {}
    for name, estimate in estimates.items():
        for suffix, which in PARTS.items() if errors else [("", "value")]:
            if estimate is None:
                row[name + suffix] = None
                continue
            numbers = getattr(estimate, which)
            for index in np.ndindex(np.shape(numbers)) if numbers is not None else ():
                label = "_".join([name, *map(str, index)])
                row[label + suffix] = float(np.asarray(numbers)[index])
    return row
