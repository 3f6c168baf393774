"""Runs of which only scalars are logged: the losses, or a measure of quality of the user's own."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.random import Generator

from gandiag.analysis.names import Name
from gandiag.experiment.recorded import Recorded
from gandiag.monitoring.monitor import Monitor
from gandiag.selftest.drawn.play import Played, recorded
from gandiag.selftest.drawn.scalar_faults import FAULTS, GAMES, Logged, Series

ENTROPY = 0x5CA1A3520261201
"""The entropy of the random streams."""

LENGTHS = (50, 100, 300, 1000)

WORSENING = "quality worsens"
"""The fault of a measure of quality: it doubles."""


@dataclass(frozen=True)
class ScalarCase:
    """A run of which only scalars are logged.

    Attributes:
        data: The game, a key of `GAMES`, or ``fid`` for a measure of quality beside losses.
        fault: A key of `FAULTS`, `WORSENING`, or ``none``.
        index: Its number.
    """

    data: str
    fault: str
    index: int

    n = 0

    @property
    def right(self) -> tuple[Name, ...]:
        """The right verdicts: without samples nothing is known to be healthy."""
        return FAULTS[self.fault].right if self.fault in FAULTS else ("undecided",)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of episodes that tell of its fault."""
        if self.fault == WORSENING:
            return ("quality-regression",)
        return FAULTS[self.fault].kinds if self.fault in FAULTS else ()

    @property
    def strength(self) -> float:
        """The noise of the losses."""
        return float(self._rng(0).choice((0.02, 0.05, 0.1)))

    @cached_property
    def points(self) -> int:
        """The log points."""
        lengths = LENGTHS[1:] if self.fault == "losses swing" else LENGTHS
        return int(self._rng(1).choice(lengths))

    @property
    def onset(self) -> int:
        """The last log point before the fault."""
        return 0 if self.fault == "none" else int(self._rng(2).uniform(0.25, 0.6) * self.points)

    def play(self) -> Played:
        """Draws and records it."""
        columns = self._columns(self._rng(3))
        monitor = Monitor(
            None,
            every=1,
            iterations=self.points,
            name="drawn",
            quality={"fid": "low"} if "fid" in columns else None,
        )
        verdicts: list[tuple[int, Name]] = []
        for k in range(1, self.points + 1):
            values = {name: float(series[k - 1]) for name, series in columns.items()}
            monitor.log(k, d_updates=1, g_updates=1, **values)
            monitor.flush()
            verdicts.append((k, monitor.verdict.name))
        monitor.close()
        trained = Recorded(
            name="drawn",
            iterations=self.points,
            quality={"fid": "low"} if "fid" in columns else {},
        )
        return Played(tuple(verdicts), monitor.verdict.name, recorded(monitor, trained))

    def _columns(self, rng: Generator) -> dict[str, Series]:
        game, k = GAMES.get(self.data, GAMES["sum"]), np.arange(self.points)
        early = 0.01 ** (k / max(rng.uniform(0.05, 0.2) * self.points, 1.0))
        noise = self.strength * rng.standard_normal((2, self.points))
        since = np.clip((k + 1 - self.onset) / (self.points - self.onset), 0, 1)
        since = since * (self.fault != "none")
        run = Logged(game[0] - 0.5 * early + noise[0], game[1] + early + noise[1], since)
        if self.data == "fid":
            return {"d_loss": run.d, "g_loss": run.g, "fid": _fid(rng, early, since)}
        d, g = (run.d, run.g) if self.fault == "none" else FAULTS[self.fault].change(rng, run)
        return {"d_loss": d, "g_loss": g}

    def _rng(self, stream: int) -> Generator:
        names = (zlib.crc32(self.data.encode()), zlib.crc32(self.fault.encode()))
        key = (*names, self.index, stream)
        return np.random.default_rng(np.random.SeedSequence(ENTROPY, spawn_key=key))


def _fid(rng: Generator, early: Series, since: Series) -> Series:
    """A distance that falls from 300 to 30, with a noise of 4 %; with the fault it doubles."""
    return (30 + 270 * early) * (1 + since) * np.exp(0.04 * rng.standard_normal(len(early)))


def scalar_cases(runs: int, first: int = 0) -> list[ScalarCase]:
    """``runs`` cases of every fault, and four times as many of every kind of healthy run."""
    names = [(game, name) for name, fault in FAULTS.items() for game in fault.games]
    names += [("fid", WORSENING)]
    healthy = [(game, "none") for game in (*GAMES, "fid")]
    cases = [ScalarCase(*name, first + k) for name in names for k in range(runs)]
    return cases + [ScalarCase(*name, first + k) for name in healthy for k in range(4 * runs)]
