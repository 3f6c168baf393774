"""``gandiag export``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gandiag.cli.options import AsJson, StoreArgument


def export(
    directory: StoreArgument,
    kind: Annotated[str, typer.Option("--format", help="csv, parquet or tensorboard.")] = "csv",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="OUT", help="The output folder; DIR-FORMAT by default."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Export the series and the table of runs as CSV, Parquet or TensorBoard event files."""
    from gandiag.exchange.exporting import export as write

    store = directory.resolve()
    out = output or store.with_name(f"{store.name}-{kind}")
    files = write(directory, kind, out, lambda line: print(line, file=sys.stderr))
    if as_json:
        from gandiag.cli.json_output import print_json

        document: dict[str, Any] = {"schema": "gandiag.export/1", "store": str(directory)}
        print_json(document | {"format": kind, "out": str(out), "files": [*map(str, files)]})
        return
    for file in files:
        print(out / file)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(export)
