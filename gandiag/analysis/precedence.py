"""What changed first: D, G or the samples?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gandiag.analysis.episode import Mover, mover_of
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import lag1
from gandiag.analysis.thresholds import (
    LEAD,
    MOVED_BAND,
    MOVED_FAINT,
    MOVED_POINTS,
    MOVED_SIGN,
    MOVED_WINDOW,
    MOVED_Z,
)

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

    Documented strength: of leads of 2 to 6 log points, ramps of 1 to 8, and shifts of 12 standard
    deviations, 7 to 9 of 10 are named (AR(1) noise up to .9, t of three degrees), of 6 standard
    deviations 4 to 6; the rest is unknown, and of 60 each no wrong party was named.

    One is named only if it had left its band before any other series can have set out (it was last
    within ``MOVED_FAINT`` standard deviations); a series that reached half of its band counts as
    one that may have.

    How to read it: it is a hint where to look and not proof of a cause; "together" is what a fast
    instability shows at a coarse cadence.

    It misleads where one party's series are much noisier than another's: a change that stays
    below the noise for longer seems to come later.

    Args:
        record: A prefix of a run.
        start: The iteration at which the episode begins.
        peak: That at which it is worst.

    Returns:
        The first; "unknown" if there are too few log points before, nothing left its band, or
        the order is not sure.
    """
    first = int(np.searchsorted(record.iteration, start))
    last = int(np.searchsorted(record.iteration, peak, side="right"))
    first = max(first - LEAD, first // 2)
    if first < MOVED_WINDOW[0] or last <= first:
        return "unknown"
    departures: dict[Mover, list[_Departure]] = {}
    for mover, values in _series(record):
        moved = _departure(values, first, min(last + MOVED_POINTS, len(record)))
        if moved is not None:
            departures.setdefault(mover, []).append(moved)
    return _earliest(departures)


@dataclass(frozen=True)
class _Departure:
    """When a series left its band.

    Attributes:
        sure: The log point from which it stays outside; None where it may only have.
        possible: The earliest at which it may have set out.
    """

    sure: int | None
    possible: int


def _earliest(departures: Mapping[Mover, Sequence[_Departure]]) -> Mover:
    """Who had left before anyone else can have set out; all together if all jumped at once."""
    moved = {
        mover: min((each.sure for each in found if each.sure is not None), default=None)
        for mover, found in departures.items()
    }
    sure = {mover: at for mover, at in moved.items() if at is not None}
    if not sure:
        return "unknown"
    leader = min(sure, key=lambda mover: sure[mover])
    others = {
        mover: min(each.possible for each in found)
        for mover, found in departures.items()
        if mover != leader
    }
    if all(sure[leader] < possible for possible in others.values()):
        return leader
    at_once = all(
        moved[mover] == sure[leader] <= min(each.possible for each in found) + 1
        for mover, found in departures.items()
    )
    return "together" if at_once else "unknown"


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


def _departure(values: Series, first: int, last: int) -> _Departure | None:
    """When a series leaves its band and stays out; None where it stays within half of it."""
    window = values[max(0, first - MOVED_WINDOW[1]) : last]
    past = min(first, MOVED_WINDOW[1])
    finite = np.isfinite(window)
    if finite[:past].sum() < MOVED_WINDOW[0]:
        return None
    if window[finite].min() > 0:
        window = np.log(window, out=np.full(len(window), np.nan), where=finite)
    before = window[:past][finite[:past]]
    if _moves_within(before):  # it had set out by then, and has no band
        return _Departure(None, first)
    median, robust, band = _band(before)
    distance = np.where(finite[past:], window[past:] - median, 0.0)
    sure = _stays_outside(distance, band)
    maybe = sure if sure is not None else _stays_outside(distance, MOVED_SIGN * band)
    if maybe is None:
        return None
    side = np.sign(distance[maybe])
    inside = np.flatnonzero(side * distance[:maybe] <= MOVED_FAINT * robust)
    possible = int(inside[-1]) + 1 if len(inside) else 0
    return _Departure(None if sure is None else first + sure, first + possible)


def _moves_within(before: Series) -> bool:
    """Whether a band ends far away from where it began: what it was before is not known."""
    median, robust, _ = _band(before[: len(before) // 2])
    return bool(
        (np.abs(before[-MOVED_POINTS:] - median) > max(MOVED_Z * robust, 1e-6 * abs(median))).all()
    )


def _band(before: Series) -> tuple[float, float, float]:
    """The median, the robust standard deviation and half the width of the band."""
    median = float(np.median(before))
    deviations = np.abs(before - median)
    robust = 1.4826 * float(np.median(deviations))
    wander = 1 + max(lag1(before - before.mean()), 0.0)
    band = max(MOVED_BAND * wander * float(deviations.max()), MOVED_Z * robust, 1e-6 * abs(median))
    return median, robust, band


def _stays_outside(distance: Series, band: float) -> int | None:
    outside = np.abs(distance) > band
    stays = np.convolve(outside, np.ones(MOVED_POINTS), "valid") >= MOVED_POINTS
    return int(np.argmax(stays)) if stays.any() else None
