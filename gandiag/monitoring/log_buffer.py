"""What was logged and not yet written: the part of the recorder that every step goes through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.monitoring.scalars import Held, fetch, hold, whole

PLAYERS = ("d", "g")


@dataclass(frozen=True, eq=False)
class Block:
    """Calls, one after the other, that logged the same names.

    Attributes:
        names: The names.
        steps: The step of each call, shape [call], never falling.
        values: What was logged, shape [call, name].
        updates: The updates of D and of G, shape [call, 2].
        counted: The players whose updates were given.
    """

    names: tuple[str, ...]
    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    updates: NDArray[np.int64]
    counted: frozenset[str]


class LogBuffer:
    """Holds calls until they are fetched together.

    Attributes:
        calls: How many there are.
    """

    def __init__(self) -> None:
        self.calls = 0
        self._full: list[tuple[tuple[str, ...], list[int], list[Held], list[Any]]] = []
        self._names: tuple[str, ...] = ()
        self._open()

    def put(self, step: int, scalars: Mapping[str, Any], d: int | None, g: int | None) -> None:
        """Takes a call in; it waits for no device.

        Raises:
            NotAScalarError: Something is not one number; nothing of the call was taken.
            TracedError: Something is a symbol; nothing of the call was taken.
        """
        held = [v if type(v) is float else hold(v) for v in scalars.values()]
        d, g = (n if n is None or type(n) is int else whole(n) for n in (d, g))
        names = tuple(scalars)
        if names != self._names:
            self._close()
            self._names = names
        self._steps.append(step)
        self._held += held
        self._updates += (d, g)
        self.calls += 1

    def take(self) -> list[Block]:
        """Gives out what was logged, with one transfer from each device."""
        self._close()
        full, self._full, self.calls = self._full, [], 0
        numbers = fetch([value for _, _, held, _ in full for value in held])
        blocks, place = [], 0
        for names, steps, held, updates in full:
            values = np.array(numbers[place : place + len(held)], dtype=np.float64)
            place += len(held)
            blocks.append(_block(names, steps, values, updates))
        return blocks

    def _open(self) -> None:
        self._steps: list[int] = []
        self._held: list[Held] = []
        self._updates: list[int | None] = []

    def _close(self) -> None:
        if self._steps:
            self._full.append((self._names, self._steps, self._held, self._updates))
            self._open()


def _block(
    names: tuple[str, ...], steps: list[int], values: NDArray[np.float64], updates: list[Any]
) -> Block:
    counts = np.array(updates, dtype=np.float64).reshape(-1, len(PLAYERS))  # None becomes NaN
    given = ~np.isnan(counts)
    return Block(
        names,
        np.array(steps, dtype=np.int64),
        values.reshape(len(steps), len(names)),
        np.where(given, counts, 0).astype(np.int64),
        frozenset(player for k, player in enumerate(PLAYERS) if np.any(given[:, k])),
    )
