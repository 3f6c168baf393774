"""Which columns are worth a look while a sweep trains."""

from __future__ import annotations

from gandiag.columns import entry
from gandiag.experiment.experiment import Experiment
from gandiag.measure import columns_of

SHOWN = 2
"""How many of the measured columns a live display has room for."""


def headline_columns(experiment: Experiment) -> tuple[str, ...]:
    """The columns that a live display shows: two of what is measured, and what may stop the run."""
    ranked = sorted((rank, name) for name in columns_of(experiment) if (rank := _rank(name)))
    chosen = [name for _, name in ranked[:SHOWN]]
    watched = experiment.stopping.column if experiment.stopping else None
    return tuple(dict.fromkeys(chosen if watched is None else [*chosen, watched]))


def _rank(name: str) -> tuple[int, tuple[int, ...]] | None:
    """Where a column stands among those of a live display; None where it is not among them."""
    found = entry(name)
    if found is None or found.part or not found.column.headline:
        return None
    return found.column.headline, found.indices
