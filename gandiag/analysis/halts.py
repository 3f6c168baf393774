"""Since when does a series no longer change: did it stop at a stroke, gradually, or by a jump?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.record import Series
from gandiag.analysis.thresholds import (
    ABRUPT,
    ABRUPT_POINTS,
    GRADUAL,
    JUMP,
    JUMP_WINDOW,
    LAST_STEPS,
    NO_GRADIENT,
    STILL,
)


def constant_since(values: Series) -> int | None:
    """Since which log point a series is constant, the last where it changes; gaps are no change."""
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < 2 or not np.isfinite(values[-3:]).any():
        return None
    last = values[known[-1]]
    same = np.abs(values[known] - last) <= STILL * max(abs(last), 1e-12)
    return _since_last_break(same, known)


def negligible_since(values: Series) -> int | None:
    """Since which log point a gradient is negligible against what it was early on."""
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < 2:
        return None
    early = np.median(values[known[: max(3, len(known) // 5)]])
    return _since_last_break(values[known] <= NO_GRADIENT * early, known)


def came_to_rest(values: Series, since: int) -> bool:
    """Whether a series slowed down before it stopped: its last steps are small for it.

    So it is with an annealed learning rate, and in a game that converges.
    """
    before = values[: since + 1]
    steps = np.abs(np.diff(before[np.isfinite(before)]))
    if len(steps) <= LAST_STEPS:
        return False
    return bool(steps[-LAST_STEPS:].max() < GRADUAL * np.median(steps))


def jumped(values: Series, since: int) -> bool:
    """Whether a series came to where it stays by a step far above those before it."""
    before = values[: since + 1]
    steps = np.abs(np.diff(before[np.isfinite(before)]))
    if len(steps) <= LAST_STEPS:
        return False
    return bool(steps[-1] > JUMP * steps[-1 - JUMP_WINDOW : -1].max())


def vanished_abruptly(values: Series) -> bool:
    """Whether a gradient fell from its usual size to nothing within three log points."""
    since = negligible_since(values)
    if since is None or since < ABRUPT_POINTS:
        return False
    before = values[:since]
    known = before[np.isfinite(before)]
    return len(known) > 0 and bool(
        np.nan_to_num(before[-ABRUPT_POINTS:]).max() > ABRUPT * np.median(known)
    )


def _since_last_break(mask: NDArray[np.bool_], known: NDArray[np.int64]) -> int | None:
    if not mask[-1]:
        return None
    broken = np.flatnonzero(~mask)
    return int(known[broken[-1] + 1]) if len(broken) else int(known[0])
