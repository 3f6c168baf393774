"""An interval of trouble: when it began, was worst and ended, and what moved first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from gandiag.analysis.record import Record
from gandiag.columns import Owner, owner

Kind = Literal[
    "non-finite",
    "blow-up",
    "collapse",
    "partial-collapse",
    "oscillation",
    "standstill",
    "loss-spike",
    "d-overpowering",
    "d-blind",
    "d-at-chance",
    "no-contest",
    "loss-runaway",
    "vanishing-gradient",
    "mode-hopping",
    "quality-regression",
    "stagnation",
]

Mover = Literal["d", "g", "samples", "together", "unknown"]

LogPoint = int | np.int64

MOVERS: dict[Owner, Mover] = {"D": "d", "G": "g", "samples": "samples"}


def mover_of(column: str) -> Mover:
    """Whose move it is where a column moves."""
    return MOVERS.get(owner(column), "unknown")


@dataclass(frozen=True)
class Resolution:
    """The durations or periods that a detector can resolve at a run's cadence, in iterations."""

    shortest: float
    longest: float


@dataclass(frozen=True)
class Episode:
    """An interval of trouble in one run.

    Attributes:
        kind: What it is.
        start: The iteration of the first log point that shows it.
        peak: That of the worst.
        end: That of the last; where it had not ended, the last of the record.
        recovered: Whether it ended before the record did.
        severity: How bad, in the unit that the description names.
        series: The column that shows it.
        description: What happened, without the interval and the full stop.
        first: Who moved first: D, G or the samples.
        resolution: What the detector can resolve at this cadence.
        evidence: The numbers it rests on, by name; read-only.

    Raises:
        ValueError: Start, peak and end are not in that order.
    """

    kind: Kind
    start: int
    peak: int
    end: int
    recovered: bool
    severity: float
    series: str
    description: str
    first: Mover = "unknown"
    resolution: Resolution | None = None
    evidence: Mapping[str, float | int | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses an interval that ends before it begins, and freezes the evidence."""
        if not self.start <= self.peak <= self.end:
            raise ValueError(f"not in order: start {self.start}, peak {self.peak}, end {self.end}")
        object.__setattr__(self, "evidence", MappingProxyType(dict(self.evidence)))

    @property
    def sentence(self) -> str:
        """The description with the interval, complete but for the full stop."""
        return f"{self.description}, from iteration {self.start:,} to {self.end:,}"

    def continues(self, other: Episode) -> bool:
        """Whether both are the same trouble, which had not ended when either was detected."""
        ongoing = not self.recovered and not other.recovered
        return ongoing and (self.kind, self.series) == (other.kind, other.series)


def episode_at(
    record: Record,
    kind: Kind,
    points: tuple[LogPoint, LogPoint, LogPoint],
    *,
    recovered: bool,
    severity: float,
    series: str,
    description: str,
    resolution: tuple[float, float],
    evidence: Mapping[str, float | int | str],
    first: Mover = "unknown",
) -> Episode:
    """An episode from the log points at which it starts, is worst and ends.

    Args:
        record: The run.
        kind: What it is; see `Episode`.
        points: The log points of start, peak and end.
        recovered: Whether it ended before the record did.
        severity: How bad.
        series: The column that shows it.
        description: What happened.
        resolution: The shortest and the longest duration that the detector can resolve.
        evidence: The numbers it rests on.
        first: Who moved first.
    """
    start, peak, end = (int(record.iteration[point]) for point in points)
    return Episode(
        kind=kind,
        start=start,
        peak=peak,
        end=end,
        recovered=recovered,
        severity=severity,
        series=series,
        description=description,
        first=first,
        resolution=Resolution(*resolution),
        evidence=evidence,
    )
