"""Whether a player is not trained: no updates, or weights that do not change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gandiag.analysis.thresholds import HINT_STEPS

Rows = Sequence[dict[str, Any]]

OTHER = {"d": "g", "g": "d"}
FEWEST = 5
"""Log points below which nothing is said: a player may wait for the other at first."""
UNCHANGED = 1e-9
"""The part by which the norm of weights that do not change may vary, by the rounding of means."""


def idle_player(rows: Rows) -> list[tuple[str, str]]:
    """The players without updates, by the name of a column, with a sentence.

    Args:
        rows: The rows of the first log points.
    """
    if len(rows) < FEWEST:
        return []
    steps = int(rows[-1]["iteration"] - rows[0]["iteration"])
    found = []
    for player, other in OTHER.items():
        name, mine = player.upper(), rows[-1].get(f"{player}_updates")
        theirs = rows[-1].get(f"{other}_updates")
        # Where the other's updates are not logged, or are 0 as well, the steps count.
        if mine is not None and mine == 0 and max(theirs or 0, steps) >= HINT_STEPS:
            having = f" while {other.upper()} had {theirs}" if theirs else ""
            sentence = (
                f"{name} had no update in {steps} steps{having}: is {player}_updates logged "
                f"right, and is {name} trained?"
            )
            found.append((f"{player}_updates", sentence))
        elif steps >= HINT_STEPS and _unchanged(rows, f"{player}_weight_norm"):
            sentence = (
                f"{player}_weight_norm does not change in {steps} steps: {name} is not trained. "
                "Does its optimizer hold its parameters?"
            )
            found.append((f"{player}_weight_norm", sentence))
    return found


def _unchanged(rows: Rows, column: str) -> bool:
    values = [float(row[column]) for row in rows if row.get(column) is not None]
    if len(values) < len(rows) or not min(values) > 0:
        return False
    return max(values) - min(values) <= UNCHANGED * max(values)
