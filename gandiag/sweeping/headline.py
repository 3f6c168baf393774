"""Which columns are worth a look while a sweep trains."""

from __future__ import annotations

from gandiag.experiment.experiment import Experiment
from gandiag.measure import columns_of

TELLING = (
    ("modes", "high_quality"),
    ("modes", "reverse_kl"),
    ("digits", "frechet"),
    ("mean", "std"),
    ("mean_0", "mean_1"),
)
"""Pairs of columns that say how good samples are, the most telling first."""


def headline_columns(experiment: Experiment) -> tuple[str, ...]:
    """The columns that a live display shows: two of what is measured, and what may stop the run."""
    known = set(columns_of(experiment))
    pair = next((names for names in TELLING if known.issuperset(names)), ("d_loss", "g_loss"))
    watched = experiment.stopping.column if experiment.stopping else None
    return tuple(dict.fromkeys(pair if watched is None else (*pair, watched)))
