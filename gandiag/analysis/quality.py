"""How good the samples are, as one series: lower is better, and 0 is as good as the data."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gandiag.analysis.record import Record, Series
from gandiag.analysis.thresholds import GOOD_DISTANCE, GOOD_MODES, GOOD_SCORE
from gandiag.columns import DATA_UNIT, DISTANCES

TRANSPORT = tuple(column for column in DISTANCES if column.unit == DATA_UNIT)
"""The transport distances."""


@dataclass(frozen=True, eq=False)
class Quality:
    """A distance of the samples from the data, without a unit of its own.

    How to read it: 1 is as far off as one standard deviation of the data (of images of digits: as
    if all were one digit). It misleads as its column does: a distance of moments is blind to
    shape, a classifier's score to what happens within a digit.

    Attributes:
        values: The distance [log point]; NaN where it was not measured.
        se: Its standard error from the finite number of samples [log point]; 0 where unknown.
        floor: What the data themselves would read at that number of samples [log point].
        column: The column that it is computed from.
        words: Its name in a sentence.
        good: The largest distance above the floor of good samples.
        unit: Its unit in a sentence; empty if it has none.
        is_length: Whether the floor adds to it in squares, as to a distance, whose draws are
            independent of what is wrong; else it adds as it is.
    """

    values: Series
    se: Series
    floor: Series
    column: str
    words: str
    good: float
    unit: str = ""
    is_length: bool = True

    @property
    def excess(self) -> Series:
        """The distance without what the draw adds [log point], at least 0."""
        known = np.maximum(self.unbiased, 0.0)
        return np.sqrt(known) if self.is_length else known

    @property
    def unbiased(self) -> Series:
        """The square of a length, or another distance, without what the draw adds [log point]."""
        if self.is_length:
            return self.values**2 - self.floor**2
        return self.values - self.floor


def quality(record: Record) -> Quality | None:
    """The first distance that the record allows, or None if there is none.

    Of data that are known by real samples alone the distance in normal scores, which does not
    depend on their scale or tails. On the line Wasserstein-1 and in space the sliced Wasserstein
    distance, in standard deviations of the data (where the data are a point, in units of the first
    distance); else the Gaussian distance of the moments; of digits what is missing of the
    classifier's score; of classes the divergence of their shares.
    """
    for find in (_scores, _transport, _moments, _score, _divergence):
        distance = find(record)
        if distance is not None:
            return distance
    return None


def scale(record: Record, column: str = "") -> float:
    """The unit of distances on the samples' axes: the data's standard deviation, if they have one.

    It is the root mean square over the axes; of a point the first value of the column; 1 if
    nothing is known.
    """
    std = record.expected.std
    if len(std) and (std > 0).any():
        return float(np.sqrt(np.mean(std**2)))
    if record.expected.spread:
        return record.expected.spread
    values = record.series(column)
    first = np.abs(values[np.isfinite(values)][:1]) if values is not None else np.empty(0)
    return float(first[0]) if len(first) and first[0] > 0 else 1.0


def _scores(record: Record) -> Quality | None:
    """The distance in normal scores, in standard deviations of the data."""
    if record.series("score_distance") is None:
        return None
    words = "distance in normal scores"
    distance = _scaled(record, "score_distance", words, GOOD_DISTANCE, 1.0)
    return replace(distance, unit="standard deviations")


def _transport(record: Record) -> Quality | None:
    if not (len(record.expected.mean) or record.expected.spread):
        return None
    recorded = [column for column in TRANSPORT if record.series(column.name) is not None]
    # One with a floor was measured by gandiag; a user's own column of that name may be anything.
    recorded.sort(key=lambda column: record.series(f"{column.name}_floor") is None)
    for column in recorded[:1]:
        factor = 1 / scale(record, column.name)
        distance = _scaled(record, column.name, column.in_a_sentence, GOOD_DISTANCE, factor)
        return replace(distance, unit=unit_of(record))
    return None


def unit_of(record: Record) -> str:
    """The unit of distances: see `scale`."""
    wide = (record.expected.std > 0).any() or record.expected.spread
    return "standard deviations" if wide else "times the initial distance"


def _moments(record: Record) -> Quality | None:
    expected, axes = record.expected, record.axes
    if not axes or len(expected.mean) != len(axes) or not (expected.std > 0).all():
        return None
    if any(record.series(name + axis) is None for axis in axes for name in ("mean", "std")):
        return None
    mean, std = (
        np.stack([record.columns[name + axis] for axis in axes], 1) for name in ("mean", "std")
    )
    gaps = ((mean - expected.mean) ** 2 + (std - expected.std) ** 2) / expected.std**2
    values, zeros = np.sqrt(gaps.mean(axis=1)), np.zeros(len(record))
    words = "distance of mean and standard deviation"
    return Quality(
        values, zeros, zeros, f"mean{axes[0]}", words, GOOD_DISTANCE, "standard deviations"
    )


def _score(record: Record) -> Quality | None:
    score, real = record.series("classifier_score"), record.series("classifier_score_floor")
    if score is None or real is None:
        return None
    best = float(np.nanmax(real))
    se = _or_zero(record.series("classifier_score_se"), len(record)) / (best - 1)
    missing = (best - score) / (best - 1)
    words = "missing part of the classifier's score"
    zeros = np.zeros(len(record))
    return Quality(missing, se, zeros, "classifier_score", words, GOOD_SCORE, is_length=False)


def _divergence(record: Record) -> Quality | None:
    if record.series("reverse_kl") is None:
        return None
    words = "divergence of the modes' shares"
    divergence = _scaled(record, "reverse_kl", words, GOOD_MODES, 1.0)
    return replace(divergence, is_length=False)


def _scaled(record: Record, column: str, words: str, good: float, factor: float) -> Quality:
    values = record.columns[column] * factor
    se, floor = (
        _or_zero(record.series(column + part), len(record)) * factor for part in ("_se", "_floor")
    )
    return Quality(values, se, floor, column, words, good)


def _or_zero(values: Series | None, n: int) -> Series:
    return np.zeros(n) if values is None else np.nan_to_num(values)
