"""Does the loss get better while the samples get worse?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.correlation import correlation
from gandiag.analysis.finding import Finding
from gandiag.analysis.own_quality import compared_quality
from gandiag.analysis.quality import Quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import mask_overflow, stretches
from gandiag.analysis.thresholds import (
    FEWEST_POINTS,
    WINDOW,
    WINDOW_P,
    WINDOW_POINTS,
    WINDOW_WHOLE,
    WORSE,
)
from gandiag.analysis.window_trends import rising_windows


@dataclass(frozen=True)
class Window:
    """An interval in which a loss got better and the samples got worse.

    Attributes:
        start: The iteration at which the samples were best in it.
        end: That at which they were worst.
        p: Of the clearest window in it: the greater one-sided p of the two slopes.
        loss_change: Of the smoothed loss from start to end, below 0.
        quality_change: Of the smoothed distance from the data, above 0. From its best to its
            worst, it reads high by about the noise.
    """

    start: int
    end: int
    p: float
    loss_change: float
    quality_change: float


def losses(record: Record) -> tuple[str, ...]:
    """What G minimises: its loss, and where it was recorded that without the L2 term."""
    names = ("g_loss", "g_cross_entropy")
    return tuple(name for name in names if record.series(name) is not None)


def windows(record: Record, loss: str = "g_loss") -> tuple[Window, ...]:
    """The intervals in which a loss fell and the distance from the data grew.

    A window of .3 of the planned log points (60 at least) moves along the run. It counts where
    the lines through loss and quality both go that way, each at a one-sided p < .015
    (`rising_windows`; an intersection-union test), by a tenth of their ranges, and the quality by
    three of its standard errors. Both are on a scale that counts orders of magnitude where values
    are large (asinh). What overlaps is merged, and trimmed to where the smoothed quality was best
    and worst.

    How to read it: as a finding and not as an error, since no divergence must fall at every
    step (Fedus et al. 2018); but here the loss must not choose the checkpoint. At most 5 % of
    runs of unrelated AR(1) noise get any window, with coefficients to .95 and 60 to 2,000 log
    points (400 runs each); of unrelated random walks, up to 12 %. A planted episode of 120 of 400
    log points over which quality and loss move by three standard deviations of AR(.8) noise is
    found in 9 of 10 runs, and in half at AR(.9).

    It misleads where the loss means something only at D's best answer, as a critic's does, and
    where the measure of quality is blind to what got better. Episodes much shorter than a window
    are missed.

    Returns:
        By their start; empty also where there are not enough data, which `divergence` reports.
    """
    measured = compared_quality(record)
    if measured is None or _missing(record, loss, measured):
        return ()
    use, width = np.flatnonzero(_usable(record.columns[loss], measured)), _width(record)
    values, distance = record.columns[loss][use], measured.values[use]
    low = _compressed(values, _size(values))
    high = _compressed(distance, measured.good)
    least = max(
        3 * _error(high, mask_overflow(measured.se[use]) / measured.good),
        WORSE * float(np.ptp(high)),
    )
    found = []
    for inside, p in _marked(use, low, high, least, width):
        smooth = width // 10
        best, worst = (inside.start + i for i in _turns(high[inside], smooth))
        falls, grows = (_change(y, best, worst, smooth) for y in (values, distance))
        start, end = (int(record.iteration[use[i]]) for i in (best, worst))
        found.append(Window(start, end, p, falls, grows))
    return tuple(each for each in found if each.loss_change < 0 < each.quality_change)


def divergence(record: Record, loss: str = "g_loss") -> Finding:
    """The part of the log points that lie in one of the `windows`."""
    measured = compared_quality(record)
    why = _missing(record, loss, measured)
    if measured is None or why:
        return Finding(math.nan, 0, f"not enough data: {why}")
    found, at = windows(record, loss), record.iteration
    if not found:
        sentence = f"{loss} never fell while the samples got worse"
        return Finding(0.0, len(record), sentence, evidence={"windows": 0})
    inside = sum(int(((at >= each.start) & (at <= each.end)).sum()) for each in found)
    worst = max(found, key=lambda each: each.quality_change)
    return Finding(
        inside / len(record),
        len(record),
        f"{loss} fell by {-worst.loss_change:.3g} while the {measured.words} grew by "
        f"{worst.quality_change:.3g}, from iteration {worst.start:,} to {worst.end:,} "
        f"({_p(worst.p)})",
        evidence={"windows": len(found), "start": worst.start, "end": worst.end, "p": worst.p},
    )


def score(record: Record, loss: str = "g_loss") -> Finding:
    """Spearman's rho of a loss and the distance from the data over a run (`correlation`).

    How to read it: above 0 the loss falls when the samples get better, below 0 when they get
    worse. The p-value takes the autocorrelation of both series into account.

    It misleads where both have a trend: two series that only share the passing of time look
    related, and no test on a single run can tell. `coupling` over runs can.
    """
    measured = compared_quality(record)
    why = _missing(record, loss, measured)
    if measured is None or why:
        return Finding(math.nan, 0, f"not enough data: {why}")
    found = correlation(mask_overflow(record.columns[loss]), mask_overflow(measured.values))
    if found is None:
        why = f"{loss} or the {measured.words} does not change"
        return Finding(math.nan, 0, f"not enough data: {why}")
    what = measured.words if record.expected.goals else "the distance from the data"
    return Finding(
        found.value,
        found.blocks,
        f"{loss} moves {'with' if found.value > 0 else 'against'} {what}, rho "
        f"{found.value:.2f}, {_p(found.p)}; a trend that both share would look the same",
        interval=found.interval,
        floor=0.0,
        evidence={"p": found.p, "effective_n": found.effective},
    )


def _missing(record: Record, loss: str, measured: Quality | None) -> str:
    """Why there is no answer; empty where there is one."""
    if record.trouble:
        return record.trouble
    if record.series(loss) is None:
        return f"{loss} was not recorded"
    if measured is None:
        return "no recorded column shows how good the samples are"
    n, least = int(_usable(record.columns[loss], measured).sum()), _width(record)
    return f"{n} log points with {loss} and samples, of {least}" if n < least else ""


def _usable(loss: Series, measured: Quality) -> NDArray[np.bool_]:
    """Where both are finite [log point]."""
    return np.isfinite(mask_overflow(loss)) & np.isfinite(mask_overflow(measured.values))


def _width(record: Record) -> int:
    """The log points of a window, which does not grow while a run goes on."""
    planned = max(len(record), round((record.planned or 0) / max(record.cadence, 1.0)))
    return max(
        round(WINDOW * planned), min(WINDOW_POINTS, round(WINDOW_WHOLE * planned)), FEWEST_POINTS
    )


def _compressed(values: Series, unit: float) -> Series:
    """As they are below the unit, and by orders of magnitude above it."""
    return np.arcsinh(values / unit)


def _size(values: Series) -> float:
    """The usual distance from 0."""
    far = np.abs(values)
    return max(float(np.median(far)), 1e-9 * float(far.max())) or 1.0


def _error(q: Series, se: Series) -> float:
    """The usual standard error of a compressed quality."""
    known = np.isfinite(se)
    return float(np.median(se[known] / np.cosh(q[known]))) if known.any() else 0.0


def _marked(
    use: NDArray[np.intp], loss: Series, q: Series, least: float, width: int
) -> list[tuple[slice, float]]:
    """The merged windows, and the p of the clearest in each."""
    step = max(5, width // 12)
    fall, p_fall = rising_windows(use, -loss, width, step)
    rise, p_rise = rising_windows(use, q, width, step)
    p = np.maximum(p_fall, p_rise)
    marked = (p < WINDOW_P) & (rise >= least) & (fall >= WORSE * np.ptp(loss))
    return [
        (
            slice(a * step, b * step + width),
            float(np.min(p[a : b + 1], where=marked[a : b + 1], initial=1.0)),
        )
        for a, b in stretches(marked, gap=width // step - 1)
    ]


def _change(y: Series, start: int, end: int, width: int) -> float:
    """From about one index to about another."""
    half = width // 2
    first, last = (float(y[max(i - half, 0) : i + half + 1].mean()) for i in (start, end))
    return last - first


def _turns(q: Series, width: int) -> tuple[int, int]:
    """Where the smoothed quality was best, and where it was worst after that."""
    smooth = np.convolve(q, np.ones(width) / width, "valid")
    worst = int(np.argmax(smooth - np.minimum.accumulate(smooth)))
    best = int(np.argmin(smooth[: worst + 1]))
    return best + width // 2, worst + width // 2


def _p(p: float) -> str:
    return "p < .001" if p < 0.001 else f"p {p:.3f}".replace("0.", ".")
