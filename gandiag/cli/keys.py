"""The verb that tells what can be written in an experiment: keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as Grid

    from gandiag.experiment.schema import Key, Kind, Table

WIDEST = 100
"""A line of text that is easy to read is no longer."""

PLACES = 3
"""How many of the places where a table can stand are named; the others are like them."""


def keys(
    path: Annotated[
        str,
        typer.Argument(
            metavar="[KEY]",
            help="Only what stands there, e.g. discriminator.layers, or objective.r1.",
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what can be written in an experiment, and with --set: every key and what it does."""
    from gandiag.experiment.schema import everything, look_up

    tables = [look_up(path)] if path else everything()
    if as_json:
        _print_json(path, tables)
        return
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    for number, table in enumerate(tables):
        if number:
            console.print()
        _print_table(console, table, brief=not path)
    if not path:
        console.print("\ngandiag keys KEY, e.g. objective.r1, says all of it.")


def _print_json(path: str, tables: list[Table]) -> None:
    import json
    from dataclasses import asdict

    document = {"schema": "gandiag.keys/1", "path": path, "tables": list(map(asdict, tables))}
    print(json.dumps(document, indent=1))


def _print_table(console: Console, table: Table, brief: bool) -> None:
    """Prints the places of a table, its kinds and its keys.

    Args:
        console: Where to.
        table: What.
        brief: Whether the first sentence on a key is enough.
    """
    from rich.text import Text

    places = list(table.paths[:PLACES]) + ["…"] * (len(table.paths) > PLACES)
    heading = ", ".join(place or "the experiment" for place in places)
    console.print(Text.assemble((heading, "bold"), f": {table.about}" if table.about else ""))
    if table.kinds:
        console.print(_kinds(table.kinds, brief))
    if table.keys:
        console.print(_keys(table, brief))


def _kinds(kinds: tuple[Kind, ...], brief: bool) -> Grid:
    grid = _grid(("bold", True), ("", False))
    for kind in kinds:
        has = f" Keys: {', '.join(kind.keys)}." if kind.keys and not brief else ""
        grid.add_row(f'  kind="{kind.name}"', kind.about + has)
    return grid


def _keys(table: Table, brief: bool) -> Grid:
    grid = _grid(("bold", True), ("", False), ("", False))
    grid.columns[1].max_width = 27
    for key in table.keys:
        of = f"({', '.join(key.kinds)}) " if key.kinds else ""
        about = first_sentence(key.about) if brief else key.about
        grid.add_row(f"  {key.name}", f"{key.type}; {_default(key)}", of + about)
    return grid


def _grid(*columns: tuple[str, bool]) -> Grid:
    from rich.table import Table as Grid

    grid = Grid.grid(padding=(0, 2, 0, 0))
    for style, whole in columns:
        grid.add_column(style=style, no_wrap=whole)
    return grid


def first_sentence(text: str) -> str:
    """The first sentence of a text.

    >>> first_sentence("As Mao et al. 2017 do. Or not.")
    'As Mao et al. 2017 do.'
    """
    return re.split(r"(?<=\.) (?=[A-Z])", text, maxsplit=1)[0]


def _default(key: Key) -> str:
    if key.default is None:
        return "required"
    return "optional" if key.default == "none" else f"default {key.default}"


def add_to(app: typer.Typer) -> None:
    """Adds the verb."""
    app.command()(keys)
