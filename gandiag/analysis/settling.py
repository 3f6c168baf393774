"""Did the samples get where they were to go: are they good, on their way, or settled elsewhere?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gandiag.analysis.quality import Quality, quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import Trend, onset, smoothed, trend
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
        was_good: Whether they had been good for a tenth of the length before.
    """

    state: State
    since: int
    distance: float
    quality: Quality
    line: Trend
    clean: float
    was_good: bool


def settling(record: Record) -> Settling | None:
    """Where the samples stand; None where nothing tells how good they are.

    Away from the data a run improves or worsens whose trend over the last quarter of the length is
    three standard errors and a tenth of its level; else it has settled.

    How to read it: ``settled`` says that more of the same will hardly help. It misleads where
    learning comes in jumps: a plateau reads as settled until it is left.
    """
    found = quality(record)
    if found is None or np.isfinite(found.values).sum() < 3:
        return None
    excess, recent = smoothed(found.excess, 5), record.tail(RECENT, 5)
    distance = _mean(found.excess[recent])
    clean = _clean(record, recent)
    far = (excess > found.good) | np.isnan(excess)
    if np.isfinite(distance) and distance <= found.good and not clean < CLEAN:
        since, state = onset(~far, gap=3), "good"
    else:
        since = onset(far, gap=3)
        state = _moving(trend(found.excess[record.tail(MOTION, 8)]))
    line = trend(found.excess[record.tail(MOTION, 8)])
    before = ~far[: since or 0]
    return Settling(
        state=state,  # type: ignore[arg-type]
        since=int(record.iteration[since or 0]),
        distance=distance,
        quality=found,
        line=line,
        clean=clean,
        was_good=int(before.sum()) >= RECENT * len(far),
    )


def _moving(line: Trend) -> State:
    if abs(line.change) < 0.1 * line.level or abs(line.t) < 3:
        return "settled"
    return "improving" if line.change < 0 else "worsening"


def _clean(record: Record, recent: slice) -> float:
    good, real = record.series("high_quality"), record.series("high_quality_floor")
    if good is None or real is None:
        return float("nan")
    return _mean(good[recent]) / float(np.nanmax(real))


def _mean(values: Series) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
