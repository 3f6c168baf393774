"""Follows the columns that a user has named as a measure of quality: their best so far."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from gandiag.experiment.recorded import Goal


class Best(NamedTuple):
    """The best value of a column so far.

    Attributes:
        step: The step of its row; the checkpoint to keep.
        value: The value, the mean over the row's window where it was logged more often.
    """

    step: int
    value: float


class BestSoFar:
    """The best value of every measure of quality, and how long ago it was.

    Args:
        goals: Which values are good, by column.
    """

    def __init__(self, goals: Mapping[str, Goal]) -> None:
        self._goals = dict(goals)
        self._best: dict[str, Best] = {}
        self._pauses: dict[str, int] = {}

    def take(self, row: Mapping[str, Any]) -> None:
        """Takes in a row; what is not finite or not there says nothing."""
        for column, goal in self._goals.items():
            value = row.get(column)
            if not isinstance(value, int | float) or not math.isfinite(value):
                continue
            best = self._best.get(column)
            if best is None or (value < best.value if goal == "low" else value > best.value):
                self._best[column] = Best(int(row["iteration"]), float(value))
                self._pauses[column] = 0
            else:
                self._pauses[column] += 1

    @property
    def best(self) -> dict[str, Best]:
        """The best so far by column; without those that have no value yet."""
        return dict(self._best)

    def has_paused(self, patience: int | None) -> bool:
        """Whether none of the columns has bettered its best for so many of its values."""
        if patience is None or not self._pauses:
            return False
        return all(pause >= patience for pause in self._pauses.values())
