"""Does the generator cover too little of its data? Since when, and which modes are missing?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, Kind, episode_at
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import smoothed, stretches
from gandiag.analysis.thresholds import (
    CERTAIN,
    COLLAPSED_GAP,
    COLLAPSED_MODES,
    COLLAPSED_PART,
    COLLAPSED_SPREAD,
    HELD_SHARE,
    IMBALANCE,
    NARROW_SPREAD,
    POINT,
    SEEN_PER_MODE,
    SMOOTH,
)
from gandiag.analysis.unreached import Unreached, unreached

MOST_NAMED = 5
"""Missing modes that a description names."""

Span = tuple[int, int]
"""The first and the last log point of an interval."""


@dataclass(frozen=True, eq=False)
class Diversity:
    """How much of the data a generator covers, as far as is recorded.

    Attributes:
        spread: The ratio of generated to real standard deviation [log point], the geometric mean
            over the axes; NaN where unknown.
        held: The number of modes covered [log point]; NaN where there are too few samples.
        divergence: KL(generated shares || the data's) [log point], in nats.
        unreached: The part of the data that is not reached.
        column: The column of the spread.
    """

    spread: Series
    held: Series
    divergence: Series
    unreached: Unreached
    column: str


def diversity(record: Record) -> Diversity:
    """How much of the data a generator covers at every log point.

    How to read it: the data have a ratio of 1, all modes and a lost share of 0. The ratio is blind
    to modes (two of eight may lie as far apart as all), the modes to what happens within one, the
    lost share in many dimensions to the width; so all count. It misleads where the classifier of
    the modes does.
    """
    spread, column = _spread(record)
    held, divergence = _modes(record)
    return Diversity(smoothed(spread, SMOOTH), held, divergence, unreached(record), column)


def collapses(record: Record) -> list[Episode]:
    """The intervals in which the generator covered too little of its data.

    ``collapse``: a peak of less than a quarter of the data's width, less than half of the modes, or
    .7 of the data not reached. ``partial-collapse``: less than half of the width, a mode missing,
    shares whose divergence is above .25 nats, or .07 of the data not reached. Where nothing else is
    known the spread of the samples (images, features) takes the place of the width.

    How to read it: the start is the first log point of the interval; an interval that starts at
    the first log point had no better time before, as with every generator at its start. It resolves
    intervals of five log points and more.

    It misleads where the target's width is unknown, and where samples are few: modes are counted
    only where each could expect three samples.
    """
    if len(record) < SMOOTH:
        return []
    covered = diversity(record)
    bad = (covered.spread < COLLAPSED_SPREAD) | (covered.held < COLLAPSED_MODES * _count(record))
    poor = (covered.spread < NARROW_SPREAD) | (covered.held < _count(record) - 0.5)
    poor |= covered.divergence > IMBALANCE
    bad, poor = bad | covered.unreached.is_much, poor | covered.unreached.is_some
    whole = _spans(bad)
    partial = [span for span in _spans(poor | bad) if not _is_included(span, whole, bad)]
    return [_episode(record, covered, span, "collapse") for span in whole] + [
        _episode(record, covered, span, "partial-collapse") for span in partial
    ]


def lost_modes(record: Record, where: slice) -> list[str]:
    """The names of the modes that were missing at most log points of a window."""
    shares = record.shares
    if shares is None:
        return []
    known = shares[where][np.isfinite(shares[where]).all(axis=1)]
    if not len(known):
        return []
    lost = np.median(known, axis=0) < HELD_SHARE * record.expected.shares
    return [name for name, gone in zip(record.expected.modes, lost, strict=True) if gone]


def _spans(mask: NDArray[np.bool_]) -> list[Span]:
    return stretches(mask, gap=COLLAPSED_GAP, least=SMOOTH)


def _is_included(span: Span, whole: Sequence[Span], bad: NDArray[np.bool_]) -> bool:
    """Whether the collapses include an interval already: to its end, or most of it."""
    first, last = span
    ended = last < len(bad) - 1
    to_its_end = any(end >= last for start, end in whole if start <= last)
    return to_its_end or (ended and float(bad[first : last + 1].mean()) > COLLAPSED_PART)


def _count(record: Record) -> int:
    return len(record.expected.modes)


def _spread(record: Record) -> tuple[Series, str]:
    expected, axes = record.expected, record.axes
    widths = [values for axis in axes if (values := record.series(f"std{axis}")) is not None]
    if len(expected.std) and len(widths) == len(expected.std) and (expected.std > 0).all():
        ratios = [
            np.maximum(width, 0.0) / wide for width, wide in zip(widths, expected.std, strict=True)
        ]
        if len(ratios) == 1:
            return ratios[0], f"std{axes[0]}"
        logs = np.log(np.maximum(np.stack(ratios), 1e-300))
        return np.exp(logs.mean(axis=0)), "std"
    spread = record.series("spread")
    if spread is not None and expected.spread:
        return spread / expected.spread, "spread"
    return np.full(len(record), np.nan), "std"


def _modes(record: Record) -> tuple[Series, Series]:
    """How many modes are covered, and the divergence of their shares."""
    shares, unknown = record.shares, np.full(len(record), np.nan)
    if shares is None:
        return _counted(record), unknown
    real = record.expected.shares
    known = np.isfinite(shares).all(axis=1) & _has_enough_samples(record)
    held = np.where(known, (shares >= HELD_SHARE * real).sum(axis=1), np.nan)
    parts = np.maximum(shares, 1e-300)
    divergence = np.where(known, (parts * np.log(parts / real)).sum(axis=1), np.nan)
    return smoothed(held, SMOOTH), smoothed(divergence, SMOOTH)


def _counted(record: Record) -> Series:
    """The number of modes counted, of data with too many modes to record the share of each.

    As many samples of the data would miss some; a generator that misses no more covers all.
    """
    counted, real = record.series("modes"), record.series("modes_floor")
    if counted is None or not record.expected.modes:
        return np.full(len(record), np.nan)
    if real is None:
        return smoothed(np.where(_has_enough_samples(record), counted, np.nan), SMOOTH)
    se = record.series("modes_se")
    least = real - (0.0 if se is None else CERTAIN * se)
    return smoothed(np.where(counted >= least, float(_count(record)), counted), SMOOTH)


def _has_enough_samples(record: Record) -> NDArray[np.bool_]:
    """Where there were enough samples of high quality for a missing mode to be significant."""
    n = record.series("n_samples")
    if n is None:
        return np.ones(len(record), dtype=bool)
    good = record.series("high_quality")
    clean = n if good is None else n * good
    return np.nan_to_num(clean) >= samples_for_modes(record)


def samples_for_modes(record: Record) -> float:
    """The samples of high quality from which a missing mode is significant; 0 without modes."""
    count = _count(record)
    return count * max(SEEN_PER_MODE, float(np.log(20 * max(count, 1))))


def _episode(record: Record, diversity: Diversity, span: Span, kind: Kind) -> Episode:
    first, last = span
    window = slice(first, last + 1)
    spread, divergence = diversity.spread[window], diversity.divergence[window]
    recovered = last < len(record) - 1
    judged = spread if recovered else spread[-1:]
    by_width = bool(np.isfinite(judged).any() and np.nanmin(judged) < NARROW_SPREAD)
    missed = diversity.unreached.lost[window]
    uneven_or_lost = -divergence if np.isfinite(divergence).any() else -missed
    worst = first + _least(spread if by_width else uneven_or_lost)
    at = worst if recovered else last
    ratio, held = float(diversity.spread[at]), float(diversity.held[at])
    uneven = float(diversity.divergence[at])
    missing = lost_modes(
        record, window if recovered else slice(max(first, last + 1 - SMOOTH), last + 1)
    )
    missed_share = float(diversity.unreached.lost[at])
    clauses = [*_clauses(record, ratio if by_width else None, held, uneven, missing)]
    clauses += filter(None, [diversity.unreached.clause(at)])
    return episode_at(
        record,
        kind,
        (first, worst, last),
        recovered=recovered,
        severity=1 - ratio if by_width else _first_known(uneven, missed_share, 0.0),
        series=diversity.column if by_width else record.expected.share_column or "lost_share",
        description="; ".join(clauses),
        resolution=(SMOOTH * record.cadence, float(record.iteration[-1])),
        evidence={
            "spread ratio": ratio,
            "modes held": held,
            "modes": _count(record),
            "lost": ", ".join(missing),
            "divergence of the shares": uneven,
            "lost share": missed_share,
        },
    )


def _first_known(*numbers: float) -> float:
    return next(number for number in numbers if np.isfinite(number))


def _least(values: Series) -> int:
    return int(np.nanargmin(values)) if np.isfinite(values).any() else 0


def _clauses(
    record: Record,
    ratio: float | None,
    held: float,
    uneven: float,
    lost: list[str],
) -> Iterator[str]:
    """What is wrong: the width, the modes, or how unevenly they are covered."""
    count = _count(record)
    if ratio is not None:
        of_data = f"the spread of the samples is {100 * ratio:.0f} % of the data's"
        yield "the samples are a single point" if ratio < POINT else of_data
    if lost:
        names = ", ".join(lost[:MOST_NAMED]) + (", …" if len(lost) > MOST_NAMED else "")
        yield f"{count - len(lost)} of {count} modes are covered; missing: {names}"
    elif count and ratio is None:
        nats = f", unevenly (KL divergence {uneven:.2g} nats from the data's mode frequencies)"
        yield f"{held:.0f} of {count} modes are covered" + (nats if uneven >= IMBALANCE else "")
