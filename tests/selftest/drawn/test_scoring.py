"""False alarms are those where nothing was wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gandiag.analysis.names import Name
from gandiag.analysis.record import Record
from gandiag.selftest.drawn.play import Played
from gandiag.selftest.drawn.scoring import score_drawn

EMPTY = Record(np.empty(0, np.int64), {})


@dataclass(frozen=True)
class Scripted:
    """A run whose verdicts are written down."""

    fault: str
    verdicts: tuple[Name, ...]
    onset: int = 0
    right: tuple[Name, ...] = ("healthy",)
    data: str = "t3"
    strength: float = 0.3
    n: int = 300
    kinds: tuple[str, ...] = ()

    def play(self) -> Played:
        """The verdicts, the last of which is that of the end."""
        seen = tuple(enumerate(self.verdicts, start=1))
        return Played(seen, self.verdicts[-1], EMPTY)


def test_every_alarm_of_a_healthy_run_is_false() -> None:
    outcome = score_drawn(Scripted("none", ("healthy", "dead", "healthy")))
    assert outcome.alarms == ("dead",)
    assert outcome.found
    assert not outcome.alarmed


def test_an_alarm_before_the_onset_is_false_and_one_after_it_is_not() -> None:
    faulty = Scripted("lost", ("dead", "off-target", "off-target"), 1, ("off-target",))
    outcome = score_drawn(faulty)
    assert outcome.alarms == ("dead",)
    assert outcome.found
    assert outcome.bad
