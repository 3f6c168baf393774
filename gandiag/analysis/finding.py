"""The answer of an analysis: the number, how certain it is, and a sentence that reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Finding:
    """An answer with its evidence; a number never travels alone.

    Attributes:
        value: The number; NaN where nothing is known yet.
        n: How many things it was computed from.
        sentence: The answer for a reader, complete but for the full stop; no program reads it.
        interval: The ends of the interval of the given level, where one is known.
        level: The level of the interval.
        floor: The value to expect if nothing were to be found, where there is such a value.
        against: What it was measured against, in words.
        evidence: The numbers it rests on, by name; read-only.

    Raises:
        ValueError: The value lies outside the interval.

    >>> Finding(value=0.5, n=2, sentence="1 of 2 seeds reached the target").interval is None
    True
    """

    value: float
    n: int
    sentence: str
    interval: tuple[float, float] | None = None
    level: float = 0.95
    floor: float | None = None
    against: str = ""
    evidence: Mapping[str, float | int | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses an interval around something else, and freezes the evidence."""
        if self.interval is not None and (
            self.value < self.interval[0] or self.value > self.interval[1]
        ):
            raise ValueError(f"the value {self.value} lies outside its interval {self.interval}")
        object.__setattr__(self, "evidence", MappingProxyType(dict(self.evidence)))
