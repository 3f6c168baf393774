"""Did the samples get worse again? Drawdowns of quality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.quality import Quality, quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import points, running_median
from gandiag.analysis.thresholds import (
    REGRESSION_APART,
    REGRESSION_PART,
    REGRESSION_POINTS,
    REGRESSION_RISE,
    REGRESSION_SE,
    SETTLING,
)


def quality_regressions(record: Record) -> list[Episode]:
    """The drawdowns of quality: where it was much worse than its own best before.

    On a running median over ``REGRESSION_PART`` of the planned length, a drawdown exceeds
    ``REGRESSION_SE`` standard errors, ``REGRESSION_RISE`` of the best and the width of what is
    good, and leads out of what is good. It begins where quality was last as good as its best, to a
    tenth of the drawdown, is worst at its peak and has recovered when half of it is undone.
    Drawdowns ``REGRESSION_APART`` of the length apart are swings of one. The first ``SETTLING`` of
    it is left out. Drawdown and tails are those of Chan et al. 2020 (arXiv:1912.05663).

    Documented strength: from within what is good to three times that, for an eighth of the planned
    length and 10 log points.

    How to read it: the severity is the drawdown in units of what is good. Keep the checkpoint of
    ``start``. The evidence has the iteration of the best and the number of swings; and of the whole
    record the greatest drawdown, the mean of the worst 5 % of drawdowns and of steps (CVaR) and the
    interquartile range of the steps, in the unit of quality.

    It misleads where training swings widely on its way: each swing that is wide and long enough is
    reported, although the run may end well.

    Args:
        record: A prefix of a run.

    Returns:
        One episode a drawdown; empty where quality was not recorded or is too short.
    """
    distance = quality(record)
    if distance is None:
        return []
    values = distance.excess
    at = np.flatnonzero(np.isfinite(values))
    fewest, most = REGRESSION_POINTS
    window = points(record, REGRESSION_PART, least=fewest, most=most) | 1
    smooth = running_median(values[at], window)
    if len(smooth) < 2:
        return []
    se = REGRESSION_SE * distance.se[at][window // 2 : window // 2 + len(smooth)]
    first = max(0, points(record, SETTLING, least=window) - window // 2)
    apart = points(record, REGRESSION_APART, least=window)
    evidence = _risks(values[at], smooth)
    return [
        _episode(record, at, window, drawdown, distance, evidence)
        for drawdown in _chained(
            _drawdowns(smooth, se, distance.good, first, _across(record, at, window)), apart
        )
    ]


@dataclass(frozen=True)
class _Drawdown:
    """A drawdown, in entries of the running median; ``end`` is None where it goes on."""

    best: int
    start: int
    peak: int
    end: int | None
    depth: float
    swings: int = 1


def _across(record: Record, at: NDArray[np.int64], window: int) -> slice:
    """The medians of which some log points lie on either side of the record's last gap.

    A few log points after a resume are too few to tell that quality is lost.
    """
    gap = int(np.searchsorted(at, record.since_gap)) if record.since_gap else 0
    return slice(max(0, gap - window + 1), gap)


def _drawdowns(
    smooth: Series, se: Series, good: float, first: int, across: slice
) -> list[_Drawdown]:
    found, begin = [], 0
    while begin < len(smooth) - 1:
        rest = smooth[begin:]
        best = np.minimum.accumulate(rest)
        need = np.maximum(np.maximum(REGRESSION_RISE * best, se[begin:]), good)
        out = rest - best > need
        out[: max(0, first - begin)] = False
        out[max(0, across.start - begin) : max(0, across.stop - begin)] = False
        if not out.any():
            break
        drawdown = _followed(rest, int(np.argmax(out)), begin)
        found.append(drawdown)
        if drawdown.end is None:
            break
        begin = drawdown.end
    return found


def _followed(rest: Series, out: int, begin: int) -> _Drawdown:
    """From where a drawdown is detected: the best before, its peak, and where half is undone."""
    best = int(np.argmin(rest[: out + 1]))
    highest = np.maximum.accumulate(rest[out:])
    back = np.flatnonzero(rest[out:] < (highest + rest[best]) / 2)
    end = out + int(back[0]) if len(back) else None
    peak = out + int(np.argmax(rest[out:end]))
    depth = float(rest[peak] - rest[best])
    start = int(np.flatnonzero(rest[: out + 1] <= rest[best] + depth / 10)[-1])
    stop = None if end is None else begin + end
    return _Drawdown(begin + best, begin + start, begin + peak, stop, depth)


def _chained(drawdowns: list[_Drawdown], apart: int) -> list[_Drawdown]:
    """Drawdowns that follow each other closely as one."""
    found: list[_Drawdown] = []
    for new in drawdowns:
        old = found[-1] if found else None
        if old is None or old.end is None or new.start - old.end > apart:
            found.append(new)
            continue
        deeper = new if new.depth > old.depth else old
        found[-1] = _Drawdown(
            old.best, old.start, deeper.peak, new.end, deeper.depth, old.swings + 1
        )
    return found


def _risks(values: Series, smooth: Series) -> dict[str, float]:
    """How the record as a whole behaves: tails of drawdowns and steps, spread of steps."""
    drawdowns = smooth - np.minimum.accumulate(smooth)
    steps = np.sort(np.diff(values))
    low, high = steps[len(steps) // 4], steps[(3 * len(steps)) // 4]
    return {
        "max_drawdown": float(drawdowns.max()),
        "cvar_drawdown": _worst(np.sort(drawdowns)),
        "cvar_step": _worst(steps),
        "iqr_step": float(high - low),
    }


def _worst(ordered: Series) -> float:
    """The mean of the highest 5 %, of one at least."""
    return float(ordered[-max(1, len(ordered) // 20) :].mean())


def _episode(
    record: Record,
    at: NDArray[np.int64],
    window: int,
    drawdown: _Drawdown,
    distance: Quality,
    evidence: dict[str, float],
) -> Episode:
    half = window // 2
    recovered = drawdown.end is not None
    best, start, peak = (at[k + half] for k in (drawdown.best, drawdown.start, drawdown.peak))
    end = at[-1 if drawdown.end is None else drawdown.end + half]
    swings = f", in {drawdown.swings} swings" if drawdown.swings > 1 else ""
    return episode_at(
        record,
        "quality-regression",
        (start, peak, end),
        recovered=recovered,
        severity=drawdown.depth / distance.good,
        series=distance.column,
        description=(
            f"the {distance.words} rose by {drawdown.depth:.2g} above its best, with its maximum "
            f"at iteration {int(record.iteration[peak]):,}{swings}"
            + (", and recovered by half" if recovered else "")
        ),
        resolution=((half + 1) * record.cadence, np.inf),
        evidence={
            **evidence,
            "drawdown": drawdown.depth,
            "best_at": int(record.iteration[best]),
            "swings": drawdown.swings,
        },
    )
