"""Whether generated values are rounded, or exactly 0, where real ones are not.

The reverse is normal: images of 8 bits, black borders and binary columns are on a grid, and no
generator's output is. D sees that, and still most such trainings work.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.thresholds import GRID_LOOKS, ZERO_LOOKS, ZERO_SHARE
from gandiag.monitoring.hints.look import Look, Values

GRIDS = {
    "whole numbers": (0.0, 1.0),
    "multiples of 1/255": (0.0, 255.0),
    "of 8 bits, scaled to [-1, 1]": (1.0, 127.5),
}
"""The grids of rounded values: what is added to a value, and what it is then multiplied by."""
OFF = 1e-3
"""How far a value on a grid may be from it, in its cells: the rounding of float32."""
FEWEST = 20
"""Samples below which values may be on a grid by chance."""
LEVELS = 5
"""Different values below which a column may be an output that saturates, or classes."""
SHOWN = 5


def rounded_values(real: Values, looks: Sequence[Look]) -> str | None:
    """A sentence if columns of the generated samples are on a grid, and real ones are not.

    Args:
        real: Real samples [m, d].
        looks: The first log points with samples.
    """
    last = looks[-GRID_LOOKS:]
    if len(last) < GRID_LOOKS or min(len(look.fake) for look in last) < FEWEST:
        return None
    for name, (add, times) in GRIDS.items():
        off = _on_grid(real, add, times).mean(axis=0) < 0.5
        found = np.flatnonzero(
            off & np.all([_column_on_grid(look.fake, add, times) for look in last], axis=0)
        )
        if len(found) and _levels(last[-1].fake[:, found[0]]) >= LEVELS:
            return (
                f"{_columns(found, real.shape[1])} of fake: every value is one of {name}, while "
                "those of real are not, so D can tell them apart by that alone. Does something "
                "round or convert the samples of G?"
            )
    return None


def exact_zeros(real: Values, looks: Sequence[Look]) -> str | None:
    """A sentence if a generated column is exactly 0 throughout, and the real one is not.

    A part of a column is no evidence: a ReLU at the end gives some zeros and may unlearn them.

    Args:
        real: Real samples [m, d].
        looks: The first log points with samples.
    """
    if len(looks) < ZERO_LOOKS:
        return None
    empty = np.all([np.all(look.fake == 0, axis=0) for look in looks], axis=0)
    found = np.flatnonzero(empty & (np.mean(real == 0, axis=0) <= ZERO_SHARE))
    if not len(found):
        return None
    return (
        f"{_columns(found, real.shape[1])} of fake: all values are exactly 0 at every log point, "
        "while those of real are not. Is a part of the array not filled, or is a ReLU at the end "
        "of G dead?"
    )


def _on_grid(values: Values, add: float, times: float) -> NDArray[np.bool_]:
    cells = (values.astype(np.float64) + add) * times
    on: NDArray[np.bool_] = np.abs(cells - np.rint(cells)) < OFF
    return on


def _column_on_grid(fake: Values, add: float, times: float) -> NDArray[np.bool_]:
    """The columns with all values on a grid, over several of its cells."""
    wide = np.ptp(fake, axis=0) * times >= LEVELS - 1
    on: NDArray[np.bool_] = _on_grid(fake, add, times).all(axis=0) & wide
    return on


def _levels(column: Values) -> int:
    return len(np.unique(column))


def _columns(found: NDArray[np.intp], d: int) -> str:
    """Which columns, e.g. ``column 3 (of 0 to 9)``."""
    if len(found) == d:
        return "all columns" if d > 1 else "the only column"
    names = ", ".join(map(str, found[:SHOWN])) + (", …" if len(found) > SHOWN else "")
    return f"column{'s' if len(found) > 1 else ''} {names} (of 0 to {d - 1})"
