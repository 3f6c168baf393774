"""Which of the recorded columns tell how a training went, in what words, and in what order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gandiag.columns import LOSSES, ROW, TABLE, entry, is_part, look_up
from gandiag.experiment.experiment import Experiment
from gandiag_html.formatting import exact, number

if TYPE_CHECKING:
    from gandiag_html.configurations import Configuration
    from gandiag_html.outcomes import Outcome

KNOWN = ("modes", "digits")
"""Where one of these is recorded, it and its like say more than plain numbers do."""
MOST_ENTRIES = 3
"""Entries of a vector column that are drawn; more are a histogram, or pixels."""
MOST_TABLED = 20
"""Columns of somebody's own that the table of runs has room for; the store has all of them."""


def losses(group: Configuration) -> list[str]:
    """The columns of losses: those of the two players first, then others that are called so."""
    found = [name for name in _recorded(group) if _is_loss(name)]
    if isinstance(group.experiment, Experiment):
        found = [name for name in found if name in LOSSES]
    return sorted(found, key=lambda name: LOSSES.index(name) if name in LOSSES else len(LOSSES))


def measures(group: Configuration) -> list[str]:
    """All other columns that tell something, the most telling first.

    An experiment of ours is told by its samples: their moments, their distance from the data,
    and what its rule bounds. Of somebody's own training everything may matter that was logged.
    """
    ruled = {rule.column for rule in group.experiment.success}
    names = [name for name in _recorded(group) if not _is_loss(name)]
    ours = isinstance(group.experiment, Experiment)
    drawn = _of_ours(names) if ours else _of_own(names)
    names = [name for name in names if name in drawn or name in ruled]
    return sorted(names, key=partial(_rank, group, ruled))


def _of_ours(names: Sequence[str]) -> set[str]:
    """Which of the recorded columns are drawn of an experiment of ours."""
    kinds = {"always"} if set(KNOWN) & {*names} else {"always", "alone"}
    return {
        name
        for name in names
        if (found := entry(name)) is not None
        and found.column.owner == "samples"
        and found.column.drawn in kinds
        and all(index < MOST_ENTRIES for index in found.indices)
    }


def _of_own(names: Sequence[str]) -> set[str]:
    """Which of them are drawn of somebody's own training: not what says little, or is long."""
    crowded = _crowded(names)
    never = {
        name for name in names if (column := look_up(name)) is not None and column.drawn == "never"
    }
    return {name for name in names if name not in never and _vector(name) not in crowded}


def is_flat(group: Configuration, name: str) -> bool:
    """Whether a column that nobody knows never changes, as a rate of learning often does."""
    if _is_of_samples(name) or _has_part(group, name):
        return False
    seen = np.concatenate([one.column(name) for one in group.outcomes])
    seen = seen[~np.isnan(seen)]
    return not len(seen) or bool((seen == seen[0]).all())


def title(name: str) -> str:
    """A column in human words, where they are known.

    >>> title("modes"), title("std_1"), title("my_metric")
    ('Modes captured', 'Standard deviation of coordinate 1', 'my_metric')
    """
    found = entry(name)
    if found is None or found.part or found.column.owner != "samples":
        return name
    which = ", ".join(map(str, found.indices))
    return f"{found.column.title} of coordinate {which}" if which else found.column.title


def briefly(one: Outcome, iteration: int) -> list[str]:
    """What a run's samples read at a log point, in a few words; nothing of plain numbers.

    Args:
        one: The run.
        iteration: The log point.
    """
    here = np.flatnonzero(one.iterations == iteration)
    said = []
    for column in (column for column in TABLE if column.caption):
        value = float(one.column(column.name)[here[0]]) if len(here) else np.nan
        if np.isfinite(value):
            share = column.unit == "share"
            said.append(
                column.caption.format(number(100 * value, 2) if share else exact(round(value, 2)))
            )
    return said


def floor(group: Configuration, name: str) -> float | None:
    """What a perfect generator would read, where that was recorded: the median over all of it."""
    held = np.concatenate([np.empty(0), *(one.column(f"{name}_floor") for one in group.outcomes)])
    held = held[np.isfinite(held)]
    return float(np.median(held)) if len(held) else None


def _recorded(group: Configuration) -> Iterator[str]:
    """The columns of values in which something finite was recorded, in the order they came in."""
    names = dict.fromkeys(str(name) for one in group.outcomes for name in one.series.columns)
    for name in names:
        if name in ROW or is_part(name, names):
            continue
        if any(np.isfinite(one.column(name)).any() for one in group.outcomes):
            yield name


def _is_loss(name: str) -> bool:
    return "loss" in name or name in LOSSES


def _is_of_samples(name: str) -> bool:
    """Whether it is a metric of the samples that is drawn somewhere."""
    found = entry(name)
    return (
        found is not None
        and found.column.owner == "samples"
        and found.column.drawn != "never"
        and all(index < MOST_ENTRIES for index in found.indices)
    )


def _vector(name: str) -> str:
    """The name of a numbered column without its indices."""
    return re.sub(r"(_\d+)+$", "", name)


def _crowded(names: Sequence[str]) -> set[str]:
    sizes = Counter(_vector(name) for name in names if _vector(name) != name)
    return {vector for vector, size in sizes.items() if size > MOST_ENTRIES}


def _rank(group: Configuration, ruled: set[str], name: str) -> tuple[int, tuple[int, ...], int]:
    """Where a column stands: what is known, what a rule bounds, what has a floor or an error."""
    found = entry(name)
    if found is not None and _is_of_samples(name):
        place = TABLE.index(found.column)
        return (3, found.indices, place) if found.indices else (0, (), place)
    if name in ruled:
        return 1, (), 0
    return (2, (), 0) if _has_part(group, name) else (4, (), 0)


def _has_part(group: Configuration, name: str) -> bool:
    return any(f"{name}{end}" in one.series for one in group.outcomes for end in ("_se", "_floor"))
