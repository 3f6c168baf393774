"""How well the samples fit the data: every measure of it, with its error and its limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import format_number
from gandiag.analysis.thresholds import (
    CERTAINTY,
    DISTANCE_UNSURE,
    FRESH,
    LARGEST_PIECE,
    LOST,
    MISPLACED,
    PER_PIECE,
    SHAPE,
    UNMATCHED,
    WORST_DIRECTION,
)
from gandiag.columns import SAMPLED

Limits = tuple[float, float]
"""Surely above the first a measure is bad; surely below the second it is good."""


@dataclass(frozen=True)
class Level:
    """The mean of a measure over a window.

    Attributes:
        value: The estimate, at least 0.
        low: The lower end of its interval.
        high: The upper end.
        n: The log points it was measured at.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, eq=False)
class Measure:
    """One measure of how far the samples are from the data: of the population, not of the draw.

    Attributes:
        unbiased: An estimate that is right on average [log point]: of a share itself, of a
            distance its square, v² - floor²; below 0 by chance, NaN where it was not measured.
        se: Its standard error [log point].
        is_square: Whether the estimate is that of the square.
        limits: See `Limits`; of the measure itself.
        column: The column that it is computed from.
        words: Its name in a sentence, with ``{}`` for the value.
        unseen: By how much it may be greater unseen [log point], beyond its error.
    """

    unbiased: Series
    se: Series
    is_square: bool
    limits: Limits
    column: str
    words: str
    unseen: Series | float = 0.0

    @property
    def values(self) -> Series:
        """The measure [log point], at least 0."""
        known = np.maximum(self.unbiased, 0.0)
        return np.sqrt(known) if self.is_square else known

    def level(self, window: slice) -> Level:
        """The mean over a window, and its interval.

        Samples of the same latent points err alike at every log point, and the real samples are
        the same; so many log points lower the error by a factor of two at most.
        """
        known = np.isfinite(self.unbiased[window])
        estimates, errors = self.unbiased[window][known], self.se[window][known]
        if not len(estimates):
            return Level(np.nan, np.nan, np.nan, 0)
        error = CERTAINTY * float(np.abs(errors).mean()) * max(len(estimates) ** -0.5, FRESH)
        middle = float(estimates.mean())
        more = float(np.broadcast_to(self.unseen, self.unbiased.shape)[window][known].mean())
        ends = (max(x, 0.0) for x in (middle, middle - error, middle + error + more))
        value, low, high = (float(x**0.5 if self.is_square else x) for x in ends)
        return Level(value, low, high, len(estimates))

    def is_bad(self, level: Level) -> bool:
        """Whether it is surely too much."""
        return level.low > self.limits[0]

    def is_good(self, level: Level) -> bool:
        """Whether it is surely little."""
        return level.value <= self.limits[0] and level.high <= self.limits[1]

    def told(self, level: Level) -> str:
        """The level in a sentence."""
        percent = 100 if self.words.startswith("{} %") else 1
        return self.words.format(format_number(percent * level.value))


def measures(record: Record) -> tuple[Measure, ...]:
    """What shows how well the samples fit: their distance first, then shares and shape.

    How to read them: samples are good if every measure is good, and bad if one of them is bad. They
    mislead where none can see what is wrong; see `gandiag.analysis.scope`.
    """
    others = (misplaced(record), shape(record), directions(record))
    return (*_distance(record), *(each for each in others if each is not None))


def lost(record: Record) -> Measure | None:
    """The share of the data that the generator does not reach; None where it is unknown.

    Pieces of the data in which fewer than twice ``PER_PIECE`` samples are expected are not seen:
    with too few samples for any, nothing is known of it.
    """
    words = "{} % of the data are not reached"
    share, n = _share(record, "lost_share", LOST, words), record.series(SAMPLED)
    if n is None or "lost_share" not in record.columns:
        return share
    # A ball is emptied only by a piece in which it lies as a whole, some twice as large.
    unseen = np.minimum(2 * PER_PIECE / np.maximum(n, 1.0), 1.0)
    values = record.columns["lost_share"]
    values = np.where(np.isnan(values) & (unseen >= LARGEST_PIECE), 0.0, values)
    se = _or_zero(record, "lost_share_se")
    return Measure(values, se, False, LOST, "lost_share", words, unseen)


def unmatched(record: Record) -> Measure | None:
    """The share of the data without a near sample; None where it is unknown.

    The metric `coverage` of a user is its complement, in parts of its floor.
    """
    limits, words = (UNMATCHED, UNMATCHED), "{} % of the data have no sample nearby"
    covered, best = record.series("coverage"), record.series("coverage_floor")
    if record.series("unmatched_share") is None and covered is not None and best is not None:
        best = np.where(best > 0, best, np.nan)
        se = _or_zero(record, "coverage_se") / best
        return Measure(1 - covered / best, se, False, limits, "coverage", words)
    return _share(record, "unmatched_share", limits, words)


def misplaced(record: Record) -> Measure | None:
    """The share of the samples that lie off the data: of known modes off all of them."""
    words = "{} % of the samples lie where there are no data"
    near, real = record.series("high_quality"), record.series("high_quality_floor")
    best = 0.0 if real is None else float(np.nanmax(real))
    if near is None or best <= 0:
        return _share(record, "misplaced_share", MISPLACED, words)
    se = _or_zero(record, "high_quality_se") / best
    words = "{} % of the samples lie at no mode"
    return Measure(1 - near / best, se, False, MISPLACED, "high_quality", words)


def shape(record: Record) -> Measure | None:
    """The total variation from the data, in one and two dimensions; None where it is unknown.

    Where modes are known their shares and the samples at no mode say more.
    """
    words = "the total variation from the data, over cells of equal data, is {}"
    known = record.shares is not None
    return None if known else _length(record, "total_variation", SHAPE, words)


def directions(record: Record) -> Measure | None:
    """The distance along the worst of many columns and components; None where it is unknown."""
    words = "along one column or component the distance is {} standard deviations"
    return _length(record, "worst_score_distance", WORST_DIRECTION, words)


def _distance(record: Record) -> Iterator[Measure]:
    found = quality(record)
    if found is None:
        return
    unit = f" {found.unit}" if found.unit else ""
    words = f"the {found.words} is {{}}{unit} (threshold {found.good:.2g})"
    limits = (found.good, DISTANCE_UNSURE * found.good)
    with np.errstate(invalid="ignore"):  # a distance may be infinite
        se = 2 * found.values * found.se if found.is_length else found.se
        yield Measure(found.unbiased, se, found.is_length, limits, found.column, words)


def _share(record: Record, column: str, limits: Limits, words: str) -> Measure | None:
    values = record.series(column)
    if values is None:
        return None
    return Measure(values, _or_zero(record, f"{column}_se"), False, limits, column, words)


def _length(record: Record, column: str, limits: Limits, words: str) -> Measure | None:
    """A distance, whose floor adds to it in squares: the draws are independent of what is wrong."""
    if record.series(column) is None:
        return None
    values = record.columns[column]
    se, floor = (_or_zero(record, f"{column}_{part}") for part in ("se", "floor"))
    with np.errstate(invalid="ignore"):
        return Measure(values**2 - floor**2, 2 * values * se, True, limits, column, words)


def _or_zero(record: Record, column: str) -> Series:
    values = record.series(column)
    return np.zeros(len(record)) if values is None else np.nan_to_num(values)
