"""How a run is recorded: its length, its samples, its transient, and when it goes wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from gandiag.selftest.drawn.population import Samples

COUNTS = (50, 300, 2500)
"""The generated samples a log point."""

SHARES = {"few": (0.3, 0.5, 0.2), "many": (0.3, 0.6, 0.1)}
"""How often each number is drawn, of few and of many columns."""

LENGTHS = {"few": (20, 40, 100, 300, 2000), "many": (20, 40, 100)}
"""The log points of a run, of few and of many columns."""

FEW = 3
"""Up to this number of columns there are few."""

REAL = (300, 5000)
"""The fewest and the most real samples."""

FAR, NARROW = 3.0, 0.2
"""Where a generator starts, in standard deviations, and its width there."""


@dataclass(frozen=True)
class Timeline:
    """How a run is recorded.

    Attributes:
        points: The log points that are planned.
        every: The steps between two of them.
        n: The generated samples of each.
        m: The real samples.
        transient: The log points in which the start decays to a hundredth.
        onset: The log point of the fault; 0 for the start.
        gap: The first log point that is missing, as after a resume, and the first that is there.
        fixed: Whether the same latent points are used throughout.
    """

    points: int
    every: int
    n: int
    m: int
    transient: float
    onset: int
    gap: tuple[int, int]
    fixed: bool

    def recorded(self) -> list[int]:
        """The log points that are there, from 1."""
        return [k for k in range(1, self.points + 1) if not self.gap[0] <= k < self.gap[1]]

    def early(self, k: int) -> float:
        """How much is left of the start at a log point: 1 at first, .01 after the transient."""
        return float(0.01 ** (k / self.transient)) if self.transient else 0.0

    def started(self, samples: Samples, k: int, centre: Samples, scale: Samples) -> Samples:
        """Samples of a generator that starts narrow and far, and converges."""
        left = self.early(k)
        if left < 1e-4:
            return samples
        pulled = centre + (1 - (1 - NARROW) * left) * (samples - centre)
        return np.asarray(pulled + FAR * left * scale)


def draw_timeline(rng: Generator, size: int, healthy: bool) -> Timeline:
    """Draws how a run is recorded."""
    lengths = LENGTHS["few" if size <= FEW else "many"]
    weights = np.array((0.25, 0.35, 0.3, 0.07, 0.03)[: len(lengths)])
    points = int(rng.choice(lengths, p=weights / weights.sum()))
    late = not healthy and rng.random() < 0.6
    begins, wide = int(rng.uniform(0.3, 0.7) * points), int(0.15 * points)
    return Timeline(
        points=points,
        every=int(rng.choice((1, 10, 100))),
        n=int(rng.choice(COUNTS, p=SHARES["few" if size <= FEW else "many"])),
        m=int(np.exp(rng.uniform(*np.log(REAL)))),
        transient=float(rng.uniform(0.05, 0.2)) * points if rng.random() < 0.7 else 0.0,
        onset=int(rng.uniform(0.05, 0.7) * points) if late else 0,
        gap=(begins, begins + wide) if rng.random() < 0.15 else (0, 0),
        fixed=bool(rng.random() < 0.25),
    )
