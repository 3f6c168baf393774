"""From what was logged step by step to rows of a series, with the means since the row before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.monitoring.log_buffer import PLAYERS, Block

Row = dict[str, Any]

RESERVED = frozenset(
    ("run", "point", "seed", "backend", "phase", "iteration", "d_updates", "g_updates", "wall_s")
)
"""Columns that a row has anyway; what is logged under such a name is not recorded."""

LOSSES = tuple(f"{player}_loss" for player in PLAYERS)


@dataclass
class _Tally:
    """A quantity since the last row."""

    total: float = 0.0
    count: int = 0
    least: float = math.inf
    greatest: float = -math.inf
    last: float = math.nan

    def add(self, count: int, total: float, least: float, greatest: float, last: float) -> None:
        """Takes some values in; an extreme that is NaN stays NaN."""
        self.total += total
        self.count += count
        if least < self.least or least != least:
            self.least = least
        if greatest > self.greatest or greatest != greatest:
            self.greatest = greatest
        self.last = last


@dataclass
class Windows:
    """The rows of one run in the making.

    Attributes:
        every: The steps between two rows.
        end: The step after the last one that is planned, where that is known.
        step: The last step that was taken in; None before the first.
        row: The step of the last row.
    """

    every: int
    end: int | None = None
    step: int | None = None
    row: int = -1
    _tallies: dict[str, _Tally] = field(default_factory=dict)
    _updates: dict[str, int] = field(default_factory=dict)

    def go_on(self, row: Row) -> int:
        """Continues after a row; returns its step."""
        self.row = self.step = int(row["iteration"])
        for player in PLAYERS:
            if row.get(f"{player}_updates") is not None:
                self._updates[player] = int(row[f"{player}_updates"])
        return self.row

    def is_due(self, step: int) -> bool:
        """Whether a cadence lies between the last row and a step, or the step is the last."""
        passed = self.row < 0 or step // self.every > self.row // self.every
        return step > self.row and (passed or step + 1 == self.end)

    def take(self, block: Block) -> Iterator[Row]:
        """Takes calls in; the rows that became complete by them come out.

        A row is complete when a later step is seen, for a step may be logged in several calls.
        """
        start = 0
        while start < len(block.steps):
            if self.step is not None and block.steps[start] > self.step and self.is_due(self.step):
                yield self.close(self.step)
            stop = self._next(block.steps, start)
            self._add(block, slice(start, stop))
            self.step = int(block.steps[stop - 1])
            start = stop

    def close(self, step: int) -> Row:
        """The row of a step; the next begins after it."""
        counts = {f"{player}_updates": self._updates.get(player) for player in PLAYERS}
        row: Row = {"phase": "train", "iteration": step} | counts
        for name, tally in self._tallies.items():
            row[name] = tally.total / tally.count
            if name in LOSSES:
                row |= {
                    f"{name}_min": tally.least,
                    f"{name}_max": tally.greatest,
                    f"{name}_last": tally.last,
                }
        self._tallies.clear()
        self.row = step
        return row

    def rest(self) -> Iterator[Row]:
        """The row of the last step, where it was not given out: a series ends where it does."""
        if self.step is not None and self.step > self.row:
            yield self.close(self.step)

    @property
    def unfinished(self) -> bool:
        """Whether steps are missing of those that are planned."""
        return self.end is not None and (self.step is None or self.step + 1 < self.end)

    @property
    def late(self) -> list[str]:
        """What was logged at a step after its row was made, and no row has yet."""
        return sorted(self._tallies)

    def _next(self, steps: NDArray[np.int64], start: int) -> int:
        """The first call after ``start`` before which a row may have to be closed."""
        due = 0 if self.row < 0 else (self.row // self.every + 1) * self.every
        if self.end is not None and self.row < self.end - 1:
            due = min(due, self.end - 1)
        first = max(start, int(np.searchsorted(steps, due)))
        if first == len(steps):
            return first
        return int(np.searchsorted(steps, steps[first], side="right"))

    def _add(self, block: Block, calls: slice) -> None:
        for k, player in enumerate(PLAYERS):
            if player in block.counted:
                made = int(block.updates[calls, k].sum())
                self._updates[player] = self._updates.get(player, 0) + made
        if not block.names:
            return
        part = block.values[calls]
        sums = (part.sum(axis=0), part.min(axis=0), part.max(axis=0), part[-1])
        for name, *of_it in zip(block.names, *(each.tolist() for each in sums), strict=True):
            if name not in RESERVED:
                self._tallies.setdefault(name, _Tally()).add(len(part), *of_it)
