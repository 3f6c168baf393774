"""The score of one drawn run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from gandiag.analysis.names import ALARMS, Name
from gandiag.analysis.scope import Band, Evidence

BANDS: tuple[Band, ...] = get_args(Band)
"""The bands of the number of samples a log point."""

NO_VERDICT = frozenset(("unconverged", "undecided"))
"""The verdicts that claim neither health nor a fault."""


@dataclass(frozen=True)
class DrawnOutcome:
    """The score of one run.

    Attributes:
        data: The data of the run, or the losses that are logged.
        fault: What is wrong; ``none`` for a healthy run.
        strength: How strong that is, in the unit of the fault.
        n: The samples a log point; 0 where none are logged.
        right: The right verdicts at the end, the best first; empty in the grey zone.
        final: The verdict at its end.
        alarms: The alarms at the looks where nothing was wrong, in order.
        standing: The kinds of the episodes that had not ended at the end.
        evidence: What the verdict rests on.
        kinds: The kinds of episodes that tell of the fault; empty where a verdict has to.
        hints: What a monitor warned of.
    """

    data: str
    fault: str
    strength: float
    n: int
    right: tuple[Name, ...]
    final: Name
    alarms: tuple[Name, ...]
    standing: tuple[str, ...]
    evidence: Evidence
    kinds: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether it is a run without a fault."""
        return self.fault == "none"

    @property
    def alarmed(self) -> bool:
        """Whether the verdict at its end is an alarm."""
        return self.final in ALARMS

    @property
    def bad(self) -> bool:
        """Whether its end deserves an alarm."""
        return bool(self.right) and self.right[0] in ALARMS

    @property
    def found(self) -> bool:
        """Whether the verdict at its end is right."""
        return self.final in self.right

    @property
    def undecided(self) -> bool:
        """Whether its end has no verdict."""
        return self.final in NO_VERDICT

    @property
    def told(self) -> bool:
        """Whether a right verdict, or an episode that has not ended, tells of the fault."""
        return bool(set(self.kinds) & set(self.standing)) if self.kinds else self.found

    @property
    def band(self) -> Band:
        """The band of the number of samples."""
        return band(self.n)


def band(n: int) -> Band:
    """The band of a number of samples a log point.

    >>> band(50), band(300), band(2500)
    ('below 100', '100 to 999', '1,000 and more')
    """
    return BANDS[(n >= 100) + (n >= 1000)]
