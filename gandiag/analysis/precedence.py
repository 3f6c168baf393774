"""What changed first: D, G or the samples?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gandiag.analysis.episode import Mover, mover_of
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import lag1
from gandiag.analysis.thresholds import LEAD, MOVED_BAND, MOVED_POINTS, MOVED_WINDOW, MOVED_Z

GROWING = ("d_weight_norm", "g_weight_norm")
"""Series that always grow, so that a change shows only in their steps."""

OF_PLAYERS = (
    *("d_loss", "d_accuracy", "d_grad_norm", "d_weight_norm"),
    *("g_loss", "g_grad_norm", "g_weight_norm"),
)
"""The series in which a change of a player shows; for the samples, moments are used."""


def first_mover(record: Record, start: int, peak: int) -> Mover:
    """Whose series first left its own earlier band, up to ``LEAD`` log points before ``start``.

    The band is that of the ``MOVED_WINDOW`` log points before: its median plus or minus
    ``MOVED_BAND`` times its widest excursion, times 1 plus its lag-1 autocorrelation (what wanders
    goes further than it has been), and at least ``MOVED_Z`` robust standard deviations.
    A series has moved where it stays outside for ``MOVED_POINTS`` log points. Positive series are
    taken as logarithms, weight norms as their steps over as many log points, for they always grow.

    Documented strength: shifts of 12 standard deviations of the noise, one party 3 log points or
    more ahead.

    How to read it: a lead of one log point decides, so it is a hint where to look and
    not proof of a cause; "together" is what a fast instability shows at a coarse cadence.

    It misleads where one party's series are much noisier than another's: a change that stays
    below the noise for longer seems to come later.

    Args:
        record: A prefix of a run.
        start: The iteration at which the episode begins.
        peak: That at which it is worst.

    Returns:
        The first; "unknown" if there are too few log points before, or nothing left its band.
    """
    first = int(np.searchsorted(record.iteration, start))
    last = int(np.searchsorted(record.iteration, peak, side="right"))
    first = max(first - LEAD, first // 2)
    if first < MOVED_WINDOW[0] or last <= first:
        return "unknown"
    movers: dict[Mover, int] = {}
    for mover, values in _series(record):
        moved = _departure(values, first, min(last + MOVED_POINTS, len(record)))
        if moved is not None:
            movers[mover] = min(moved, movers.get(mover, moved))
    if not movers:
        return "unknown"
    earliest = min(movers.values())
    names = [mover for mover, moved in movers.items() if moved == earliest]
    return names[0] if len(names) == 1 else "together"


def _series(record: Record) -> Iterator[tuple[Mover, Series]]:
    """Every series and its owner; steps for weight norms."""
    moments = (name + axis for axis in record.axes for name in ("mean", "std"))
    for name in (*OF_PLAYERS, *moments):
        values = record.series(name)
        if values is not None:
            known = np.where(np.isfinite(values), values, np.nan)
            yield mover_of(name), _steps(known) if name in GROWING else known
    distance = quality(record)
    if distance is not None:
        yield "samples", distance.values


def _steps(values: Series) -> Series:
    steps = np.full(len(values), np.nan)
    steps[MOVED_POINTS:] = values[MOVED_POINTS:] - values[:-MOVED_POINTS]
    return steps


def _departure(values: Series, first: int, last: int) -> int | None:
    """The log point from which a series stays out of its band; None where it does not."""
    window = values[max(0, first - MOVED_WINDOW[1]) : last]
    past = min(first, MOVED_WINDOW[1])
    finite = np.isfinite(window)
    if finite[:past].sum() < MOVED_WINDOW[0]:
        return None
    if window[finite].min() > 0:
        window = np.log(window, out=np.full(len(window), np.nan), where=finite)
    before = window[:past][finite[:past]]
    median = float(np.median(before))
    deviations = np.abs(before - median)
    wander = 1 + max(lag1(before - before.mean()), 0.0)
    band = max(
        MOVED_BAND * wander * float(deviations.max()),
        MOVED_Z * 1.4826 * float(np.median(deviations)),
        1e-6 * abs(median),
    )
    outside = np.abs(np.where(finite[past:], window[past:] - median, 0.0)) > band
    stays_outside = np.convolve(outside, np.ones(MOVED_POINTS), "valid") >= MOVED_POINTS
    return first + int(np.argmax(stays_outside)) if stays_outside.any() else None
