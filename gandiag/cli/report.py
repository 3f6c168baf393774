"""``gandiag report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gandiag.cli.options import StoreArgument
from gandiag.errors import UsageError


def report(
    directory: StoreArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="The output file; DIR/report.html by default."
        ),
    ] = None,
    kind: Annotated[str, typer.Option(help="The report plug-in.")] = "html",
) -> None:
    """Write the report of a store as one self-contained HTML file."""
    from gandiag import plugins
    from gandiag.cli.run_lookup import read_store
    from gandiag.store.files import write_bytes

    page = plugins.report(kind)(read_store(directory))
    path = output or directory / "report.html"
    try:
        write_bytes(path, page.encode())
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None
    print(path)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(report)
