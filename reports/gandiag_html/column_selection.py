"""Which of the recorded columns are drawn, in which order, and under which titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gandiag.columns import DATA_UNIT, LOSSES, ROW, TABLE, current, entry, is_part
from gandiag.experiment.experiment import Experiment
from gandiag_html.formatting import exact, number

if TYPE_CHECKING:
    from gandiag_html.configurations import Configuration
    from gandiag_html.outcomes import Outcome

COVERAGE = ("modes", "digits")
"""Where one of these is recorded, moments and plain distances are not drawn: they say less."""
MOST_ENTRIES = 3
"""Entries of a vector column that are drawn; more are a histogram, or pixels."""
MOST_COLUMNS = 20
"""Columns that the table of runs has room for; the store has all of them."""


def loss_columns(configuration: Configuration) -> list[str]:
    """The columns of losses: those of the two players, then others with "loss" in their names."""
    names = [name for name in _recorded(configuration) if _is_loss(name)]
    if isinstance(configuration.experiment, Experiment):
        names = [name for name in names if name in LOSSES]
    return sorted(names, key=lambda name: LOSSES.index(name) if name in LOSSES else len(LOSSES))


def metric_columns(configuration: Configuration) -> list[str]:
    """All other columns that are drawn, the most informative first.

    Of an experiment these are its metrics of the samples and what its success rule bounds; of a
    user's own training, any column may matter.
    """
    bounded = {current(rule.column) for rule in configuration.experiment.success}
    names = [name for name in _recorded(configuration) if not _is_loss(name)]
    is_experiment = isinstance(configuration.experiment, Experiment)
    drawn = _drawn_of_experiment(names) if is_experiment else _drawn_of_user(names)
    names = [name for name in names if name in drawn or name in bounded]
    return sorted(names, key=partial(_rank, configuration, bounded))


def _drawn_of_experiment(names: Sequence[str]) -> set[str]:
    """Which of the recorded columns of an experiment are drawn."""
    kinds = {"always"} if set(COVERAGE) & {*names} else {"always", "alone"}
    return {
        name
        for name in names
        if (parsed := entry(name)) is not None
        and parsed.column.owner == "samples"
        and parsed.column.drawn in kinds
        and all(index < MOST_ENTRIES for index in parsed.indices)
    }


def _drawn_of_user(names: Sequence[str]) -> set[str]:
    """Which of the recorded columns of a user's training are drawn: no long vectors."""
    long = _long_vectors(names)
    never = {
        name
        for name in names
        if (parsed := entry(name)) is not None
        and parsed.column.drawn == "never"
        and not parsed.part
    }
    return {name for name in names if name not in never and _vector(name) not in long}


def is_flat(configuration: Configuration, name: str) -> bool:
    """Whether a user's column is constant, as a learning rate often is."""
    if _is_of_samples(name) or _has_part(configuration, name):
        return False
    values = np.concatenate([one.column(name) for one in configuration.outcomes])
    values = values[~np.isnan(values)]
    return not len(values) or bool((values == values[0]).all())


def title(name: str) -> str:
    """The title of a column; a user's own keeps its name.

    >>> title("modes"), title("std_1"), title("my_metric")
    ('Modes captured', 'Standard deviation of coordinate 1', 'my_metric')
    """
    parsed = entry(name)
    if parsed is None or parsed.part or parsed.column.owner != "samples":
        return name
    indices = ", ".join(map(str, parsed.indices))
    if not indices:  # a share is of one of several modes or digits, so this is another column
        return (
            name if parsed.column.unit == "share" and parsed.column.indices else parsed.column.title
        )
    of = " of coordinate" if parsed.column.unit == DATA_UNIT else ""
    return f"{parsed.column.title}{of} {indices}"


def sample_captions(one: Outcome, iteration: int) -> list[str]:
    """The captions of a picture of samples, e.g. ``"modes 7"``; empty where none is recorded.

    Args:
        one: The run.
        iteration: The log point.
    """
    at = np.flatnonzero(one.iterations == iteration)
    captions = []
    for column in (column for column in TABLE if column.caption):
        value = float(one.column(column.name)[at[0]]) if len(at) else np.nan
        if np.isfinite(value):
            share = column.unit == "share"
            captions.append(
                column.caption.format(number(100 * value, 2) if share else exact(round(value, 2)))
            )
    return captions


def floor(configuration: Configuration, name: str) -> float | None:
    """The floor of a column where one was recorded: the median over all runs and log points."""
    recorded = [one.column(f"{name}_floor") for one in configuration.outcomes]
    floors = np.concatenate([np.empty(0), *recorded])
    floors = floors[np.isfinite(floors)]
    return float(np.median(floors)) if len(floors) else None


def _recorded(configuration: Configuration) -> Iterator[str]:
    """The columns of values with at least one finite entry, in the order of recording."""
    outcomes = configuration.outcomes
    names = dict.fromkeys(str(name) for one in outcomes for name in one.series.columns)
    for name in names:
        if name in ROW or is_part(name, names):
            continue
        if any(np.isfinite(one.column(name)).any() for one in outcomes):
            yield name


def _is_loss(name: str) -> bool:
    return "loss" in name or name in LOSSES


def _is_of_samples(name: str) -> bool:
    """Whether a column is a metric of the samples that some report draws."""
    parsed = entry(name)
    return (
        parsed is not None
        and parsed.column.owner == "samples"
        and parsed.column.drawn != "never"
        and all(index < MOST_ENTRIES for index in parsed.indices)
    )


def _vector(name: str) -> str:
    """The name of a vector column without its indices."""
    return re.sub(r"(_\d+)+$", "", name)


def _long_vectors(names: Sequence[str]) -> set[str]:
    sizes = Counter(_vector(name) for name in names if _vector(name) != name)
    return {vector for vector, size in sizes.items() if size > MOST_ENTRIES}


def _rank(
    configuration: Configuration, bounded: set[str], name: str
) -> tuple[int, tuple[int, ...], int]:
    """The sort key: columns of the table, bounded ones, those with a part, vectors, others."""
    parsed = entry(name)
    if parsed is not None and _is_of_samples(name):
        place = TABLE.index(parsed.column)
        return (3, parsed.indices, place) if parsed.indices else (0, (), place)
    if name in bounded:
        return 1, (), 0
    return (2, (), 0) if _has_part(configuration, name) else (4, (), 0)


def _has_part(configuration: Configuration, name: str) -> bool:
    """Whether a standard error or a floor of a column was recorded."""
    ends = ("_se", "_floor")
    return any(f"{name}{end}" in one.series for one in configuration.outcomes for end in ends)
