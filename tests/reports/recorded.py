"""Stores written by the monitor, and stores of short sweeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import gandiag
from gandiag.store.results import Results


@dataclass(frozen=True)
class MonitorStores:
    """Stores of somebody's own training loops, recorded as anyone would record them."""

    directory: Path

    def store(
        self,
        name: str,
        made: Callable[[int, float, np.random.Generator], Any] | None,
        *,
        real: Any = None,
        seeds: int = 2,
        steps: int = 1000,
        logged: Callable[[int, float], Mapping[str, float]] | None = None,
        **settings: Any,
    ) -> Results:
        """A store of a loop.

        Args:
            name: Its name.
            made: The samples that a seed's generator makes at a part of the way from 0 to 1;
                without it none are logged.
            real: The real samples.
            seeds: How many runs.
            steps: The steps of each.
            logged: What a seed's loop logs at a part of the way; both losses, if not given.
            **settings: Of the monitor.
        """
        directory = self.directory / name
        for seed in range(seeds):
            rng = np.random.default_rng([seed, len(name)])
            monitor = gandiag.Monitor(directory, real=real, seed=seed, every=50, **settings)
            for step in range(0, steps + 1, 10):
                part = step / steps
                losses = {"d_loss": 1.4 - 0.5 * np.exp(-9 * part), "g_loss": 0.7 + 0.1 * part}
                monitor.log(step, d_updates=1, **(logged(seed, part) if logged else losses))
                if made is not None and monitor.wants_samples(step):
                    monitor.log_samples(step, fake=made(seed, part, rng))
            monitor.close()
        return gandiag.load(directory)


@dataclass(frozen=True)
class SweepStores:
    """Stores of our own experiments, swept by the runner that trains nothing."""

    directory: Path

    def of(self, preset: str, seeds: int = 2, **settings: Any) -> Results:
        """A short sweep of a preset, with some settings changed (``a__b`` is ``a.b``)."""
        short = {"schedule.iterations": 40, "recording.every": 2, "recording.samples": 60}
        short |= {"schedule.batch": 8, "schedule.chunk": 10, "recording.batches": 2}
        short |= {name.replace("__", "."): value for name, value in settings.items()}
        out = self.directory / f"store-{sum(1 for _ in self.directory.iterdir())}"
        return gandiag.sweep(preset, seeds, backend="scripted", settings=short, out=out)
