"""Is a column that is NaN lost, or only not measured? One rule, live and offline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.thresholds import CONFIRM, LONGER, RARE, STOPPED

FINITE, MISSING, INFINITE = 0, 1, 2


@dataclass
class Presence:
    """Follows where a column is finite; takes values in pieces of any size, with the same answer.

    Attributes:
        known: How many values were finite.
        missing: How many NaN came back to a finite value, those before the first included.
        longest: The longest streak of these.
        length: The values of the streak that has not ended, 0 where the last value is finite.
    """

    known: int = 0
    missing: int = 0
    longest: int = 0
    length: int = 0
    _start: int = 0
    _infinite: int | None = None

    def take(self, at: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Takes in values [n] and where they are, as steps or log points [n]."""
        kinds = np.where(np.isfinite(values), FINITE, np.where(np.isnan(values), MISSING, INFINITE))
        firsts = np.r_[0, np.flatnonzero(np.diff(kinds)) + 1]
        for first, stop in zip(firsts.tolist(), [*firsts[1:].tolist(), len(kinds)], strict=True):
            if stop > first:
                self._take_streak(int(at[first]), stop - first, int(kinds[first]))

    def _take_streak(self, at: int, length: int, kind: int) -> None:
        if kind == FINITE:
            if self._infinite is None:
                self.missing += self.length
                self.longest = max(self.longest, self.length)
            self.known += length
            self.length, self._infinite = 0, None
            return
        if not self.length:
            self._start = at
        if kind == INFINITE and self._infinite is None:
            self._infinite = at
        self.length += length

    @property
    def sporadic(self) -> bool:
        """Whether the column has no value at more than a tenth of the places, as a rule."""
        return self.missing > RARE * (self.known + self.missing)

    def lost(self, *, loss: bool = True, ended: bool = True) -> int | None:
        """Since where the column is not finite for good; None where it is finite or not measured.

        An infinity is always a loss of the column. NaN is one in a column that was always there,
        longer than it ever was before. A column that is NaN as a rule is not measured; only a
        player's loss that stays away several times longer than ever, or was never there, is lost.

        Args:
            loss: Whether it is a player's loss.
            ended: Whether nothing follows; else a streak of NaN must be as long as what was there,
                up to ``CONFIRM``, for a regular pattern begins like this.
        """
        if not self.length:
            return None
        usual = self.sporadic or self.length <= self.longest
        if self._infinite is not None:
            return self._infinite if usual or not self.known else self._start
        if self.sporadic:
            gone = self.length >= max(STOPPED, LONGER * self.longest)
            return self._start if loss and gone else None
        if usual:
            return None
        if not self.known:  # a training that was lost with its first step, or a column of nothing
            return self._start if loss and (ended or self.length >= STOPPED) else None
        sure = ended or self.length >= (min(self.known, CONFIRM) if self.known > 1 else STOPPED)
        return self._start if sure else None
