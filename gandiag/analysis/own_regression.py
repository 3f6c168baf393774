"""Did a user's own measure of quality get much worse than its best, or stop getting better?"""

from __future__ import annotations

import numpy as np

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.own_quality import OwnQuality, own_qualities
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import format_number, points
from gandiag.analysis.thresholds import (
    OWN_BETTER,
    OWN_BETTER_NOISE,
    OWN_FEWEST,
    OWN_PAUSE,
    RECENT,
    RECENT_POINTS,
    SETTLING,
    STAGNATION_POINTS,
)


def own_regressions(record: Record) -> list[Episode]:
    """Where a user's own measure of quality was much worse than its own best before.

    On a running median, it is worse by a half of its best (by a third, where worse values are the
    smaller ones), or by half of what had been gained since the start; and by six steps of its
    noise. It began where it was last as good as its best, to a tenth, and is over when half of the
    loss is undone. What happens in the first fifth of the length is left out.

    How to read it: keep the checkpoint of the best, which the evidence names. The severity is the
    loss as a part of the best. It says nothing about how good the samples are: the column has no
    scale that is known here.

    It misleads where few values were recorded: the best of many noisy values is better than the
    training was there.
    """
    found = []
    for own in own_qualities(record):
        if len(own.values) >= OWN_FEWEST:
            found += _drawdowns(record, own)
    return found


def own_stagnations(record: Record) -> list[Episode]:
    """Where a user's own measure made no progress for ``OWN_PAUSE`` of the length, to its end.

    A new best counts from ``OWN_BETTER`` of the best and ``OWN_BETTER_NOISE`` steps of noise.

    Samples that are close to the data by our own distance need not get better.

    How to read it: more training of the same kind will hardly help. Whether what it has reached is
    good, its values alone do not tell.
    """
    found: list[Episode] = []
    if _is_good(record):
        return found
    for own in own_qualities(record):
        least = points(record.at(own.at), OWN_PAUSE, least=STAGNATION_POINTS)
        if len(own.smooth) <= least or _is_much_worse(own):
            continue
        last = _last_improvement(own)
        if len(own.smooth) - 1 - last >= least:
            found.append(_stagnation(record, own, last))
    return found


def _is_good(record: Record) -> bool:
    """Whether the distance from the data says that there is no better to come."""
    measured = quality(record)
    if measured is None:
        return False
    recent = measured.excess[record.tail(RECENT, RECENT_POINTS)]
    known = recent[np.isfinite(recent)]
    return bool(len(known) and known.mean() <= measured.good)


def _is_much_worse(own: OwnQuality) -> bool:
    """Whether it is now: a regression, which is told as such."""
    lowest = np.minimum.accumulate(own.smooth)
    return bool((own.smooth - lowest > own.allowed(lowest))[-1])


def _last_improvement(own: OwnQuality) -> int:
    """The running median at which it was last better than ever before."""
    last, lowest = 0, float(own.smooth[0])
    for k, cost in enumerate(own.smooth.tolist()):
        if lowest - cost > max(OWN_BETTER * abs(lowest), OWN_BETTER_NOISE * own.noise):
            last, lowest = k, cost
    return last


def _drawdowns(record: Record, own: OwnQuality) -> list[Episode]:
    found, begin, smooth, half = [], 0, own.smooth, own.window // 2
    early = record.iteration[own.at[half : half + len(smooth)]] < SETTLING * _length(record)
    while begin < len(smooth) - 1:
        rest = smooth[begin:]
        lowest = np.minimum.accumulate(rest)
        out = (rest - lowest > own.allowed(lowest)) & ~early[begin:]
        if not out.any():
            break
        first = int(np.argmax(out))
        best = int(np.argmin(rest[: first + 1]))
        end = _undone(rest, first, best)
        found.append(_regression(record, own, begin, (best, first, end)))
        if end is None:
            break
        begin += end
    return found


def _length(record: Record) -> float:
    return record.planned or float(record.iteration[-1])


def _undone(rest: Series, first: int, best: int) -> int | None:
    """Where half of a drawdown is undone."""
    highest = np.maximum.accumulate(rest[first:])
    back = np.flatnonzero(rest[first:] < (highest + rest[best]) / 2)
    return first + int(back[0]) if len(back) else None


def _regression(
    record: Record, own: OwnQuality, begin: int, where: tuple[int, int, int | None]
) -> Episode:
    best, first, end = where
    rest, half = own.smooth[begin:], own.window // 2
    peak = first + int(np.argmax(rest[first:end]))
    depth = float(rest[peak] - rest[best])
    start = int(np.flatnonzero(rest[: first + 1] <= rest[best] + depth / 10)[-1])
    at = own.at[begin + half :]
    stop = own.at[-1] if end is None else at[end]
    good, bad = (abs(float(rest[k])) for k in (best, peak))
    signed = (good if rest[best] >= 0 else -good, bad if rest[peak] >= 0 else -bad)
    shown = [format_number(x if own.goal == "low" else -x) for x in signed]
    part = depth / good if good else np.inf
    return episode_at(
        record,
        "quality-regression",
        (at[start], at[peak], stop),
        recovered=end is not None,
        severity=part,
        series=own.column,
        description=f"{own.column} went from its best of {shown[0]} to {shown[1]}"
        + (f" ({100 * part:.0f} % worse)" if part < 100 else "")
        + (", and recovered by half" if end is not None else ""),
        resolution=((half + 1) * record.cadence, np.inf),
        evidence={"best": float(own.values[own.best]), "best_at": int(record.iteration[at[best]])},
    )


def _stagnation(record: Record, own: OwnQuality, last: int) -> Episode:
    half = own.window // 2
    begin = own.at[last + half]
    best, level = float(own.values[own.best]), float(np.median(own.values[last + half :]))
    return episode_at(
        record,
        "stagnation",
        (begin, begin, own.at[-1]),
        recovered=False,
        severity=0.0,
        series=own.column,
        description=f"{own.column} has got no better: it stays at {format_number(level)}",
        resolution=(STAGNATION_POINTS * record.cadence, np.inf),
        evidence={"best": best, "best_at": int(record.iteration[own.at[own.best]])},
    )
