"""The registry of the cases: which runs are simulated, and what is true of each.

Cases are drawn in two sets. Thresholds are set on the calibrating one and error rates are reported
of the other; no number of the one is a function of a number of the other.
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
from gandiag.selftest.faults import EVERYWHERE, FAULTS
from gandiag.selftest.healthy import LENGTHS, healthy
from gandiag.selftest.noise import MEMORIES, Noise
from gandiag.selftest.observing import observe
from gandiag.selftest.target import Family

Part = Literal["calibrating", "reporting"]

ENTROPY: Mapping[Part, int] = {
    "calibrating": 0x5E1F7E57CA11B8A7E,
    "reporting": 0x5E1F7E57F0817AB1E20261122,
}
"""The seed of each set."""

NULLS = ("healthy-line", "healthy-modes", "healthy-features", "healthy-trends")
"""The names of the healthy runs: by what the data are like, and with trends of all of these."""


@dataclass(frozen=True)
class Truth:
    """What is true of a simulated run.

    Attributes:
        right: The verdicts that are right at its end, the best first.
        onset: The iteration at which the fault begins; None of a healthy run.
        settled: The iteration at which a hundredth of the transient is left.
        kinds: The kinds of episodes that show the fault.
        facts: How the run was drawn: its data, its noise, its length and cadence.
    """

    right: tuple[Name, ...]
    onset: int | None
    settled: int
    kinds: tuple[Kind, ...]
    facts: Mapping[str, str | int | float | bool]


@dataclass(frozen=True)
class Case:
    """A simulated run by its name, its number and its set.

    Raises:
        ValueError: There is no healthy run or fault of that name, or no such set.
    """

    name: str
    index: int
    part: Part

    def __post_init__(self) -> None:
        """Refuses what cannot be drawn."""
        if self.name not in NAMES:
            raise ValueError(f"there is no case {self.name!r}; there are {', '.join(NAMES)}")
        if self.part not in ENTROPY:
            raise ValueError(f"there is no set {self.part!r}; there are {', '.join(ENTROPY)}")

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.name in NULLS

    def draw(self) -> tuple[Record, Truth]:
        """Simulates the run: always the same one."""
        return _null(self, _stream(self)) if self.healthy else _faulty(self, _stream(self))


NAMES = (*NULLS, *FAULTS)
"""The names of all cases."""


def cases(part: Part, runs: int, names: tuple[str, ...] = NAMES) -> list[Case]:
    """So many runs of each name."""
    return [Case(name, index, part) for name in names for index in range(runs)]


def _stream(case: Case) -> np.random.Generator:
    """A stream of the case's own: a fault more or less shifts no other."""
    key = (zlib.crc32(case.name.encode()), case.index)
    return np.random.default_rng(np.random.SeedSequence(ENTROPY[case.part], spawn_key=key))


def _null(case: Case, rng: np.random.Generator) -> tuple[Record, Truth]:
    trends = case.name == "healthy-trends"
    family = _one(rng, EVERYWHERE) if trends else _FAMILIES[case.name]
    noise, length = _noise(rng), int(rng.choice(LENGTHS))
    course = healthy(rng, family, noise, length, trends=trends)
    record = observe(rng, course)
    return record, Truth(
        ("healthy",), None, course.settled, (), _facts(record, family, noise, length)
    )


def _faulty(case: Case, rng: np.random.Generator) -> tuple[Record, Truth]:
    fault = FAULTS[case.name]
    family, noise = _one(rng, fault.families), _noise(rng)
    length = int(rng.choice([n for n in LENGTHS if n >= fault.shortest]))
    course = healthy(rng, family, noise, length)
    at = int(np.rint(rng.uniform(*fault.between) * length))
    onset = int(course.iteration[at])
    record = observe(rng, fault.plant(rng, course, at))
    facts = _facts(record, family, noise, length)
    return record, Truth(fault.right, onset, course.settled, fault.kinds, facts)


_FAMILIES: Mapping[str, Family] = {f"healthy-{family}": family for family in EVERYWHERE}


def _one(rng: np.random.Generator, families: tuple[Family, ...]) -> Family:
    return families[int(rng.integers(len(families)))]


def _noise(rng: np.random.Generator) -> Noise:
    return Noise(float(rng.choice(MEMORIES)), bool(rng.random() < 0.5))


def _facts(
    record: Record, family: Family, noise: Noise, length: int
) -> dict[str, str | int | float | bool]:
    return {
        "family": family,
        "memory": noise.memory,
        "heavy": noise.heavy,
        "points": length,
        "cadence": int(record.cadence),
    }
