"""The drawn runs: which data, which fault, how strong, and recorded how."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gandiag.analysis.names import Name
from gandiag.selftest.drawn import changes
from gandiag.selftest.drawn.changes import Change
from gandiag.selftest.drawn.faults import FAULTS, HEALTHY
from gandiag.selftest.drawn.lines import LINES
from gandiag.selftest.drawn.planes import PLANES
from gandiag.selftest.drawn.play import (
    Played,
    Script,
    by_monitor,
    by_sweep,
    modes_of,
    of_file,
    of_formula,
)
from gandiag.selftest.drawn.population import Ground, Population, Samples, robust_scale
from gandiag.selftest.drawn.tables import TABLES
from gandiag.selftest.drawn.timeline import Timeline, draw_timeline
from gandiag.selftest.drawn.truth import deserved

POPULATIONS: Mapping[str, Population] = {data.name: data for data in (*LINES, *PLANES, *TABLES)}
"""All distributions of data by name."""

ENTROPY = 0xD4A3B5A3B1E520261201
"""The entropy of the random streams; the two grounds differ in their distributions."""

BY_FILE = 0.25
"""How often a user's samples are a file that a sweep reads."""

BY_MODES = 0.5
"""How often known modes are passed to a Monitor, and are not those of an experiment."""

RESOLVED = 48
"""The log points in which an oscillation has four of the longest periods."""

HEALTHY_SHARE = 4
"""Healthy runs for every run of a fault: their alarms are to be rare."""


@dataclass(frozen=True)
class DrawnCase:
    """A run, addressed by data, fault and number; the same address is the same run.

    Raises:
        KeyError: There is no such data or fault.
    """

    data: str
    fault: str
    index: int

    def __post_init__(self) -> None:
        """Checks the names."""
        _ = POPULATIONS[self.data], self.fault == HEALTHY or FAULTS[self.fault]

    @property
    def population(self) -> Population:
        """The distribution of its data."""
        return POPULATIONS[self.data]

    kinds = ()

    @property
    def n(self) -> int:
        """The samples a log point."""
        return self.timeline.n

    @property
    def onset(self) -> int:
        """The last log point before the fault; 0 for a fault from the start."""
        return self.timeline.onset

    @property
    def right(self) -> tuple[Name, ...]:
        """The right verdicts at its end; empty in the grey zone."""
        lasted = self.timeline.points - self.onset
        if self.fault == "swing" and lasted < RESOLVED:
            return ()
        return deserved(self.change.state)

    @cached_property
    def timeline(self) -> Timeline:
        """How it is recorded."""
        return draw_timeline(self._rng(0), self.population.size, self.fault == HEALTHY)

    @property
    def strength(self) -> float:
        """The strength of its fault; 0 without one."""
        return self.change.state.lost if self.fault == "lost" else self._drawn_strength

    @cached_property
    def _drawn_strength(self) -> float:
        if self.fault == HEALTHY:
            return 0.0
        low, high = FAULTS[self.fault].strengths
        return float(self._rng(1).uniform(low, high))

    @cached_property
    def change(self) -> Change:
        """What its generator draws from the onset on."""
        rng = self._rng(2)
        make = changes.none if self.fault == HEALTHY else FAULTS[self.fault].make
        change = make(rng, self.population, self._drawn_strength)
        still = self.timeline.fixed and self.fault != "swing"
        return changes.fixed(change, rng, self.timeline.n) if still else change

    def play(self) -> Played:
        """Draws and records it."""
        rng, data, when = self._rng(3), self.population, self.timeline
        real = data.draw_real(rng, when.m)
        script = Script(when.points, when.every, when.recorded(), self._samples(real), data.shape)
        if data.weights and data.experiment and rng.random() < BY_MODES:
            return by_monitor(rng, script, real, **modes_of(data))
        if data.experiment:
            return by_sweep(rng, script, of_formula(data, script))
        if rng.random() >= BY_FILE:
            return by_monitor(rng, script, real)
        with of_file(real, script) as experiment:
            return by_sweep(rng, script, experiment)

    def _samples(self, real: Samples) -> _Samples:
        before = changes.none(self._rng(4), self.population, 0.0)
        if self.timeline.fixed:
            before = changes.fixed(before, self._rng(5), self.timeline.n)
        centre, scale = np.median(real, axis=0), robust_scale(real)
        return _Samples(self, before, centre, scale, self._rng(6))

    def _rng(self, stream: int) -> np.random.Generator:
        names = (zlib.crc32(self.data.encode()), zlib.crc32(self.fault.encode()))
        key = (*names, self.index, stream)
        return np.random.default_rng(np.random.SeedSequence(ENTROPY, spawn_key=key))


@dataclass(frozen=True, eq=False)
class _Samples:
    """The samples of every log point, in order."""

    case: DrawnCase
    before: Change
    centre: Samples
    scale: Samples
    rng: np.random.Generator

    def __call__(self, k: int) -> Samples:
        """The generated samples [n, d] of log point k, from 1."""
        when = self.case.timeline
        wrong = k > when.onset
        change = self.case.change if wrong else self.before
        samples = change.draw(self.rng, when.n, k - when.onset if wrong else k)
        return when.started(samples, k, self.centre, self.scale)


def drawn_cases(ground: Ground, runs: int, first: int = 0) -> list[DrawnCase]:
    """``runs`` cases of every fault of every data of a ground, and more of the healthy ones."""
    selected: list[DrawnCase] = []
    for data in POPULATIONS.values():
        if data.ground == ground:
            names = [fault.name for fault in FAULTS.values() if fault.suits(data)]
            counts = {HEALTHY: HEALTHY_SHARE * runs} | dict.fromkeys(names, runs)
            for name, count in counts.items():
                selected += [DrawnCase(data.name, name, first + k) for k in range(count)]
    return selected
