"""Who moved first: D, G or the samples?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gandiag.analysis.episode import Mover, mover_of
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import lag1
from gandiag.analysis.thresholds import LEAD, MOVED_BAND, MOVED_POINTS, MOVED_WINDOW, MOVED_Z

GROWING = ("d_weight_norm", "g_weight_norm")
"""What always grows, so that only its steps tell of a move."""

OF_PLAYERS = (
    *("d_loss", "d_accuracy", "d_grad_norm", "d_weight_norm"),
    *("g_loss", "g_grad_norm", "g_weight_norm"),
)
"""What tells of a player's move; the samples' moments are looked at beside them."""


def first_mover(record: Record, start: int, peak: int) -> Mover:
    """Whose series first left their own earlier band, up to ``LEAD`` log points before ``start``.

    The band is that of the ``MOVED_WINDOW`` log points before: its median plus or minus
    ``MOVED_BAND`` times its widest excursion, times 1 plus its lag-1 autocorrelation (what wanders
    goes further than it has been), and at least ``MOVED_Z`` robust standard deviations.
    A series has moved where it stays outside for ``MOVED_POINTS`` log points. Positive series are
    taken as logarithms, weight norms as their steps over as many log points, for they always grow.

    Documented strength: shifts of 12 standard deviations of the noise, one party 3 log points or
    more ahead.

    How to read it: a lead of one log point is enough for a name, so it is a hint where to look and
    no proof of a cause; "together" is what a fast instability shows at a coarse cadence.

    It misleads where one party's series are much noisier than another's: what drowns for longer
    seems to move later.

    Args:
        record: A prefix of a run.
        start: The iteration at which the episode begins.
        peak: That at which it is worst.

    Returns:
        The mover; "unknown" where too little came before, or nothing left its band.
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
    """Every series with whose it is; steps for weight norms."""
    moments = (name + axis for axis in record.axes for name in ("mean", "std"))
    for name in (*OF_PLAYERS, *moments):
        values = record.series(name)
        if values is not None:
            known = np.where(np.isfinite(values), values, np.nan)
            yield mover_of(name), _steps(known) if name in GROWING else known
    found = quality(record)
    if found is not None:
        yield "samples", found.values


def _steps(values: Series) -> Series:
    steps = np.full(len(values), np.nan)
    steps[MOVED_POINTS:] = values[MOVED_POINTS:] - values[:-MOVED_POINTS]
    return steps


def _departure(values: Series, first: int, last: int) -> int | None:
    """The log point from which a series stays out of its band; None where it does not."""
    seen = values[max(0, first - MOVED_WINDOW[1]) : last]
    past = min(first, MOVED_WINDOW[1])
    finite = np.isfinite(seen)
    if finite[:past].sum() < MOVED_WINDOW[0]:
        return None
    known = seen[finite]
    seen = np.log(seen, out=np.full(len(seen), np.nan), where=finite) if known.min() > 0 else seen
    before = seen[:past][finite[:past]]
    middle = float(np.median(before))
    away = np.abs(before - middle)
    wander = 1 + max(lag1(before - before.mean()), 0.0)
    band = max(
        MOVED_BAND * wander * float(away.max()),
        MOVED_Z * 1.4826 * float(np.median(away)),
        1e-6 * abs(middle),
    )
    outside = np.abs(np.where(finite[past:], seen[past:] - middle, 0.0)) > band
    held = np.convolve(outside, np.ones(MOVED_POINTS), "valid") >= MOVED_POINTS
    return first + int(np.argmax(held)) if held.any() else None
