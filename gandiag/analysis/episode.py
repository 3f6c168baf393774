"""An interval of trouble: where it began, was worst and ended, and who moved first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

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
    "vanishing-gradient",
    "mode-hopping",
    "quality-regression",
    "stagnation",
]

Mover = Literal["d", "g", "samples", "together", "unknown"]


@dataclass(frozen=True)
class Resolution:
    """Which durations or periods a detector can see at a run's cadence, in iterations."""

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
        severity: How bad, in the unit that the sentence names.
        series: The column that shows it.
        sentence: What a reader is told, complete but for the full stop.
        first: Who moved first: D, G or the samples.
        resolution: What the detector can see at this cadence.
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
    sentence: str
    first: Mover = "unknown"
    resolution: Resolution | None = None
    evidence: Mapping[str, float | int | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses an interval that ends before it begins, and freezes the evidence."""
        if not self.start <= self.peak <= self.end:
            raise ValueError(f"not in order: start {self.start}, peak {self.peak}, end {self.end}")
        object.__setattr__(self, "evidence", MappingProxyType(dict(self.evidence)))
