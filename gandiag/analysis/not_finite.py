"""Since when is something infinite or not a number, that was finite before?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gandiag.analysis.episode import Episode, Resolution, mover_of
from gandiag.analysis.presence import Presence
from gandiag.analysis.record import Record
from gandiag.analysis.thresholds import LOST_POINTS
from gandiag.columns import SAMPLED, is_loss

OF_SAMPLES = ("wasserstein", "sliced_wasserstein", "spread")

WATCHED = (
    *("d_loss", "g_loss", "d_grad_norm", "g_grad_norm", "d_weight_norm", "g_weight_norm"),
    *OF_SAMPLES,
)
"""What is finite while all is well, wherever it is measured."""


def not_finite(record: Record) -> list[Episode]:
    """Since when something is infinite or not a number; at most one episode.

    How to read it: training ended there, even if the loop ran on. The engine's own count, where
    there is one, names the iteration; else a loss, a norm or a distance must have been infinite,
    or lost after it was always there, for two log points: a single one may recover, as with loss
    scaling.

    What is NaN as a rule (between a player's moves, between two validations), never had a value,
    or is a norm or a distance that stops while the losses go on, is not measured and not lost.

    It misleads where a training run stops logging a loss on purpose.
    """
    found = {name: _lost(record, name) for name in WATCHED if name in record.columns}
    lost = {name: first for name, first in found.items() if first is not None}
    if record.diverged_at is None and not lost:
        return []
    name = min(lost, key=lambda n: lost[n]) if lost else "samples"
    start = record.diverged_at
    if start is None:
        start = int(record.iteration[lost[name]])
    end = max(int(record.iteration[-1]) if len(record) else start, start)
    which = ", ".join(sorted(n for n in lost if lost[n] == lost[name])) or "the state"
    return [
        Episode(
            kind="non-finite",
            start=start,
            peak=start,
            end=end,
            recovered=False,
            severity=1.0,
            series=name,
            description=_how_lost(record, lost, which),
            first=mover_of(name),
            resolution=Resolution(record.cadence, float(end)),
            evidence={"columns": which},
        )
    ]


def _how_lost(record: Record, lost: Mapping[str, int], which: str) -> str:
    """What became of the columns; in the record NaN and not recorded look the same."""
    infinite = any(np.isinf(record.columns[name][first:]).any() for name, first in lost.items())
    if infinite or record.diverged_at is not None:
        return f"{which} became infinite or NaN"
    return f"{which} became NaN or was no longer recorded"


def _lost(record: Record, name: str) -> int | None:
    """Since which log point a series that was always there is infinite or lost.

    A log point without samples has lost no distance, and what was recorded once, or is missing as
    a rule, was not always there.
    """
    sampled = record.series(SAMPLED) if name in OF_SAMPLES else None
    due = np.arange(len(record)) if sampled is None else np.flatnonzero(np.isfinite(sampled))
    values, presence = record.columns[name][due], Presence()
    presence.take(due, values)
    first = presence.lost(loss=is_loss(name))
    if first is None or presence.length < LOST_POINTS:
        return None
    infinite = bool(np.isinf(record.columns[name][first:]).any())
    if infinite:
        return first
    if presence.known < LOST_POINTS:
        return None
    measured = is_loss(name) or sampled is not None or not _losses_last(record)
    return first if measured else None


def _losses_last(record: Record) -> bool:
    """Whether a loss is still finite: then a norm or a distance may just not be recorded."""
    losses = [record.series(name) for name in ("d_loss", "g_loss")]
    return any(loss is not None and np.isfinite(loss[-LOST_POINTS:]).all() for loss in losses)
