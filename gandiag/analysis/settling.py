"""Did the samples get where they were to go: are they good, on their way, or settled elsewhere?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gandiag.analysis.quality import Quality, quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import Trend, onset, smoothed, stretches, trend, trend_direction
from gandiag.analysis.thresholds import CLEAN, MOTION, RECENT

State = Literal["good", "improving", "worsening", "settled"]


@dataclass(frozen=True, eq=False)
class Settling:
    """Where the samples stand at the end of a record.

    Attributes:
        state: ``good``; or, away from the data, ``improving``, ``worsening`` or ``settled``.
        since: The iteration since which they are away, or good.
        distance: The mean distance above the floor over the last tenth of the length.
        quality: What the distance is made of.
        line: The trend of the last quarter.
        clean: The share of samples of high quality over that of the data, over the last tenth;
            NaN where modes are not known.
        borderline: Whether the distance is above what is good by less than its noise, and by a
            quarter at most.
        was_good: Whether they had been good for a tenth of the length before.
    """

    state: State
    since: int
    distance: float
    quality: Quality
    line: Trend
    clean: float
    borderline: bool
    was_good: bool


def settling(record: Record) -> Settling | None:
    """Where the samples stand; None where nothing tells how good they are by now.

    Away from the data a run improves or worsens whose trend over the last quarter of the length is
    three standard errors and a tenth of its level, or which goes one way block by block
    (`series.trend_direction`); else it has settled.

    How to read it: ``settled`` says that more of the same will hardly help. It misleads where
    learning comes in jumps: a plateau reads as settled until it is left.
    """
    record = _measured(record)
    found = quality(record)
    if found is None or len(record) < 3:
        return None
    recent, line = record.tail(RECENT, 5), trend(found.excess[record.tail(MOTION, 8)])
    distance, purity = _mean(found.excess[recent]), _purity(record)
    clean = _mean(purity[recent])
    if not np.isfinite(distance):
        return None
    excess = smoothed(found.excess, 5)
    far = (excess > found.good) | np.isnan(excess) | (smoothed(purity, 5) < CLEAN)
    is_good = distance <= found.good and not clean < CLEAN
    state: State = "good" if is_good else _moving(line, found.excess[record.tail(MOTION, 8)])
    if not is_good and not far[-1]:  # bad on average, and back at the end
        state = "improving"
    begun = onset(~far if is_good else far, gap=3)
    since = recent.start if begun is None else begun
    before = stretches(~far[:since], gap=3)
    return Settling(
        state=state,
        since=int(record.iteration[since]),
        distance=distance,
        quality=found,
        line=line,
        clean=clean,
        borderline=_is_borderline(distance, found.good, line) and not clean < CLEAN,
        was_good=any(last - first + 1 >= RECENT * len(far) for first, last in before),
    )


def _is_borderline(distance: float, good: float, line: Trend) -> bool:
    """Whether noise may have carried the distance over the line.

    The error of the mean over the last tenth follows from that of the change over the last
    quarter: of a straight line they are as 1 to √12, and the windows as 1 to 2.5.
    """
    error = line.se * float(np.sqrt(2.5 / 12))
    return good < distance <= min(1.25 * good, good + 2 * error)


def _measured(record: Record) -> Record:
    """The log points at which the distance was measured; none where that is long ago."""
    found = quality(record)
    at = np.flatnonzero(np.isfinite(found.values)) if found is not None else np.empty(0, int)
    if found is None or not len(at):
        return record.at(np.empty(0, int))
    ago = record.iteration[-1] - record.iteration[at[-1]]
    stale = ago > MOTION * (record.planned or record.iteration[-1])
    return record.at(at[:0] if stale else at) if len(at) < len(record) else record


def _moving(line: Trend, excess: Series) -> State:
    clear = abs(line.change) >= 0.1 * line.level and abs(line.t) >= 3
    way = int(np.sign(line.change)) if clear else trend_direction(excess)
    states: tuple[State, State, State] = ("settled", "worsening", "improving")
    return states[way]


def _purity(record: Record) -> Series:
    """The share of samples of high quality over that of the data [log point]; NaN where unknown."""
    good, real = record.series("high_quality"), record.series("high_quality_floor")
    best = 0.0 if real is None else float(np.nanmax(real))
    return good / best if good is not None and best > 0 else np.full(len(record), np.nan)


def _mean(values: Series) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
