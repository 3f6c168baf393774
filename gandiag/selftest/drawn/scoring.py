"""Compares what was said of a run with its truth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from gandiag.analysis.diagnosis import episodes
from gandiag.analysis.names import ALARMS, Name
from gandiag.analysis.scope import scope_of
from gandiag.selftest.drawn.outcome import DrawnOutcome
from gandiag.selftest.drawn.play import Played


class Playable(Protocol):
    """A run whose truth is known."""

    @property
    def data(self) -> str:
        """Its data, or the losses that are logged."""

    @property
    def fault(self) -> str:
        """What is wrong; ``none`` for a healthy run."""

    @property
    def strength(self) -> float:
        """How strong that is."""

    @property
    def n(self) -> int:
        """The samples a log point; 0 where none are logged."""

    @property
    def right(self) -> tuple[Name, ...]:
        """The right verdicts at its end; empty in the grey zone."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of episodes that tell of its fault; empty where a verdict has to."""

    @property
    def onset(self) -> int:
        """The last log point before the fault; 0 for a fault from the start."""

    def play(self) -> Played:
        """Draws and records it."""


def score_drawn(case: Playable) -> DrawnOutcome:
    """Draws a run, and compares what was said of it with its truth.

    A false alarm is one before the onset, of a healthy run one at any look or at the end.
    """
    played = case.play()
    standing = {each.kind for each in episodes(played.record) if not each.recovered}
    return DrawnOutcome(
        data=case.data,
        fault=case.fault,
        strength=case.strength,
        n=case.n,
        right=case.right,
        final=played.final,
        alarms=tuple(name for name in _before(case, played) if name in ALARMS),
        standing=tuple(sorted(standing)),
        evidence=scope_of(played.record).evidence,
        kinds=case.kinds,
        hints=played.hints,
    )


def _before(case: Playable, played: Played) -> Iterable[Name]:
    """The verdicts where nothing was wrong."""
    if case.fault == "none":
        return [*(name for _, name in played.verdicts), played.final]
    return [name for k, name in played.verdicts if k <= case.onset]
