"""The verbs that bring logs of other tools in, and take a store's series out: import, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gandiag.errors import UsageError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Event files of TensorBoard, mlruns of MLflow, W&B's history or any table "
            "(.csv, .tsv, .jsonl), or folders of them.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The store; runs/NAME by default.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What was trained; the first log's name by default.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The first log's seed; the others count on.")] = 0,
    d_loss: Annotated[
        str | None, typer.Option(metavar="TAG", help="What the log calls D's loss.")
    ] = None,
    g_loss: Annotated[
        str | None, typer.Option(metavar="TAG", help="What the log calls G's loss.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="NAME=TAG", help="Another column and its tag."),
    ] = None,
    step: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The column that counts the steps.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--format", help="tensorboard, mlflow or table; found by itself.")
    ] = None,
    resumed: Annotated[
        bool, typer.Option("--resumed", help="Where steps fall, what was logged later stands.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import logs of other tools: a run for each, which every verb reads like any other."""
    from gandiag.cli.printing import typed
    from gandiag.exchange.importing import ImportRequest, import_logs
    from gandiag.exchange.summary import as_document, as_lines

    named = _parse(columns or []) | _given(d_loss=d_loss, g_loss=g_loss)
    wish = ImportRequest(
        paths, out, name, seed, named, step=step, kind=kind, resumed=resumed,
        command=typed(sys.argv),
    )  # fmt: skip
    store, imported = import_logs(wish, _tell)
    if as_json:
        from gandiag.cli.printing import print_json

        runs = [as_document(result) for result in imported]
        print_json({"schema": "gandiag.import/1", "store": str(store), "runs": runs})
        return
    for result in imported:
        print("\n".join(as_lines(result)))
    print(f"store: {store}")


def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A store.")],
    kind: Annotated[str, typer.Option("--format", help="csv, parquet or tensorboard.")] = "csv",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="OUT", help="The folder; DIR-FORMAT by default."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Export the series and the runs of a store: CSV, Parquet or TensorBoard's event files."""
    from gandiag.exchange.exporting import export as write

    place = directory.resolve()
    out = output or place.with_name(f"{place.name}-{kind}")
    files = write(directory, kind, out, _tell)
    if as_json:
        from gandiag.cli.printing import print_json

        document: dict[str, Any] = {"schema": "gandiag.export/1", "store": str(directory)}
        print_json(document | {"format": kind, "out": str(out), "files": [*map(str, files)]})
        return
    for file in files:
        print(out / file)


def add_to(app: typer.Typer) -> None:
    """Adds the verbs."""
    app.command("import")(import_)
    app.command()(export)


def _parse(assignments: list[str]) -> dict[str, str]:
    """The tags by column.

    Raises:
        UsageError: One is no assignment, or a column is named twice.
    """
    found: dict[str, str] = {}
    for text in assignments:
        name, equals, tag = text.partition("=")
        if not (name and equals and tag):
            raise UsageError(f"--map {text!r} is no assignment; write NAME=TAG")
        if name in found:
            raise UsageError(f"--map names {name!r} twice")
        found[name] = tag
    return found


def _given(**tags: str | None) -> dict[str, str]:
    return {name: tag for name, tag in tags.items() if tag is not None}


def _tell(words: str) -> None:
    print(words, file=sys.stderr)
