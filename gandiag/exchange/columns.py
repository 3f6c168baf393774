"""Maps the tags of a log to the columns of a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gandiag.errors import UsageError, must_be_one_of
from gandiag.exchange.log import Log
from gandiag.exchange.loss_tags import guess
from gandiag.monitoring.windows import RESERVED

UPDATES = ("d_updates", "g_updates")
"""Columns of update counts, recognised in a log by their exact names only."""


@dataclass(frozen=True)
class Columns:
    """The columns of a log.

    Attributes:
        names: The column of each imported tag.
        guessed: The columns whose tag was recognised by its name.
        unclear: Columns for which several tags qualify, so that none is used.
        left_out: Tags that are left out, because every row has a column of that name.
    """

    names: Mapping[str, str]
    guessed: tuple[str, ...]
    unclear: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]

    @property
    def renamed(self) -> dict[str, str]:
        """The tags of renamed columns, by column."""
        return {column: tag for tag, column in self.names.items() if column != tag}


def choose(log: Log, requested: Mapping[str, str]) -> Columns:
    """Chooses the columns of a log.

    Args:
        log: The log.
        requested: The tags that the user chose, by column.

    Raises:
        UsageError: The log has no such tag, or two tags would become the same column.
    """
    tags = log.tags
    for tag in requested.values():
        if tag not in tags:
            raise UsageError(f"{log.source}: {must_be_one_of('tag', tag, tags)}")
    rest = [tag for tag in tags if tag not in requested.values()]
    guesses = {
        name: candidates for name, candidates in guess(rest).items() if name not in requested
    }
    clear = {name: candidates[0] for name, candidates in guesses.items() if len(candidates) == 1}
    chosen = clear | dict(requested)
    reserved = RESERVED - set(UPDATES)
    taken = set(chosen.values())
    left_out = tuple(tag for tag in rest if tag in reserved and tag not in taken)
    names = {tag: tag for tag in rest if tag not in left_out} | {t: n for n, t in chosen.items()}
    _refuse_duplicates(log, names, reserved)
    unclear = {name: tuple(tags) for name, tags in guesses.items() if len(tags) > 1}
    guessed = tuple(name for name, tag in clear.items() if name != tag)
    return Columns(names, guessed, unclear, left_out)


def _refuse_duplicates(log: Log, names: Mapping[str, str], reserved: frozenset[str]) -> None:
    for tag, name in names.items():
        if name in reserved:
            raise UsageError(f"{name!r} is a column of every row and cannot be set from {tag!r}")
        others = [other for other, column in names.items() if column == name and other != tag]
        if others:
            raise UsageError(
                f"{log.source}: both {tag!r} and {others[0]!r} would be the column {name!r}; "
                f"give one another name with --map NAME={others[0]}"
            )
