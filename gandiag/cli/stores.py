"""The verbs that look at what was recorded: ls, show, rm, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gandiag.errors import StoreError, UsageError

if TYPE_CHECKING:
    from gandiag.store.results import Results

StoreArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A store.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Where = Annotated[Path, typer.Option("--store", metavar="DIR", help="Where to look for it.")]


def ls(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="A store, or a folder of stores.")
    ] = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """List the runs of a store, or the stores of a folder."""
    from gandiag.cli import printing

    held = {str(store): _load(store) for store in _stores(directory)}
    if as_json:
        stores = [
            {"store": store, "runs": printing.records(results, results.runs)}
            for store, results in held.items()
        ]
        printing.print_json({"schema": "gandiag.runs/1", "stores": stores})
        return
    for store, results in held.items():
        print(store)
        printing.print_runs(results, results.runs)


def show(
    run: Annotated[str, typer.Argument(help="A run's directory, or the beginning of its id.")],
    store: Where = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Show one run: what it is, how it stands, and its last recorded values."""
    from gandiag.cli import printing, showing

    results, row = _find(run, store)
    if as_json:
        printing.print_json(showing.document(results, row))
    else:
        showing.print_run(results, row)


def rm(
    target: Annotated[str, typer.Argument(help="A store's directory, a run's, or a run's id.")],
    store: Where = Path("runs"),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove a store or a run."""
    from gandiag.store.removal import remove_run, remove_store

    if (Path(target) / "sweep.json").exists():
        _confirm(f"remove the store {target} with all of its runs?", yes)
        remove_store(Path(target))
        print(f"removed {target}", file=sys.stderr)
        return
    results, row = _find(target, store)
    _confirm(f"remove the run {row['run']} of {results.directory}?", yes)
    remove_run(results.directory, str(row["directory"]))
    print(f"removed run {row['run']} of {results.directory}", file=sys.stderr)


def report(
    directory: StoreArgument,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write it.")
    ] = None,
    kind: Annotated[str, typer.Option(help="Which report plug-in renders it.")] = "html",
) -> None:
    """Write the report of a store as one self-contained HTML file."""
    from gandiag import plugins
    from gandiag.store.files import write_bytes

    page = plugins.report(kind)(_load(directory))
    place = output or directory / "report.html"
    try:
        write_bytes(place, page.encode())
    except OSError as error:
        raise UsageError(f"cannot write {place}: {error.strerror or error}") from None
    print(place)


def add_to(app: typer.Typer) -> None:
    """Adds the verbs."""
    for verb in (report, ls, show, rm):
        app.command()(verb)


def _load(directory: Path) -> Results:
    from gandiag.store.loading import load

    return load(directory)


def _stores(directory: Path) -> list[Path]:
    """The store, or the stores below a folder.

    Raises:
        StoreError: There is none.
    """
    if (directory / "sweep.json").exists():
        return [directory]
    found = sorted(path.parent for path in directory.glob("*/sweep.json"))
    if not found:
        raise StoreError(f"there is no store in {directory}. Make one: gandiag sweep --seeds 10")
    return found


def _find(run: str, where: Path) -> tuple[Results, dict[str, Any]]:
    """The one run of that directory, or whose id or directory's name begins so.

    Raises:
        UsageError: There is none, or more than one.
    """
    hits = []
    if (Path(run) / "manifest.json").exists():
        where, run = Path(run).parent, Path(run).name
    elif len(Path(run).parts) > 1:
        raise UsageError(f"there is no such store or run: {run}; see gandiag ls {where}")
    for store in _stores(where):
        results = _load(store)
        rows: list[Any] = results.runs.to_dict("records")
        for row in rows:
            if row["run"].startswith(run) or row["directory"].startswith(run):
                hits.append((results, row))
    if len(hits) != 1:
        what, begin = ("no run", "begins") if not hits else (f"{len(hits)} runs", "begin")
        raise UsageError(f"{what} in {where} {begin} with {run!r}; see gandiag ls {where}")
    return hits[0]


def _confirm(question: str, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nothing was removed: without a terminal to ask on, add --yes")
    typer.confirm(question, abort=True)
