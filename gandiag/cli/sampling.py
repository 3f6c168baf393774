"""The verbs that take networks out of a finished run: sample, weights."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from gandiag.sampling import Learned
    from gandiag.store.weights import Which

Run = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's directory, or the beginning of its id.")
]
Where = Annotated[
    Path, typer.Option("--store", metavar="DIR", help="Where to look for a run by its id.")
]
Chosen = Annotated[
    str,
    typer.Option(
        "--which",
        metavar="last|best|ITERATION",
        help="Of the end, of the best log point by the stopping rule, or of a snapshot.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def sample(
    run: Run,
    n: Annotated[int, typer.Option("-n", help="How many samples.")] = 64,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="A picture (.png), the samples (.npy), or these with latent points and labels "
            "(.npz).",
        ),
    ] = Path("sample.png"),
    which: Chosen = "last",
    seed: Annotated[
        int | None, typer.Option(help="Of the latent points; the run's own by default.")
    ] = None,
    label: Annotated[
        int | None,
        typer.Option(help="The class, of a conditional generator; all in turn by default."),
    ] = None,
    store: Where = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Sample the generator of a finished run; no framework is needed."""
    from gandiag.sampling.files import refuse_other
    from gandiag.sampling.output import write_samples
    from gandiag.sampling.sample import draw

    refuse_other(output, ".png", ".npy", ".npz")
    learned = _learned(run, store, which)
    drawn = draw(learned, n, seed, label)
    in_turn = drawn.classes is not None and label is None
    write_samples(output, drawn, learned.experiment.game.g_classes if in_turn else None)
    what = "1 sample" if n == 1 else f"{n} samples"
    facts = {"n": n, "shape": list(drawn.samples.shape[1:]), "finite": drawn.finite}
    labels = None if drawn.classes is None else drawn.classes.tolist()
    _tell("gandiag.sample/1", what, learned, output, facts | {"labels": labels}, as_json)


def weights(
    run: Run,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The .npz file.")
    ] = Path("weights.npz"),
    which: Chosen = "last",
    store: Where = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Write the weights of a finished run as named arrays: generator/0.weights and so on."""
    from gandiag.sampling.export import export_weights
    from gandiag.sampling.files import refuse_other

    refuse_other(output, ".npz")
    learned = _learned(run, store, which)
    shapes = {name: list(array.shape) for name, array in export_weights(learned, output).items()}
    _tell("gandiag.weights/1", "weights", learned, output, {"arrays": shapes}, as_json)


def add_to(app: typer.Typer) -> None:
    """Adds the verbs."""
    for verb in (sample, weights):
        app.command()(verb)


def _learned(run: str, where: Path, which: str) -> Learned:
    from gandiag.sampling import read_learned
    from gandiag.sampling.finding import find_run

    chosen: Which = int(which) if which.isdecimal() else which  # type: ignore[assignment]
    return read_learned(find_run(run, where), chosen)


def _tell(
    schema: str, what: str, learned: Learned, output: Path, facts: dict[str, Any], as_json: bool
) -> None:
    """Says what was written, and of what; the file's name stands alone on stdout."""
    if not as_json:
        at = learned.weights.iteration
        run = f"{learned.experiment.name}, seed {learned.seed}, run {learned.run[:8]}"
        untrained = "" if at else ", untrained"
        print(f"{what} of {run}, iteration {at:,}{untrained}", file=sys.stderr)
        print(output)
        return
    from gandiag.cli.printing import print_json

    document: dict[str, Any] = {"schema": schema, "run": learned.run}
    document |= {"experiment": learned.experiment.name, "seed": learned.seed}
    document |= {"iteration": learned.weights.iteration, "out": str(output)}
    print_json(document | facts)
