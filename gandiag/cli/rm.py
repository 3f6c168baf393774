"""``gandiag rm``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gandiag.cli.options import StoreOption
from gandiag.errors import UsageError


def rm(
    target: Annotated[
        str, typer.Argument(help="The directory of a store or of a run, or a run's id.")
    ],
    store: StoreOption = Path("runs"),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
) -> None:
    """Remove a store or a run."""
    from gandiag.cli.run_lookup import locate_run
    from gandiag.store.store import remove_run, remove_store

    if (Path(target) / "sweep.json").exists():
        _confirm(f"remove the store {target} and all of its runs?", yes)
        remove_store(Path(target))
        print(f"removed {target}", file=sys.stderr)
        return
    results, row = locate_run(target, store)
    _confirm(f"remove run {row['run']} of {results.directory}?", yes)
    remove_run(results.directory, str(row["directory"]))
    print(f"removed run {row['run']} of {results.directory}", file=sys.stderr)


def _confirm(question: str, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nothing was removed: there is no terminal to confirm on; add --yes")
    typer.confirm(question, abort=True)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(rm)
