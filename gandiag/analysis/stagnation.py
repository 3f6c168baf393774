"""Does quality stagnate above the floor?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.quality import Quality, quality
from gandiag.analysis.record import Record
from gandiag.analysis.series import points, stretches, trend
from gandiag.analysis.thresholds import (
    SETTLING,
    STAGNATION_BAD,
    STAGNATION_CHANGE,
    STAGNATION_FLOOR,
    STAGNATION_PART,
    STAGNATION_POINTS,
    STAGNATION_T,
)


def stagnations(record: Record) -> list[Episode]:
    """Where quality made no progress over ``STAGNATION_PART`` of the planned length, and was bad.

    Windows of that length begin at every quarter of it. One stagnates if the interval of the
    change along its line (``STAGNATION_T`` standard errors, with the autocorrelation of the
    noise) contains 0 or a change too small to matter, and the change itself is not large
    (``STAGNATION_CHANGE``). It is bad if nine values of ten lie above what is good and
    ``STAGNATION_FLOOR`` times the floor. The first ``SETTLING`` is left out.

    Documented strength: a level of twice what is good, noise of up to 10 % of it, over two fifths
    of the planned length.

    How to read it: the severity is the median distance in units of what is good. More training of
    the same kind will not help.

    It misleads where progress is real but slower than a fifth of the level in a window, and where
    quality oscillates widely: a fast oscillation about a bad level is also no progress.

    Args:
        record: A prefix of a run.

    Returns:
        One episode a stretch of stagnating windows; empty where quality was not recorded.
    """
    distance = quality(record)
    window = points(record, STAGNATION_PART, least=STAGNATION_POINTS)
    if distance is None:
        return []
    at = np.flatnonzero(np.isfinite(distance.values))
    at = at[at >= points(record, SETTLING, least=2)]
    mask = np.zeros(len(at), bool)
    for first in range(0, len(at) - window + 1, max(1, window // 4)):
        mask[first : first + window] |= _stagnates(distance, at[first : first + window])
    return [_episode(record, distance, at, a, b, window) for a, b in stretches(mask)]


def _stagnates(distance: Quality, at: NDArray[np.int64]) -> bool:
    """Whether a window is bad and makes no progress."""
    excess = distance.excess[at]
    bar = np.maximum(distance.good, (STAGNATION_FLOOR - 1) * np.maximum(distance.floor[at], 0.0))
    if float(np.mean(excess > bar)) < STAGNATION_BAD:
        return False
    line = trend(excess)
    least, most = (part * line.level for part in STAGNATION_CHANGE)
    return abs(line.change) <= min(most, least + STAGNATION_T * line.se)


def _episode(
    record: Record,
    distance: Quality,
    at: NDArray[np.int64],
    first: int,
    last: int,
    window: int,
) -> Episode:
    excess = distance.excess[at[first : last + 1]]
    level = float(np.median(excess))
    ongoing = last + max(1, window // 4) >= len(at)
    return episode_at(
        record,
        "stagnation",
        (
            at[first],
            at[first + int(np.argmax(excess))],
            len(record) - 1 if ongoing else at[last],
        ),
        recovered=not ongoing,
        severity=level / distance.good,
        series=distance.column,
        description=(
            f"the {distance.words} stayed at {level:.2g}, "
            f"{level / distance.good:.1f} times the threshold for good samples"
        ),
        resolution=(window * record.cadence, np.inf),
        evidence={"excess": level, "good": distance.good, "points": last - first + 1},
    )
