"""``gandiag sample``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gandiag.cli.options import RUN, AsJson, StoreOption, Which

if TYPE_CHECKING:
    from gandiag.sampling import TrainedNetworks
    from gandiag.store import weights


def sample(
    run: Annotated[str, typer.Argument(metavar="RUN", help=RUN)],
    n: Annotated[int, typer.Option("-n", help="The number of samples.")] = 64,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="An image (.png), the samples (.npy), or the samples with their latent points "
            "and labels (.npz).",
        ),
    ] = Path("sample.png"),
    which: Which = "last",
    seed: Annotated[
        int | None, typer.Option(help="The seed of the latent points; the run's seed by default.")
    ] = None,
    label: Annotated[
        int | None,
        typer.Option(
            help="The class label for a conditional generator; all classes in turn by default."
        ),
    ] = None,
    store: StoreOption = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Sample the generator of a finished run; needs no framework."""
    from gandiag.sampling.output import check_suffix, write_samples
    from gandiag.sampling.sample import draw

    check_suffix(output, ".png", ".npy", ".npz")
    trained = read_run(run, store, which)
    drawn = draw(trained, n, seed, label)
    in_turn = drawn.classes is not None and label is None
    write_samples(output, drawn, trained.experiment.game.g_classes if in_turn else None)
    description = "1 sample" if n == 1 else f"{n} samples"
    details = {
        "n": n,
        "shape": list(drawn.samples.shape[1:]),
        "finite": drawn.finite,
        "labels": None if drawn.classes is None else drawn.classes.tolist(),
    }
    print_written("gandiag.sample/1", description, trained, output, details, as_json)


def read_run(run: str, store: Path, which: str) -> TrainedNetworks:
    """The trained networks of a run, at the weights that ``--which`` names."""
    from gandiag.sampling import read_trained_networks
    from gandiag.sampling.locating import locate_run

    chosen: weights.Which = int(which) if which.isdecimal() else which  # type: ignore[assignment]
    return read_trained_networks(locate_run(run, store), chosen)


def print_written(
    schema: str,
    description: str,
    trained: TrainedNetworks,
    output: Path,
    details: dict[str, Any],
    as_json: bool,
) -> None:
    """Prints what was written, and of which run; only the file's name goes to stdout."""
    if not as_json:
        iteration = trained.weights.iteration
        run = f"{trained.experiment.name}, seed {trained.seed}, run {trained.run[:8]}"
        untrained = "" if iteration else ", untrained"
        print(f"{description} of {run}, iteration {iteration:,}{untrained}", file=sys.stderr)
        print(output)
        return
    from gandiag.cli.json_output import print_json

    document: dict[str, Any] = {"schema": schema, "run": trained.run}
    document |= {"experiment": trained.experiment.name, "seed": trained.seed}
    document |= {"iteration": trained.weights.iteration, "out": str(output)}
    print_json(document | details)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(sample)
