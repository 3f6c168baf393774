"""The simulated cases: which runs are drawn, and the ground truth of each.

Cases are drawn in two sets. Thresholds are set on the calibrating set, and error rates are reported
for the other one; their random numbers are independent.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gandiag.analysis.episode import Kind
from gandiag.analysis.names import Name
from gandiag.analysis.record import Record
from gandiag.selftest.faults import ALL_KINDS, FAULTS
from gandiag.selftest.healthy import LENGTHS, healthy_run
from gandiag.selftest.noise import AUTOCORRELATIONS, Noise
from gandiag.selftest.recording import record_run
from gandiag.selftest.target import DataKind

Split = Literal["calibrating", "reporting"]

ENTROPY: Mapping[Split, int] = {
    "calibrating": 0x5E1F7E57CA11B8A7E,
    "reporting": 0x5E1F7E57F0817AB1E20261122,
}
"""The entropy of each set's random streams."""

HEALTHY = ("healthy-line", "healthy-modes", "healthy-features", "healthy-trends")
"""The names of the healthy runs: one for each kind of data, and one with trends on any data."""


@dataclass(frozen=True)
class Truth:
    """The ground truth of a simulated run.

    Attributes:
        correct: The correct verdicts at its end, the best first.
        onset: The iteration at which the fault begins; None for a healthy run.
        settled: The iteration at which the transient has decayed to a hundredth.
        kinds: The kinds of episodes that the fault should cause.
        settings: How the run was drawn: its data, noise, length and cadence.
    """

    correct: tuple[Name, ...]
    onset: int | None
    settled: int
    kinds: tuple[Kind, ...]
    settings: Mapping[str, str | int | float | bool]


@dataclass(frozen=True)
class Case:
    """A simulated run, addressed by name, number and set.

    Raises:
        ValueError: There is no healthy run or fault of that name, or no such set.
    """

    name: str
    index: int
    split: Split

    def __post_init__(self) -> None:
        """Checks the name and the set."""
        if self.name not in NAMES:
            raise ValueError(f"unknown case {self.name!r}; known cases: {', '.join(NAMES)}")
        if self.split not in ENTROPY:
            raise ValueError(f"unknown set {self.split!r}; known sets: {', '.join(ENTROPY)}")

    @property
    def healthy(self) -> bool:
        """Whether it is a run without a fault."""
        return self.name in HEALTHY

    def draw(self) -> tuple[Record, Truth]:
        """Simulates the run; every call gives the same one."""
        return _healthy(self, _stream(self)) if self.healthy else _faulty(self, _stream(self))


NAMES = (*HEALTHY, *FAULTS)
"""The names of all cases."""


def cases(split: Split, runs: int, names: tuple[str, ...] = NAMES) -> list[Case]:
    """``runs`` cases of each name."""
    return [Case(name, index, split) for name in names for index in range(runs)]


def _stream(case: Case) -> np.random.Generator:
    """The case's own random stream, which does not depend on which other cases exist."""
    key = (zlib.crc32(case.name.encode()), case.index)
    return np.random.default_rng(np.random.SeedSequence(ENTROPY[case.split], spawn_key=key))


def _healthy(case: Case, rng: np.random.Generator) -> tuple[Record, Truth]:
    trends = case.name == "healthy-trends"
    kind = _choice(rng, ALL_KINDS) if trends else _KINDS[case.name]
    noise, length = _noise(rng), int(rng.choice(LENGTHS))
    run = healthy_run(rng, kind, noise, length, trends=trends)
    record = record_run(rng, run)
    return record, Truth(
        ("healthy",), None, run.settled, (), _settings(record, kind, noise, length)
    )


def _faulty(case: Case, rng: np.random.Generator) -> tuple[Record, Truth]:
    fault = FAULTS[case.name]
    kind, noise = _choice(rng, fault.data), _noise(rng)
    length = int(rng.choice([n for n in LENGTHS if n >= fault.shortest]))
    run = healthy_run(rng, kind, noise, length)
    onset_index = int(np.rint(rng.uniform(*fault.between) * length))
    onset = int(run.iteration[onset_index])
    record = record_run(rng, fault.inject(rng, run, onset_index))
    settings = _settings(record, kind, noise, length)
    return record, Truth(fault.correct, onset, run.settled, fault.kinds, settings)


_KINDS: Mapping[str, DataKind] = {f"healthy-{kind}": kind for kind in ALL_KINDS}


def _choice(rng: np.random.Generator, kinds: tuple[DataKind, ...]) -> DataKind:
    return kinds[int(rng.integers(len(kinds)))]


def _noise(rng: np.random.Generator) -> Noise:
    return Noise(float(rng.choice(AUTOCORRELATIONS)), bool(rng.random() < 0.5))


def _settings(
    record: Record, kind: DataKind, noise: Noise, length: int
) -> dict[str, str | int | float | bool]:
    return {
        "family": kind,
        "memory": noise.autocorrelation,
        "heavy": noise.heavy_tailed,
        "points": length,
        "cadence": int(record.cadence),
    }
