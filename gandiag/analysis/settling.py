"""Did the samples converge to the data: are they good, improving, or settled elsewhere?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gandiag.analysis.quality import Quality, quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import Trend, onset, smoothed, stretches, trend, trend_direction
from gandiag.analysis.thresholds import (
    BORDERLINE,
    BORDERLINE_SE,
    CLEAN,
    CLEAR_CHANGE,
    CLEAR_T,
    FAR_GAP,
    MOTION,
    RECENT,
    RECENT_POINTS,
    SMOOTH,
    TREND_POINTS,
)

State = Literal["good", "improving", "worsening", "settled"]


@dataclass(frozen=True, eq=False)
class Settling:
    """How far the samples are from the data at the end of a record.

    Attributes:
        state: ``good``; or, away from the data, ``improving``, ``worsening`` or ``settled``.
        since: The iteration since which they are away, or good.
        distance: The mean distance above the floor over the last tenth of the length.
        quality: The distance at every log point.
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
    """How far the samples are from the data; None where no column shows how good they are by now.

    Away from the data a run improves or worsens whose trend over the last quarter of the length is
    three standard errors and a tenth of its level, or which goes one way block by block
    (`series.trend_direction`); else it has settled.

    How to read it: ``settled`` says that more iterations will hardly help. It misleads where
    learning comes in jumps: a plateau reads as settled until it is left.
    """
    record = _measured(record)
    measured = quality(record)
    if measured is None or len(record) < 3:
        return None
    recent, window = record.tail(RECENT, RECENT_POINTS), record.tail(MOTION, TREND_POINTS)
    line = trend(measured.excess[window])
    distance, purity = _mean(measured.excess[recent]), _purity(record)
    clean = _mean(purity[recent])
    if not np.isfinite(distance):
        return None
    excess = smoothed(measured.excess, SMOOTH)
    far = (excess > measured.good) | np.isnan(excess) | (smoothed(purity, SMOOTH) < CLEAN)
    is_good = distance <= measured.good and not clean < CLEAN
    state: State = "good" if is_good else _moving(line, measured.excess[window])
    if not is_good and not far[-1]:  # bad on average, and back at the end
        state = "improving"
    begins = onset(~far if is_good else far, gap=FAR_GAP)
    since = recent.start if begins is None else begins
    before = stretches(~far[:since], gap=FAR_GAP)
    return Settling(
        state=state,
        since=int(record.iteration[since]),
        distance=distance,
        quality=measured,
        line=line,
        clean=clean,
        borderline=_is_borderline(distance, measured.good, line) and not clean < CLEAN,
        was_good=any(last - first + 1 >= RECENT * len(far) for first, last in before),
    )


def _is_borderline(distance: float, good: float, line: Trend) -> bool:
    """Whether noise may have carried the distance over the threshold.

    The error of the mean over the last tenth follows from that of the change over the last
    quarter: of a straight line they are as 1 to √12, and the windows as 1 to 2.5.
    """
    error = line.se * float(np.sqrt(2.5 / 12))
    return good < distance <= min(BORDERLINE * good, good + BORDERLINE_SE * error)


def _measured(record: Record) -> Record:
    """The log points at which the distance was measured; none where that is long ago."""
    measured = quality(record)
    if measured is None:
        return record.at(np.empty(0, int))
    at = np.flatnonzero(np.isfinite(measured.values))
    if not len(at):
        return record.at(np.empty(0, int))
    ago = record.iteration[-1] - record.iteration[at[-1]]
    stale = ago > MOTION * (record.planned or record.iteration[-1])
    return record.at(at[:0] if stale else at) if len(at) < len(record) else record


def _moving(line: Trend, excess: Series) -> State:
    clear = abs(line.change) >= CLEAR_CHANGE * line.level and abs(line.t) >= CLEAR_T
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
