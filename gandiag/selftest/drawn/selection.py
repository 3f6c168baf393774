"""All runs of a ground, with samples and with scalars alone, and their table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gandiag.selftest.drawn.by_evidence import by_evidence
from gandiag.selftest.drawn.cases import drawn_cases
from gandiag.selftest.drawn.outcome import DrawnOutcome
from gandiag.selftest.drawn.population import Ground
from gandiag.selftest.drawn.scalar_cases import scalar_cases
from gandiag.selftest.drawn.scoring import Playable
from gandiag.selftest.drawn.table import drawn_table

OTHER = 1_000_000
"""The first number of the calibrating runs with scalars alone, whose kinds are the same."""


def all_cases(ground: Ground, runs: int, first: int = 0) -> list[Playable]:
    """``runs`` runs of every fault of every kind of data, and four times as many healthy ones.

    Args:
        ground: Whose distributions they are.
        runs: How many.
        first: The number of the first.
    """
    scalars = scalar_cases(runs, first + OTHER * (ground == "calibrating"))
    return [*drawn_cases(ground, runs, first), *scalars]


def tables(outcomes: Sequence[DrawnOutcome], ground: Ground, runs: int) -> dict[str, Any]:
    """What the table of error rates says of drawn runs, by key."""
    return {
        "by_evidence": by_evidence(outcomes),
        "drawn": drawn_table(outcomes, ground, runs),
    }
