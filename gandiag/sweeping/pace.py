"""How often to save: by the clock, and seldom enough that saving costs little."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

SHARE = 0.02
"""The share of the training's time that saving may take."""

NEGLIGIBLE_S = 0.2
"""What a save may take before it is looked at: that share of the ten seconds between two."""


class Pace:
    """Says when a save is due; it changes no number of a training.

    Args:
        every_s: The time between two saves that cost next to nothing, in seconds.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = self._wait_s = every_s
        self._saved = time.perf_counter()

    @property
    def is_due(self) -> bool:
        """Whether to save now."""
        return time.perf_counter() - self._saved >= self._wait_s

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Measures what a save takes; the next is due when that is a small part of the time."""
        began = time.perf_counter()
        yield
        self._saved = time.perf_counter()
        self._wait_s = wait_s(self._every_s, self._saved - began)


def wait_s(every_s: float, cost_s: float) -> float:
    """How long to train until the next save, in seconds.

    Args:
        every_s: The least.
        cost_s: What the last save took.

    >>> wait_s(10, 0.1), wait_s(10, 1.5)
    (10, 75.0)
    """
    return max(every_s, cost_s / SHARE) if cost_s > NEGLIGIBLE_S else every_s
