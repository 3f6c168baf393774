"""Whether the losses look like a bug: both 0, one that never changes, both small at once.

D and G play against each other, so what is good for one is bad for the other. Where both losses are
almost 0 and stay there, they are not opponents: the labels of one are swapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gandiag.analysis.thresholds import (
    HINT_STEPS,
    LOSS_CONSTANT,
    LOSS_SETTLES,
    LOSS_SMALL,
    LOSS_START,
)

Rows = Sequence[dict[str, Any]]

PLAYERS = {"d_loss": "D", "g_loss": "G"}
FEWEST = 5
"""Log points with both losses below which nothing is said about them."""
SMALL_ROWS = 3
"""The last log points at which both are small."""


def zero_losses(rows: Rows) -> str | None:
    """A sentence if both losses are 0 at every log point."""
    spans = [_span(rows, name) for name in PLAYERS]
    if _steps(rows) < LOSS_SETTLES or any(span != (0, 0) for span in spans):
        return None
    return (
        "d_loss and g_loss have been exactly 0 since the first log point: is it the losses of the "
        "training that are logged, and are they computed at all?"
    )


def constant_losses(rows: Rows) -> list[tuple[str, str]]:
    """The losses that never change, by name, with a sentence; a loss that is 0 is left out."""
    if len(rows) < 2 * FEWEST or _steps(rows) < HINT_STEPS:
        return []
    found = []
    for name, player in PLAYERS.items():
        span = _span(rows, name)
        if span is None or span == (0, 0) or _waits(rows, name):
            continue
        if span[1] - span[0] <= LOSS_CONSTANT * max(1.0, abs(span[1])):
            sentence = (
                f"{name} has been {span[1]:.6g} at every step since the first log point: {player} "
                "is not trained, its loss does not depend on its batch, or one value is logged "
                "again and again"
            )
            found.append((name, sentence))
    return found


def swapped_labels(rows: Rows, *, far_off: bool) -> str | None:
    """A sentence if both losses fall to almost 0 and stay there.

    Args:
        rows: The rows of the first log points.
        far_off: Whether the samples are far from the data, as far as that is known.
    """
    spans = [_span(rows, name) for name in PLAYERS]
    if not far_off or any(span is None or span[0] < 0 for span in spans):
        return None
    starts = [float(rows[0][f"{name}_max"]) for name in PLAYERS]
    ends = [row[name] for row in rows[-SMALL_ROWS:] for name in PLAYERS]
    if _steps(rows) < LOSS_SETTLES or min(starts) < LOSS_START or max(ends) > LOSS_SMALL:
        return None
    return (
        f"d_loss and g_loss are both almost 0 (at most {max(ends):.2g}) since step "
        f"{rows[-SMALL_ROWS]['iteration']}, which opponents cannot reach: D and G help each other. "
        "Are the labels of real and fake swapped in one of the two losses?"
    )


def _span(rows: Rows, name: str) -> tuple[float, float] | None:
    """The lowest and the highest value of a loss; None unless every row has it, finite."""
    found = [row.get(f"{name}{part}") for row in rows for part in ("_min", "_max")]
    values = [float(value) for value in found if value is not None and np.isfinite(value)]
    if len(rows) < FEWEST or len(values) < len(found):
        return None
    return min(values), max(values)


def _steps(rows: Rows) -> int:
    return int(rows[-1]["iteration"] - rows[0]["iteration"]) if rows else 0


def _waits(rows: Rows, name: str) -> bool:
    """Whether the player is known not to be trained yet, which is told elsewhere."""
    updates = rows[-1].get(f"{name[0]}_updates")
    return updates is not None and updates == 0
