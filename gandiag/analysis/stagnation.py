"""Does quality stand still above the floor?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, Resolution
from gandiag.analysis.quality import Quality, quality
from gandiag.analysis.record import Record
from gandiag.analysis.series import points, stretches, trend
from gandiag.analysis.thresholds import (
    SETTLING,
    STAGNATION_CHANGE,
    STAGNATION_FLOOR,
    STAGNATION_PART,
    STAGNATION_T,
)


def stagnations(record: Record) -> list[Episode]:
    """Where quality made no progress over ``STAGNATION_PART`` of the planned length, and was bad.

    Windows of that length begin at every quarter of it. One stands still if the interval of the
    change along its line (``STAGNATION_T`` standard errors, the memory of the noise taken into
    account) holds 0 or a change too small to matter, and the change itself is not large
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
        One episode a stretch of still windows; empty where quality was not recorded.
    """
    found = quality(record)
    window = points(record, STAGNATION_PART, least=12)
    if found is None:
        return []
    at = np.flatnonzero(np.isfinite(found.values))
    at = at[at >= points(record, SETTLING, least=2)]
    mask = np.zeros(len(at), bool)
    for first in range(0, len(at) - window + 1, max(1, window // 4)):
        mask[first : first + window] |= _still(found, at[first : first + window])
    return [_episode(record, found, at, a, b, window) for a, b in stretches(mask)]


def _still(found: Quality, at: NDArray[np.int64]) -> bool:
    excess = found.excess[at]
    bar = np.maximum(found.good, (STAGNATION_FLOOR - 1) * np.maximum(found.floor[at], 0.0))
    if float(np.mean(excess > bar)) < 0.9:
        return False
    line = trend(excess)
    least, most = (part * line.level for part in STAGNATION_CHANGE)
    return abs(line.change) <= min(most, least + STAGNATION_T * line.se)


def _episode(
    record: Record,
    found: Quality,
    at: NDArray[np.int64],
    first: int,
    last: int,
    window: int,
) -> Episode:
    excess = found.excess[at[first : last + 1]]
    level = float(np.median(excess))
    start, worst, end = (
        int(record.iteration[at[k]]) for k in (first, first + int(np.argmax(excess)), last)
    )
    going = last + max(1, window // 4) >= len(at)
    end = int(record.iteration[-1]) if going else end
    return Episode(
        kind="stagnation",
        start=start,
        peak=worst,
        end=end,
        recovered=not going,
        severity=level / found.good,
        series=found.column,
        sentence=(
            f"from iteration {start:,} to {end:,} the {found.words} stood still at {level:.2g}, "
            f"{level / found.good:.1f} times what is good"
        ),
        resolution=Resolution(window * record.cadence, np.inf),
        evidence={"excess": level, "good": found.good, "points": last - first + 1},
    )
