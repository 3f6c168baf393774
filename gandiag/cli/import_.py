"""``gandiag import``; the module has an underscore because ``import`` is a keyword."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gandiag.cli.options import AsJson, command_line
from gandiag.errors import UsageError


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="TensorBoard event files, MLflow's mlruns, W&B histories or other tables (.csv, "
            ".tsv, .jsonl), or folders with such files.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The store to write; runs/NAME by default.")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="The experiment's name; the name of the first log by default."),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="The seed of the first log; the next ones count up from it.")
    ] = 0,
    d_loss: Annotated[
        str | None, typer.Option(metavar="TAG", help="The name of D's loss in the log.")
    ] = None,
    g_loss: Annotated[
        str | None, typer.Option(metavar="TAG", help="The name of G's loss in the log.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="NAME=TAG",
            help="Another column: gandiag's name and the name in the log; may be repeated.",
        ),
    ] = None,
    quality: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=low|high",
            help="A column that measures quality, and which values are good; may be repeated.",
        ),
    ] = None,
    d_loss_is: Annotated[
        str | None,
        typer.Option(
            metavar="sum|mean|critic",
            help="What D's loss is: the sum or mean of both cross-entropies, or a critic's.",
        ),
    ] = None,
    step: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The column with the step numbers.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--format", help="tensorboard, mlflow or table; detected by default."),
    ] = None,
    resumed: Annotated[
        bool,
        typer.Option(
            "--resumed",
            help="The training was resumed: where the steps go back, later rows replace earlier "
            "ones.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import logs from other tools as runs, one run per log."""
    from gandiag.exchange.importing import ImportRequest, import_logs
    from gandiag.exchange.summary import as_document, as_lines

    losses = {"d_loss": d_loss, "g_loss": g_loss}
    tags = _tags(columns or []) | {name: tag for name, tag in losses.items() if tag is not None}
    request = ImportRequest(
        paths,
        out,
        name,
        seed,
        tags,
        step=step,
        kind=kind,
        resumed=resumed,
        command=command_line(),
        quality=_goals(quality or []),
        d_loss=d_loss_is,
    )
    store, imported = import_logs(request, lambda line: print(line, file=sys.stderr))
    if as_json:
        from gandiag.cli.json_output import print_json

        runs = [as_document(result) for result in imported]
        print_json({"schema": "gandiag.import/1", "store": str(store), "runs": runs})
        return
    for result in imported:
        print("\n".join(as_lines(result)))
    print(f"store: {store}")


def _goals(assignments: list[str]) -> dict[str, str]:
    """Which values are good of each column that ``--quality`` names.

    Raises:
        UsageError: One is not an assignment of low or high.
    """
    goals: dict[str, str] = {}
    for text in assignments:
        name, _, goal = text.rpartition("=")
        if not name or goal not in ("low", "high"):
            raise UsageError(f"--quality {text!r}: write NAME=low or NAME=high")
        goals[name] = goal
    return goals


def _tags(assignments: list[str]) -> dict[str, str]:
    """The tag of each column that ``--map`` names.

    Raises:
        UsageError: One is not an assignment, or a column is named twice.
    """
    tags: dict[str, str] = {}
    for text in assignments:
        name, equals, tag = text.partition("=")
        if not (name and equals and tag):
            raise UsageError(f"--map {text!r} is not an assignment; write NAME=TAG")
        if name in tags:
            raise UsageError(f"--map names {name!r} twice")
        tags[name] = tag
    return tags


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("import")(import_)
