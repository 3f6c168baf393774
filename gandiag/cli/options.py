"""Arguments and options that several commands share, and the command line as it was typed."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

StoreArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A store.")]

RUN = "A run's directory, or the first characters of its id."
"""The help of an argument that names a run."""

StoreOption = Annotated[
    Path,
    typer.Option("--store", metavar="DIR", help="The store, or folder of stores, to search."),
]

Which = Annotated[
    str,
    typer.Option(
        "--which",
        metavar="last|best|ITERATION",
        help="The weights to use: the last ones, the best ones by the stopping rule, or those of "
        "the snapshot at an iteration.",
    ),
]

Jobs = Annotated[
    int | None, typer.Option(help="Number of parallel worker processes; one per core by default.")
]


def command_line() -> str:
    """The command as it was typed, quoted for a shell."""
    return shlex.join(["gandiag", *sys.argv[1:]])
