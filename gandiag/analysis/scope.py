"""What a verdict rests on: the kind of evidence, what it would have seen, what it cannot see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gandiag.analysis.fit import lost, misplaced, shape, unmatched
from gandiag.analysis.oscillation import oscillation_limits
from gandiag.analysis.own_quality import own_qualities
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record
from gandiag.analysis.series import format_number, typical_count
from gandiag.analysis.thresholds import LOST, MISPLACED
from gandiag.columns import SAMPLED

Evidence = Literal["known distribution", "known modes", "samples", "quality column", "losses only"]
"""What shows how good the samples are, the most certain first."""

Band = Literal["below 100", "100 to 999", "1,000 and more"]
"""How many samples were measured at a log point."""

PIECE = 0.025
"""The smallest part of the data that is looked at, see `gandiag.metrics.reach`."""

PER_PIECE = 4
"""Samples to expect in it, at least."""

PLAYERS = {"D": "d", "G": "g"}

REAL = ("score_distance", "mean_floor", "mean_0_floor", "spread_floor")
"""The columns of which one is recorded where the data are known by real samples."""


@dataclass(frozen=True)
class Scope:
    """What a verdict rests on.

    Attributes:
        evidence: The kind of evidence.
        samples: The samples measured at a log point, the median; 0 where none were.
        sees: What would have been seen had it been wrong.
        cannot_see: What may be wrong all the same.
    """

    evidence: Evidence
    samples: int
    sees: tuple[str, ...]
    cannot_see: tuple[str, ...]

    @property
    def band(self) -> Band:
        """The band of the number of samples, by which error rates are given; any one without."""
        if not self.samples or self.samples >= 1000:
            return "1,000 and more"
        return "below 100" if self.samples < 100 else "100 to 999"

    @property
    def rests_on(self) -> str:
        """The kind of evidence as text, with the number of samples."""
        counted = f", {self.samples:,} samples a log point" if self.samples else ""
        return f"{self.evidence}{counted}"


def scope_of(record: Record) -> Scope:
    """What a verdict on a record rests on.

    How to read it: ``healthy`` says that nothing of what it sees is wrong, and nothing of what it
    cannot see. The more is recorded, the more it sees.
    """
    counted = record.series(SAMPLED)
    n = 0 if counted is None else typical_count(counted)
    evidence = _evidence(record)
    compared = 0 if evidence in ("losses only", "quality column") else n
    return Scope(evidence, compared, tuple(_sees(record)), tuple(_cannot_see(record, n)))


def _evidence(record: Record) -> Evidence:
    if record.shares is not None or (record.expected.modes and record.series("modes") is not None):
        return "known modes"
    if quality(record) is not None or lost(record) is not None:
        by_samples = any(record.series(name) is not None for name in REAL)
        return "samples" if by_samples else "known distribution"
    return "quality column" if own_qualities(record) else "losses only"


def _sees(record: Record) -> Iterator[str]:
    distance, part, away = quality(record), lost(record), misplaced(record)
    if distance is not None and distance.unit:
        yield from ("location", "width")
    if shape(record) is not None:
        yield "shape"
    if record.shares is not None:
        yield "lost or uneven modes"
    elif part is not None:
        yield f"separate parts of the data lost from {_percent(LOST[0], part.se)} % on"
    if away is not None:
        yield f"samples off the data from {_percent(MISPLACED[0], away.se)} % on"
    if unmatched(record) is not None:
        yield "few distinct samples"
    limits = oscillation_limits(_sampled(record))
    if not limits.reason:
        ends = f"{format_number(limits.shortest)} to {format_number(limits.longest)}"
        yield f"oscillations with periods of {ends} iterations"
    learning = [name for name, player in PLAYERS.items() if _has_norms(record, player)]
    if learning:
        yield f"{' and '.join(learning)} that stop{'s' * (len(learning) == 1)} learning"
    yield from (f"regressions of {each.column}" for each in own_qualities(record))


def _cannot_see(record: Record, n: int) -> Iterator[str]:
    evidence = _evidence(record)
    if evidence in ("losses only", "quality column"):
        yield "the samples themselves: nothing compares them with real ones"
    if evidence == "known modes":
        yield "what is wrong within a mode, but its width"
    elif lost(record) is not None and n:
        smallest = 100 * max(PIECE, PER_PIECE / n)
        yield f"parts of the data smaller than {format_number(smallest)} %"
        yield "tails of the data below 20 %, or parts beside others in many dimensions"
    if evidence == "samples" and shape(record) is None:
        yield "densities that are uneven, in many dimensions"
    if lost(record) is not None:
        yield "copies of many training samples"
    limits = oscillation_limits(_sampled(record))
    if limits.reason:
        yield f"oscillations: {limits.reason}"
    else:
        yield f"oscillations faster than {format_number(limits.shortest)} iterations"
    unknown = [name for name, player in PLAYERS.items() if not _has_norms(record, player)]
    if unknown:
        names = " and ".join(unknown)
        yield f"whether {names} learn{'s' * (len(unknown) == 1)}: no norms are recorded"


def _percent(limit: float, se: np.ndarray) -> int:
    """From how many percent on a share is told for sure at the errors of the record."""
    known = se[np.isfinite(se)]
    error = float(np.median(known)) if len(known) else 0.0
    return int(np.ceil(100 * (limit + 2 * error) - 1e-9))


def _sampled(record: Record) -> Record:
    """The log points with samples, if there are some: the others do not show them."""
    counted = record.series(SAMPLED)
    return record if counted is None else record.at(np.flatnonzero(np.isfinite(counted)))


def _has_norms(record: Record, player: str) -> bool:
    names = (f"{player}_{norm}_norm" for norm in ("weight", "grad"))
    return any(record.series(name) is not None for name in names)
