"""``gandiag weights``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gandiag.cli.options import RUN, AsJson, StoreOption, Which
from gandiag.cli.sample import print_written, read_run


def weights(
    run: Annotated[str, typer.Argument(metavar="RUN", help=RUN)],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The .npz file to write.")
    ] = Path("weights.npz"),
    which: Which = "last",
    store: StoreOption = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Write the weights of a finished run as named arrays, such as generator/0.weights."""
    from gandiag.sampling.export import export_weights
    from gandiag.sampling.output import check_suffix

    check_suffix(output, ".npz")
    trained = read_run(run, store, which)
    shapes = {name: list(array.shape) for name, array in export_weights(trained, output).items()}
    print_written("gandiag.weights/1", "weights", trained, output, {"arrays": shapes}, as_json)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(weights)
