"""``gandiag ls``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gandiag.cli.options import AsJson


def ls(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="A store, or a folder of stores.")
    ] = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """List the runs of a store, or of every store in a folder."""
    from gandiag.cli.json_output import print_json
    from gandiag.cli.run_lookup import locate_stores, read_store
    from gandiag.cli.run_table import print_runs, records

    results = {str(store): read_store(store) for store in locate_stores(directory)}
    if as_json:
        stores = [
            {"store": store, "runs": records(each, each.runs)} for store, each in results.items()
        ]
        print_json({"schema": "gandiag.runs/1", "stores": stores})
        return
    for store, each in results.items():
        print(store)
        print_runs(each, each.runs)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(ls)
