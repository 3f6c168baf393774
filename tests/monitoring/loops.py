"""A loop that logs to a monitor, and what the tests of the monitor share."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

import gandiag

REAL = np.random.default_rng(0).normal(4.0, 0.5, 3000)

Expect = Callable[[str], None]


def play(
    monitor: gandiag.Monitor, steps: int = 301, shift: float = 0.0, lost_from: int | None = None
) -> int:
    """A loop; returns how many steps it made."""
    rng = np.random.default_rng(1)
    for step in range(steps):
        lost = lost_from is not None and step >= lost_from
        d_loss = math.nan if lost else 1.3 + step / 1000
        monitor.log(step, d_loss=d_loss, g_loss=0.7, d_updates=2, g_updates=1)
        if monitor.wants_samples(step):
            monitor.log_samples(step, fake=rng.normal(4.0 + shift, 0.5, 500))
        if monitor.should_stop:
            return step + 1
    return steps


def notes(home: Path) -> dict[str, str]:
    return dict(gandiag.load(home).provenance["notes"])
