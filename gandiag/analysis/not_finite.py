"""Since when is something infinite or not a number, that was finite before?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gandiag.analysis.episode import Episode, Resolution, mover_of
from gandiag.analysis.record import Record
from gandiag.analysis.thresholds import LOST_POINTS
from gandiag.columns import SAMPLED

OF_SAMPLES = ("wasserstein", "sliced_wasserstein", "spread")

WATCHED = (
    *("d_loss", "g_loss", "d_grad_norm", "g_grad_norm", "d_weight_norm", "g_weight_norm"),
    *OF_SAMPLES,
)
"""What has a value at every log point once it has one at all, and is finite while all is well."""


def not_finite(record: Record) -> list[Episode]:
    """Since when something is infinite or not a number; at most one episode.

    How to read it: training ended there, even if the loop ran on. The engine's own count, where
    there is one, names the iteration; else a loss, a norm or a distance must have been infinite,
    or lost after it was always there, for two log points: a single one may recover, as with loss
    scaling.

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

    What was recorded once was not always there; a log point without samples has lost no distance.
    """
    sampled = record.series(SAMPLED) if name in OF_SAMPLES else None
    due = np.arange(len(record)) if sampled is None else np.flatnonzero(np.isfinite(sampled))
    values = record.columns[name][due]
    finite = np.isfinite(values)
    known = np.flatnonzero(finite)
    if len(known) < LOST_POINTS or len(values) - 1 - known[-1] < LOST_POINTS:
        return None
    last = int(known[-1])
    always = bool(finite[known[0] : last].all())
    return int(due[last + 1]) if always or bool(np.isinf(values[last + 1 :]).all()) else None
