"""Properties of any series, shared by the detectors: trend, autocorrelation, stretches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.record import Record
from gandiag.analysis.thresholds import BLOCKS, DIRECTION, ESCAPE, TAIL_POINTS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trend:
    """A straight line through a window of a series.

    Attributes:
        change: From the first to the last log point, along the line.
        se: Its standard error, with the autocorrelation of the residuals taken into account.
        level: The mean of the window.
        noise: The standard deviation about the line.
        n: The finite values.
    """

    change: float
    se: float
    level: float
    noise: float
    n: int

    @property
    def t(self) -> float:
        """The change in standard errors; 0 where there is neither."""
        if self.se > 0:
            return self.change / self.se
        return float(np.sign(self.change)) * np.inf if self.change else 0.0


def trend(values: Floats) -> Trend:
    """The least-squares line through a series [log point]; NaN is left out.

    The standard error is that of ordinary least squares times √((1 + r) / (1 - r)), r the lag-1
    autocorrelation of the residuals, corrected for its bias by (1 + 4 r) / n. Of trendless AR(1)
    series of 200 log points 5 to 7 % have a t beyond 1.96 up to a coefficient of .8, 10 % at .9 and
    14 % at .95 (1,500 of each); beyond 4 at most 1.5 % have it.

    It misleads where the noise is no AR(1): an oscillation slower than the window reads as a trend.

    >>> round(trend(np.arange(5.0)).change, 9)
    4.0
    """
    finite = np.isfinite(values)
    y = values[finite]
    n = len(y)
    if n < 3:
        return Trend(0.0, np.inf, float(y.mean()) if n else np.nan, 0.0, n)
    x = np.flatnonzero(finite).astype(np.float64)
    span = float(x[-1] - x[0])
    x -= x.mean()
    sxx = float(x @ x)
    level = float(y.mean())
    slope = float(x @ (y - level)) / sxx
    residuals = y - level - slope * x
    variance = float(residuals @ residuals) / (n - 2)
    r = lag1(residuals)
    r = min(max(r + (1 + 4 * r) / n, 0.0), 0.99)
    se = float(np.sqrt(variance / sxx * (1 + r) / (1 - r)))
    return Trend(slope * span, se * span, level, float(np.sqrt(variance)), n)


def lag1(residuals: Floats) -> float:
    """The lag-1 autocorrelation of a series of mean 0."""
    power = float(residuals @ residuals)
    return float(residuals[1:] @ residuals[:-1]) / power if power > 0 else 0.0


def stretches(mask: NDArray[np.bool_], *, gap: int = 0, least: int = 1) -> list[tuple[int, int]]:
    """The stretches where a mask [log point] holds, as (first, last), holes of ``gap`` filled.

    >>> stretches(np.array([1, 1, 0, 1, 0, 0, 1], bool), gap=1, least=2)
    [(0, 3)]
    """
    at = np.flatnonzero(mask)
    if not len(at):
        return []
    cut = np.flatnonzero(np.diff(at) > gap + 1)
    firsts, lasts = at[np.r_[0, cut + 1]], at[np.r_[cut, len(at) - 1]]
    return [(int(a), int(b)) for a, b in zip(firsts, lasts, strict=True) if b - a + 1 >= least]


def wide_stretches(mask: NDArray[np.bool_], least: int, begun: int) -> list[tuple[int, int]]:
    """The stretches of a mask of which ``least`` log points lie after the game has ``begun``."""
    found = stretches(mask, gap=least // 4, least=least)
    return [(first, last) for first, last in found if last - max(first, begun) + 1 >= least]


def onset(mask: NDArray[np.bool_], *, gap: int = 0) -> int | None:
    """Since which log point a mask holds to its end; None where it does not hold at the end."""
    found = stretches(mask, gap=gap)
    return found[-1][0] if found and found[-1][1] >= len(mask) - 1 - gap else None


def smoothed(values: Floats, width: int) -> Floats:
    """The running median of the last ``width`` finite values at every log point [log point].

    It is causal, and what is missing takes the last value there was: NaN before the first, which
    stands for those before it. ``width`` is odd.

    >>> smoothed(np.array([1.0, 9.0, 2.0, np.nan, 3.0]), 3).tolist()
    [1.0, 1.0, 2.0, 2.0, 3.0]
    """
    known = np.isfinite(values)
    dense = values[known]
    if not len(dense):
        return np.full(len(values), np.nan)
    padded = np.concatenate([np.full(width - 1, dense[0]), dense])
    middle = running_median(padded, width)
    latest = np.cumsum(known) - 1
    return np.where(latest >= 0, middle[np.maximum(latest, 0)], np.nan)


def running_median(values: Floats, window: int) -> Floats:
    """The median of every ``window`` (odd) neighbours [log point - window + 1].

    Entry ``i`` covers the values ``i`` to ``i + window - 1``; the ends are not padded, so
    there are fewer entries than values, and none where the values are fewer than the window.

    >>> running_median(np.array([1.0, 9.0, 2.0, 3.0]), 3)
    array([2., 3.])
    """
    if len(values) < window:
        return np.empty(0)
    neighbours = np.lib.stride_tricks.sliding_window_view(values, window)
    return np.asarray(np.sort(neighbours, axis=1)[:, window // 2])


def covered(stretch: tuple[int, int], window: int, n: int) -> tuple[int, int]:
    """The log points, of ``n``, that a stretch of their running median covers.

    >>> covered((3, 5), 5, 10), covered((0, 4), 5, 10)
    ((5, 9), (0, 6))
    """
    first, last = stretch
    begin = first + window // 2 if first else 0
    return begin, last + window // 2 if last < n - window else n - 1


def points(record: Record, part: float, *, least: int, most: int = 10**9) -> int:
    """How many log points a part of the planned length has; of the length so far where unknown.

    The cadence is the mean one so far. A planned length keeps a window from growing with the run.
    """
    if len(record) < 2:
        return least
    span = int(record.iteration[-1] - record.iteration[0])
    length = record.planned or int(record.iteration[-1])
    return min(max(least, round(part * length * (len(record) - 1) / max(span, 1))), most)


def typical_count(counts: Floats) -> int:
    """The middle one of the finite counts in a series [log point], of which there is one at least.

    >>> typical_count(np.array([300.0, np.nan, np.inf, 200.0, 100.0]))
    200
    """
    known = np.sort(counts[np.isfinite(counts)])
    return int(known[len(known) // 2])


def mask_overflow(values: Floats) -> Floats:
    """The values with NaN for what is not finite, or so large that its square may not be."""
    return np.where(np.abs(values) < 1e100, values, np.nan)


def trend_direction(values: Floats) -> int:
    """In which direction a window changes, block by block: 1 up, -1 down, 0 neither.

    It is cut into five blocks; their medians must rise or fall every time, by a quarter of their
    mean size in all, and nothing may have turned back at the end. A smooth curve passes, whose
    `trend` has no standard error to speak of; of series without a trend 1 in 120 goes up by
    chance, and of random walks 1 in 10.

    >>> trend_direction(np.arange(20.0) ** 2), trend_direction(np.tile([1.0, 3.0], 10))
    (1, 0)
    """
    known = values[np.isfinite(values)]
    if len(known) < 2 * BLOCKS:
        return 0
    middles = np.array([np.median(block) for block in np.array_split(known, BLOCKS)])
    steps = np.diff(middles)
    size = float(np.abs(middles).mean())
    if (
        abs(middles[-1] - middles[0]) < DIRECTION * size
        or not (steps > 0).all() ^ (steps < 0).all()
    ):
        return 0
    direction = 1 if steps[0] > 0 else -1
    last = float(np.median(known[-TAIL_POINTS:]))
    return direction if direction * (last - middles[-2]) > 0 else 0


def escapes(values: Floats) -> bool:
    """Whether a window ends far above the rest: its last fifth by half above each other."""
    known = values[np.isfinite(values)]
    if len(known) < 2 * BLOCKS:
        return False
    *before, last = (float(np.median(block)) for block in np.array_split(known, BLOCKS))
    return last > ESCAPE * max(before) and float(np.median(known[-TAIL_POINTS:])) > last


def format_number(x: float) -> str:
    """A number for a sentence: three digits, and whole with commas where it is large.

    >>> format_number(0.01234), format_number(18437.2)
    ('0.0123', '18,437')
    """
    return f"{x:,.0f}" if 1000 <= abs(x) < 1e9 else f"{x:.3g}"
