"""What was logged and is not yet written: the part of the recorder that every step pays for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.monitoring.scalars import Captured, capture, fetch, to_int

PLAYERS = ("d", "g")


@dataclass(frozen=True, eq=False)
class Block:
    """Consecutive calls that logged the same names.

    Attributes:
        names: The names.
        steps: The step of each call, shape [call], never decreasing.
        values: What was logged, shape [call, name].
        updates: The updates of D and of G, shape [call, 2].
        counted: The players whose updates were logged.
    """

    names: tuple[str, ...]
    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    updates: NDArray[np.int64]
    counted: frozenset[str]


class LogBuffer:
    """Collects calls until their values are fetched together.

    Attributes:
        calls: The number of calls in the buffer.
    """

    def __init__(self) -> None:
        self.calls = 0
        self._finished: list[tuple[tuple[str, ...], list[int], list[Captured], list[Any]]] = []
        self._names: tuple[str, ...] = ()
        self._start_block()

    def add(self, step: int, scalars: Mapping[str, Any], d: int | None, g: int | None) -> None:
        """Adds a call, without waiting for a device.

        Raises:
            NotAScalarError: Something is not one number; nothing of the call was added.
            TracedError: Something is symbolic; nothing of the call was added.
        """
        values = [v if type(v) is float else capture(v) for v in scalars.values()]
        d, g = (n if n is None or type(n) is int else to_int(n) for n in (d, g))
        names = tuple(scalars)
        if names != self._names:
            self._finish_block()
            self._names = names
        self._steps.append(step)
        self._values += values
        self._updates += (d, g)
        self.calls += 1

    def drain(self) -> list[Block]:
        """Empties the buffer, with one transfer from each device."""
        self._finish_block()
        finished, self._finished, self.calls = self._finished, [], 0
        numbers = fetch([value for _, _, captured, _ in finished for value in captured])
        blocks, start = [], 0
        for names, steps, captured, updates in finished:
            values = np.array(numbers[start : start + len(captured)], dtype=np.float64)
            start += len(captured)
            blocks.append(_block(names, steps, values, updates))
        return blocks

    def _start_block(self) -> None:
        self._steps: list[int] = []
        self._values: list[Captured] = []
        self._updates: list[int | None] = []

    def _finish_block(self) -> None:
        if self._steps:
            self._finished.append((self._names, self._steps, self._values, self._updates))
            self._start_block()


def _block(
    names: tuple[str, ...], steps: list[int], values: NDArray[np.float64], updates: list[Any]
) -> Block:
    counts = np.array(updates, dtype=np.float64).reshape(-1, len(PLAYERS))  # None becomes NaN
    logged = ~np.isnan(counts)
    return Block(
        names,
        np.array(steps, dtype=np.int64),
        values.reshape(len(steps), len(names)),
        np.where(logged, counts, 0).astype(np.int64),
        frozenset(player for k, player in enumerate(PLAYERS) if np.any(logged[:, k])),
    )
