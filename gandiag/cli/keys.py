"""``gandiag keys``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from gandiag.cli.options import AsJson

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as Grid

    from gandiag.experiment.schema import Key, Kind, Table

MAX_WIDTH = 100
"""Characters per line; longer lines are hard to read."""

MAX_PATHS = 3
"""How many of the paths of a table are printed; the others are similar."""


def keys(
    path: Annotated[
        str,
        typer.Argument(
            metavar="[KEY]",
            help="Only this table or key, e.g. discriminator.layers or objective.r1.",
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Explain the keys of an experiment, as written in a TOML file or with --set."""
    from gandiag.experiment.schema import everything, look_up

    tables = [look_up(path)] if path else everything()
    if as_json:
        _print_json(path, tables)
        return
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, MAX_WIDTH)
    for number, table in enumerate(tables):
        if number:
            console.print()
        _print_table(console, table, brief=not path)
    if not path:
        console.print("\nThe full text on a key: gandiag keys KEY, e.g. gandiag keys objective.r1")


def _print_json(path: str, tables: list[Table]) -> None:
    import json
    from dataclasses import asdict

    document = {"schema": "gandiag.keys/1", "path": path, "tables": list(map(asdict, tables))}
    print(json.dumps(document, indent=1))


def _print_table(console: Console, table: Table, brief: bool) -> None:
    """Prints the paths of a table, its kinds and its keys.

    Args:
        console: The console to print to.
        table: The table.
        brief: Whether to print only the first sentence on each key.
    """
    from rich.text import Text

    paths = list(table.paths[:MAX_PATHS]) + ["…"] * (len(table.paths) > MAX_PATHS)
    heading = ", ".join(path or "top level" for path in paths)
    console.print(Text.assemble((heading, "bold"), f": {table.about}" if table.about else ""))
    if table.kinds:
        console.print(_kinds(table.kinds, brief))
    if table.keys:
        console.print(_keys(table, brief))


def _kinds(kinds: tuple[Kind, ...], brief: bool) -> Grid:
    grid = _grid(("bold", True), ("", False))
    for kind in kinds:
        names = f" Keys: {', '.join(kind.keys)}." if kind.keys and not brief else ""
        grid.add_row(f'  kind="{kind.name}"', kind.about + names)
    return grid


def _keys(table: Table, brief: bool) -> Grid:
    grid = _grid(("bold", True), ("", False), ("", False))
    grid.columns[1].max_width = 27
    for key in table.keys:
        kinds = f"({', '.join(key.kinds)}) " if key.kinds else ""
        about = first_sentence(key.about) if brief else key.about
        grid.add_row(f"  {key.name}", f"{key.type}; {_default(key)}", kinds + about)
    return grid


def _grid(*columns: tuple[str, bool]) -> Grid:
    from rich.table import Table as Grid

    grid = Grid.grid(padding=(0, 2, 0, 0))
    for style, no_wrap in columns:
        grid.add_column(style=style, no_wrap=no_wrap)
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
    """Adds the command."""
    app.command()(keys)
