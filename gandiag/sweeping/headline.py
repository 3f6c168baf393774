"""The columns of the live display of a sweep."""

from __future__ import annotations

from gandiag.columns import current, entry
from gandiag.experiment.experiment import Experiment
from gandiag.measure import columns_of

SHOWN = 2
"""The number of metrics that a live display has room for."""


def headline_columns(experiment: Experiment) -> tuple[str, ...]:
    """The columns of the live display: two metrics, and the one that may stop the run."""
    ranked = sorted((rank, name) for name in columns_of(experiment) if (rank := _rank(name)))
    chosen = [name for _, name in ranked[:SHOWN]]
    watched = experiment.stopping.column if experiment.stopping else None
    return tuple(dict.fromkeys(chosen if watched is None else [*chosen, current(watched)]))


def _rank(name: str) -> tuple[int, tuple[int, ...]] | None:
    """The sort key of a column for the live display; None where it is never shown."""
    parsed = entry(name)
    if parsed is None or parsed.part or not parsed.column.headline:
        return None
    return parsed.column.headline, parsed.indices
