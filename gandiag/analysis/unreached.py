"""Which part of the data is surely not reached, where the samples are too few and not elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.fit import Measure, directions, lost, misplaced, shape, unmatched
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import smoothed
from gandiag.analysis.thresholds import (
    CERTAINTY,
    ELSEWHERE,
    ELSEWHERE_PART,
    LOST,
    LOST_MOST,
    MISPLACED_PART,
    MISPLACED_TOO,
    SHAPE_PART,
    SMOOTH,
    UNMATCHED,
)


@dataclass(frozen=True, eq=False)
class Unreached:
    """What of the data is not reached.

    Attributes:
        lost: The share of the data that is not reached [log point]; NaN where it is unknown, or
            where the samples are elsewhere and not too few.
        unmatched: The share of the data without a near sample, in the same way.
        lost_surely: The lower end of the first, by its errors.
        unmatched_surely: That of the second.
    """

    lost: Series
    unmatched: Series
    lost_surely: Series
    unmatched_surely: Series

    @property
    def is_much(self) -> NDArray[np.bool_]:
        """Where most of the data are surely not reached [log point]."""
        return np.asarray(np.fmax(self.lost_surely, self.unmatched_surely) > LOST_MOST)

    @property
    def is_some(self) -> NDArray[np.bool_]:
        """Where a part of the data is surely not reached [log point]."""
        return np.asarray((self.lost_surely > LOST[0]) | (self.unmatched_surely > UNMATCHED))

    def clause(self, at: int) -> str:
        """What is not reached at a log point; empty where that is little or unknown."""
        if self.lost[at] > LOST[0]:
            return f"{100 * self.lost[at]:.0f} % of the data are not reached"
        if self.unmatched[at] > UNMATCHED:
            share = f"{100 * self.unmatched[at]:.0f} % of the data have no sample nearby"
            return f"{share}: the samples repeat, or are too narrow"
        return ""


def unreached(record: Record) -> Unreached:
    """Which part of the data is not reached, where samples lie among the data but not everywhere.

    How to read it: known modes say more, so that it is unknown there. Samples that lie elsewhere
    reach nothing either: it is unknown where a part of them lies off the data, where their shape
    differs by more than a loss explains, and where they are farther off than a loss moves them.
    """
    hidden = _is_elsewhere(record)
    series = [_series(each, hidden) for each in (lost(record), unmatched(record))]
    (missed, missed_surely), (bare, bare_surely) = series
    return Unreached(missed, bare, missed_surely, bare_surely)


def _series(share: Measure | None, hidden: NDArray[np.bool_]) -> tuple[Series, Series]:
    """A share, and the lower end of its interval; NaN where hidden."""
    if share is None:
        return np.full(len(hidden), np.nan), np.full(len(hidden), np.nan)
    middle = smoothed(share.unbiased, SMOOTH)
    low = smoothed(share.unbiased - CERTAINTY * share.se, SMOOTH)
    return np.where(hidden, np.nan, middle), np.where(hidden, np.nan, low)


def _is_elsewhere(record: Record) -> NDArray[np.bool_]:
    """Where the samples are elsewhere, or known modes say more [log point]."""
    share = lost(record) or unmatched(record)
    if share is None or record.shares is not None:
        return np.ones(len(record), dtype=bool)
    missed = np.maximum(smoothed(share.unbiased, SMOOTH), 1e-9)
    elsewhere = np.zeros(len(record), dtype=bool)
    away, other, distance = misplaced(record), shape(record), quality(record)
    if away is not None:
        surely = smoothed(away.unbiased - CERTAINTY * away.se, SMOOTH) > MISPLACED_TOO
        elsewhere |= surely & (smoothed(away.unbiased, SMOOTH) > MISPLACED_PART * missed)
    if other is not None:  # to lose a part of the data moves no more than that part
        changed = smoothed(other.values, SMOOTH)
        elsewhere |= changed > SHAPE_PART * np.maximum(missed, _bare(record))
    worst = directions(record)
    if worst is not None:
        least = smoothed(np.maximum(worst.values - CERTAINTY * _error(worst), 0.0), SMOOTH)
        elsewhere |= least > ELSEWHERE_PART * _moved_by(np.maximum(missed, _bare(record)))
    if distance is not None and distance.unit:
        elsewhere |= smoothed(distance.excess, SMOOTH) > ELSEWHERE
    return elsewhere


def _error(length: Measure) -> Series:
    """The standard error of a length, from that of its square."""
    return np.asarray(length.se / (2 * np.maximum(length.values, 1e-9)))


def _moved_by(share: Series) -> Series:
    """How far, in normal scores, the mean is moved by the loss of a tail with a share of the data.

    No other part of that share moves it farther.
    """
    from scipy.special import ndtri

    kept = np.clip(1 - share, 1e-6, 1 - 1e-6)
    return np.asarray(np.exp(-(ndtri(kept) ** 2) / 2) / np.sqrt(2 * np.pi) / kept)


def _bare(record: Record) -> Series:
    share = unmatched(record)
    return np.zeros(len(record)) if share is None else smoothed(share.unbiased, SMOOTH)
