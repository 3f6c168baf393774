"""Turns what is logged step by step into rows: means since the row before, counts of updates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.columns import ROW, SAMPLED
from gandiag.monitoring.log_buffer import PLAYERS, Block

Row = dict[str, Any]

RESERVED = ROW - {SAMPLED}
"""Columns that a row has anyway; what is logged under such a name is not recorded."""

LOSSES = tuple(f"{player}_loss" for player in PLAYERS)


@dataclass
class _Tally:
    """What was logged of one column since the last row."""

    total: float = 0.0
    count: int = 0
    least: float = math.inf
    greatest: float = -math.inf
    last: float = math.nan

    def add(self, count: int, total: float, least: float, greatest: float, last: float) -> None:
        """Adds several values; an extreme that is NaN stays NaN."""
        self.total += total
        self.count += count
        if least < self.least or least != least:
            self.least = least
        if greatest > self.greatest or greatest != greatest:
            self.greatest = greatest
        self.last = last


@dataclass
class Windows:
    """Makes the rows of one run: each covers a window, the steps since the row before.

    Attributes:
        every: The steps between two rows.
        end: The number of planned steps, if it is known.
        step: The last step that was added; None before the first.
        row: The step of the last row.
    """

    every: int
    end: int | None = None
    step: int | None = None
    row: int = -1
    _tallies: dict[str, _Tally] = field(default_factory=dict)
    _updates: dict[str, int] = field(default_factory=dict)
    _away: set[str] = field(default_factory=set)
    _returns: set[str] = field(default_factory=set)

    def resume(self, row: Row) -> int:
        """Continues after a row of an earlier process; returns its step."""
        self.row = self.step = int(row["iteration"])
        for player in PLAYERS:
            if row.get(f"{player}_updates") is not None:
                self._updates[player] = int(row[f"{player}_updates"])
        return self.row

    def is_due(self, step: int) -> bool:
        """Whether a row is due at a step: a multiple of ``every`` was passed, or it is the last."""
        passed = self.row < 0 or step // self.every > self.row // self.every
        return step > self.row and (passed or step + 1 == self.end)

    def add(self, block: Block) -> Iterator[Row]:
        """Adds calls, and yields the rows that are complete.

        A row is complete once a later step is logged, because a step may be logged in several
        calls.
        """
        start = 0
        while start < len(block.steps):
            if self.step is not None and block.steps[start] > self.step and self.is_due(self.step):
                yield self.close_row(self.step)
            stop = self._next_boundary(block.steps, start)
            self._add_calls(block, slice(start, stop))
            self.step = int(block.steps[stop - 1])
            start = stop

    def close_row(self, step: int) -> Row:
        """The row of a step; the next window begins after it."""
        counts = {f"{player}_updates": self._updates.get(player) for player in PLAYERS}
        row: Row = {"phase": "train", "iteration": step} | counts
        for name, tally in self._tallies.items():
            lost = name in self._away and name not in self._returns
            row[name] = math.nan if lost or not tally.count else tally.total / tally.count
            if name in LOSSES:
                row |= {
                    f"{name}_min": tally.least,
                    f"{name}_max": tally.greatest,
                    f"{name}_last": tally.last,
                }
        self._tallies.clear()
        self.row = step
        return row

    def remaining(self) -> Iterator[Row]:
        """The row of the last step, unless it has one: a series ends with the last step."""
        if self.step is not None and self.step > self.row:
            yield self.close_row(self.step)

    @property
    def unfinished(self) -> bool:
        """Whether planned steps are missing."""
        return self.end is not None and (self.step is None or self.step + 1 < self.end)

    @property
    def late(self) -> list[str]:
        """The columns logged at a step after its row was made, so that no row has them."""
        return sorted(self._tallies)

    def _next_boundary(self, steps: NDArray[np.int64], start: int) -> int:
        """The first call after ``start`` before which a row may be due."""
        due = 0 if self.row < 0 else (self.row // self.every + 1) * self.every
        if self.end is not None and self.row < self.end - 1:
            due = min(due, self.end - 1)
        first = max(start, int(np.searchsorted(steps, due)))
        if first == len(steps):
            return first
        return int(np.searchsorted(steps, steps[first], side="right"))

    def _add_calls(self, block: Block, calls: slice) -> None:
        for k, player in enumerate(PLAYERS):
            if player in block.counted:
                updates = int(block.updates[calls, k].sum())
                self._updates[player] = self._updates.get(player, 0) + updates
        if not block.names:
            return
        part = block.values[calls]
        counts = len(part) - np.isnan(part).sum(axis=0)  # NaN: not measured at that step
        totals = part.sum(axis=0) if counts.min() == len(part) else np.nansum(part, axis=0)
        statistics = (counts, totals, part.min(axis=0), part.max(axis=0), part[-1])
        for name, *values in zip(block.names, *(s.tolist() for s in statistics), strict=True):
            if name not in RESERVED:
                self._tallies.setdefault(name, _Tally()).add(*values)
        self._follow_breaks(block.names, part)

    def _follow_breaks(self, names: tuple[str, ...], part: NDArray[np.float64]) -> None:
        """Notes which columns came back after NaN: elsewhere NaN is for good."""
        missing = np.isnan(part)
        if not self._away and not missing.any():
            return
        for name, column in zip(names, missing.T, strict=True):
            back = bool((column[:-1] & ~column[1:]).any())
            if back or (name in self._away and not column[0]):
                self._returns.add(name)
            (self._away.add if column[-1] else self._away.discard)(name)
