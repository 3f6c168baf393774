"""Did the samples converge to the data: are they good, improving, or settled elsewhere?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.fit import Level, Measure, lost, measures
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import Trend, onset, smoothed, stretches, trend, trend_direction
from gandiag.analysis.thresholds import (
    AFTER_GAP,
    CLEAR_CHANGE,
    CLEAR_T,
    FAR_GAP,
    MISPLACED,
    MOSTLY,
    MOTION,
    RECENT,
    RECENT_POINTS,
    SMOOTH,
    TREND_POINTS,
)

Points = NDArray[np.intp]

State = Literal["good", "unsure", "improving", "worsening", "settled"]


@dataclass(frozen=True, eq=False)
class Settling:
    """How far the samples are from the data at the end of a record.

    Attributes:
        state: ``good``; ``unsure`` where the samples are too few to tell; or, away from the data,
            ``improving``, ``worsening`` or ``settled``.
        since: The iteration since which they are away, or good.
        shown: What shows the state, the measures that are surely too much first, with their level
            over the last tenth of the length.
        line: The trend of the first of them over the last quarter.
        was_good: Whether they had been good for a tenth of the length before.
    """

    state: State
    since: int
    shown: tuple[tuple[Measure, Level], ...]
    line: Trend
    was_good: bool

    @property
    def mostly_misplaced(self) -> bool:
        """Whether most samples surely lie off the data."""
        return any(
            level.low > MOSTLY and measure.limits == MISPLACED for measure, level in self.shown
        )

    @property
    def main(self) -> tuple[Measure, Level]:
        """What decides."""
        return self.shown[0]


def settling(record: Record) -> Settling | None:
    """How far the samples are from the data; None where no column shows how good they are by now.

    Samples are bad if one measure (`gandiag.analysis.fit`) is surely too much over the last tenth
    of the length, good if all are surely little, and else ``unsure``. Bad ones improve or worsen
    whose trend over the last quarter is three standard errors and a tenth of its level, or goes one
    way block by block (`series.trend_direction`); else they have settled.

    How to read it: ``settled`` says that more iterations will hardly help. It misleads where
    learning comes in jumps: a plateau reads as settled until it is left.
    """
    record = _before_gap(record)
    known = [(each, at) for each in measures(record) if len(at := _measured(each, record))]
    if not known:
        return None
    levels = [(each, each.level(_recent(record, at))) for each, at in known]
    bad = sorted((one for one in levels if one[0].is_bad(one[1])), key=_excess, reverse=True)
    unsure = [one for one in levels if not one[0].is_bad(one[1]) and not one[0].is_good(one[1])]
    unsure += _unseen(record)
    shown = (*bad, *unsure, *(one for one in levels if one not in bad and one not in unsure))
    main = shown[0][0]
    at = _measured(main, record)
    window = _window(record, at)
    line = trend(main.values[window])
    far = _far([each for each, _ in known])
    state = _state(bad, unsure, line, main.values[window], far)
    begins = onset(~far if state == "good" else far, gap=FAR_GAP)
    since = _recent(record, at).start if begins is None else begins
    before = stretches(~far[:since], gap=FAR_GAP)
    return Settling(
        state=state,
        since=int(record.iteration[since]),
        shown=shown,
        line=line,
        was_good=any(last - first + 1 >= RECENT * len(far) for first, last in before),
    )


def _unseen(record: Record) -> list[tuple[Measure, Level]]:
    """The lost share, where it may be too much: whether it surely is, another question asks."""
    share = lost(record)
    if share is None or record.shares is not None:
        return []
    at = _measured(share, record)
    levels = [(share, share.level(_recent(record, at)))] if len(at) else []
    return [one for one in levels if not share.is_good(one[1])]


def _before_gap(record: Record) -> Record:
    """The record without the few log points after a gap: after a resume they may be unsettled."""
    since = record.since_gap
    few = since > 0 and len(record) - since < AFTER_GAP
    return record.at(np.arange(since)) if few else record


def _state(
    bad: Sequence[object],
    unsure: Sequence[object],
    line: Trend,
    values: Series,
    far: NDArray[np.bool_],
) -> State:
    if not bad:
        return "unsure" if unsure else "good"
    if not far[-1]:  # bad on average, and back at the end
        return "improving"
    clear = abs(line.change) >= CLEAR_CHANGE * line.level and abs(line.t) >= CLEAR_T
    way = int(np.sign(line.change)) if clear else trend_direction(values)
    states: tuple[State, State, State] = ("settled", "worsening", "improving")
    return states[way]


def _excess(shown: tuple[Measure, Level]) -> float:
    """How many times too much it surely is."""
    measure, level = shown
    return level.low / measure.limits[0]


def _far(known: Sequence[Measure]) -> NDArray[np.bool_]:
    """At which log points one of the measures is too much [log point]."""
    far = np.zeros(len(known[0].unbiased), dtype=bool)
    for each in known:
        values = smoothed(each.values, SMOOTH)
        far |= (values > each.limits[0]) | np.isnan(values)
    return far


def _measured(measure: Measure, record: Record) -> Points:
    """The log points at which a measure was taken; none where they are too few or long ago."""
    at = np.flatnonzero(np.isfinite(measure.unbiased))
    if len(at) < 3:
        return at[:0]
    ago = record.iteration[-1] - record.iteration[at[-1]]
    return at[:0] if ago > MOTION * (record.planned or record.iteration[-1]) else at


def _recent(record: Record, at: Points) -> slice:
    """The last tenth of the length, and as many log points of a measure as its level takes."""
    return _tail(record, at, RECENT, RECENT_POINTS)


def _window(record: Record, at: Points) -> slice:
    """The last quarter, in the same way."""
    return _tail(record, at, MOTION, TREND_POINTS)


def _tail(record: Record, at: Points, part: float, least: int) -> slice:
    first = int(at[max(0, len(at) - least)])
    return slice(min(record.tail(part, 1).start, first), len(record))
