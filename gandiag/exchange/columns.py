"""From a log's tags to the columns of a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gandiag.errors import UsageError, must_be_one_of
from gandiag.exchange.log import Log
from gandiag.exchange.loss_tags import guess
from gandiag.monitoring.windows import RESERVED

UPDATES = ("d_updates", "g_updates")
"""Counts that a log may hold under our names; nothing else is taken for them."""


@dataclass(frozen=True)
class Columns:
    """What is taken for what.

    Attributes:
        names: The column of each tag that is taken.
        guessed: The columns whose tag was found by its looks.
        unclear: Columns with several tags that look like it, none of which is taken for it.
        aside: Tags that are left out, for every row has a column of that name.
    """

    names: Mapping[str, str]
    guessed: tuple[str, ...]
    unclear: Mapping[str, tuple[str, ...]]
    aside: tuple[str, ...]

    @property
    def renamed(self) -> dict[str, str]:
        """The tags by column, where the two differ."""
        return {column: tag for tag, column in self.names.items() if column != tag}


def choose(log: Log, asked: Mapping[str, str]) -> Columns:
    """Chooses the columns of a log.

    Args:
        log: The log.
        asked: Tags by our names, as the user says.

    Raises:
        UsageError: The log has no such tag, or a column of that name would be there twice.
    """
    tags = log.tags
    for tag in asked.values():
        if tag not in tags:
            raise UsageError(f"{log.source}: {must_be_one_of('tag', tag, tags)}")
    rest = [tag for tag in tags if tag not in asked.values()]
    looks = {name: found for name, found in guess(rest).items() if name not in asked}
    clear = {name: found[0] for name, found in looks.items() if len(found) == 1}
    chosen = clear | dict(asked)
    reserved = RESERVED - set(UPDATES)
    taken = set(chosen.values())
    aside = tuple(tag for tag in rest if tag in reserved and tag not in taken)
    names = {tag: tag for tag in rest if tag not in aside} | {t: n for n, t in chosen.items()}
    _refuse_doubles(log, names, reserved)
    unclear = {name: tuple(found) for name, found in looks.items() if len(found) > 1}
    guessed = tuple(name for name, tag in clear.items() if name != tag)
    return Columns(names, guessed, unclear, aside)


def _refuse_doubles(log: Log, names: Mapping[str, str], reserved: frozenset[str]) -> None:
    for tag, name in names.items():
        if name in reserved:
            raise UsageError(f"{name!r} is a column of every row and cannot be set from {tag!r}")
        others = [other for other, theirs in names.items() if theirs == name and other != tag]
        if others:
            raise UsageError(
                f"{log.source}: both {tag!r} and {others[0]!r} would be the column {name!r}; "
                f"give one another name with --map NAME={others[0]}"
            )
