"""Runs of which only scalars are logged: the losses, or a measure of quality of the user's own."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gandiag.analysis.names import Name
from gandiag.experiment.recorded import Recorded
from gandiag.monitoring.monitor import Monitor
from gandiag.selftest.drawn.outcome import Evidence
from gandiag.selftest.drawn.play import Played, recorded

Series = NDArray[np.float64]
"""[log point]."""

ENTROPY = 0x5CA1A3520261201
"""The entropy of the random streams."""

LENGTHS = (50, 100, 300, 1000)

GAMES = {"sum": (1.386, 0.693), "mean": (0.693, 0.693), "critic": (0.0, 0.0)}
"""D's and G's loss where D cannot tell the samples apart."""


@dataclass(frozen=True)
class Logged:
    """The series of a run up to its onset, and what a fault makes of them.

    Attributes:
        d: D's loss.
        g: G's loss.
        since: How far the fault has come [log point]: 0 up to the onset, 1 at the end.
    """

    d: Series
    g: Series
    since: Series


def _d_wins(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """D's loss falls to 1e-7, and G's rises to 12."""
    return run.d * 1e-7**run.since, run.g + 11 * run.since


def _no_contest(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """D's loss is exactly 0, and G's about 20."""
    wrong = run.since > 0
    return np.where(wrong, 0.0, run.d), np.where(wrong, 20 + 0.1 * run.g, run.g)


def _swing(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """Both losses swing by .4, with a period of 8 to 16 log points."""
    wave = 0.4 * np.sin(2 * np.pi * np.arange(len(run.d)) / rng.uniform(8, 16))
    wrong = run.since > 0
    return run.d + wrong * wave, run.g - wrong * wave


def _runs_away(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """D's loss falls to -180, and G's rises to 180."""
    away = 180.0**run.since - 1
    return run.d - away, run.g + away


def _not_finite(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """G's loss is NaN."""
    return run.d, np.where(run.since > 0, np.nan, run.g)


@dataclass(frozen=True)
class ScalarFault:
    """A fault that scalars show.

    Attributes:
        change: What it makes of the losses.
        right: The right verdicts, the best first: without samples often that there is none.
        games: The games that it occurs in.
    """

    change: Callable[[Generator, Logged], tuple[Series, Series]]
    right: tuple[Name, ...]
    games: tuple[str, ...] = ("sum", "mean")


FAULTS: Mapping[str, ScalarFault] = {
    "D wins": ScalarFault(_d_wins, ("undecided", "dead", "diverging")),
    "no contest": ScalarFault(_no_contest, ("undecided", "dead")),
    "losses swing": ScalarFault(_swing, ("undecided", "oscillating")),
    "losses run away": ScalarFault(_runs_away, ("diverging", "undecided"), ("critic",)),
    "not finite": ScalarFault(_not_finite, ("diverging",), tuple(GAMES)),
}
"""The faults of the losses by name."""

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
    def evidence(self) -> Evidence:
        """What its verdict rests on."""
        return "quality column" if self.data == "fid" else "losses only"

    @property
    def right(self) -> tuple[Name, ...]:
        """The right verdicts: without samples nothing is known to be healthy."""
        return FAULTS[self.fault].right if self.fault in FAULTS else ("undecided",)

    @property
    def strength(self) -> float:
        """The noise of the losses."""
        return float(self._rng(0).choice((0.02, 0.05, 0.1)))

    @cached_property
    def points(self) -> int:
        """The log points."""
        return int(self._rng(1).choice(LENGTHS))

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
