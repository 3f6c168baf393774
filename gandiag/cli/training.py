"""The verbs that train: sweep, and the worker that it starts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from gandiag.plugins import runner_names

Experiment = Annotated[
    str,
    typer.Argument(
        help="A preset (see [bold]gandiag presets[/bold]), a TOML file, or your own function "
        "[bold]module:train[/bold], called as train(seed, monitor, **options)."
    ),
]
Seeds = Annotated[
    str, typer.Option(help="A count (10 is 0 to 9), a range (5-5, 0-9) or a list (1,5,7).")
]
BACKENDS = " or ".join(", ".join(["auto", "both", *runner_names()]).rsplit(", ", 1))
Backend = Annotated[str, typer.Option(help=f"{BACKENDS}.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 or gpu:0.")]
Mode = Annotated[
    str | None, typer.Option(help="How updates run: eager or inductor (torch), xla (tensorflow).")
]
Jobs = Annotated[int | None, typer.Option(help="Workers at a time; one a core by default.")]
Iterations = Annotated[int | None, typer.Option(help="Short for --set schedule.iterations=N.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set a value anew (TOML).")
]
GridOption = Annotated[
    list[str] | None, typer.Option("--grid", metavar="KEY=V1,V2", help="Try several values.")
]
Timeout = Annotated[
    str | None, typer.Option(metavar="30m", help="How long a worker may take: 90s, 30m, 2h.")
]
DataDirectory = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Where the files of MNIST are; short for GANDIAG_DATA=DIR."),
]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="The store; runs/NAME by default.")]


def sweep(
    experiment: Experiment = "devnag-1d",
    seeds: Seeds = "10",
    backend: Backend = "auto",
    device: Device = "auto",
    mode: Mode = None,
    jobs: Jobs = None,
    iterations: Iterations = None,
    settings: Set = None,
    grid: GridOption = None,
    timeout: Timeout = None,
    data: DataDirectory = None,
    out: Out = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Do crashed and timed-out runs again.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead of a table.")
    ] = False,
    no_report: Annotated[
        bool, typer.Option("--no-report", help="Do not write the HTML report.")
    ] = False,
) -> None:
    """Train an experiment with many seeds and write a report.

    The same command again resumes: it trains only what is missing.
    """
    from gandiag.cli import printing
    from gandiag.data.finding import DATA
    from gandiag.experiment.loading import parse_settings
    from gandiag.sweeping.conduct import carry_out, make_plan
    from gandiag.sweeping.duration import parse_duration
    from gandiag.sweeping.grid import parse_grid
    from gandiag.sweeping.request import Request

    if data is not None:
        os.environ[DATA] = str(data.expanduser().absolute())  # the workers inherit it
    limit = None if timeout is None else parse_duration(timeout)
    wishes = parse_settings(settings or [])
    if iterations is not None:
        wishes["schedule.iterations"] = iterations
    plan = make_plan(
        Request(
            experiment=experiment,
            seeds=seeds,
            backend=backend,
            device=device,
            mode=mode,
            jobs=jobs,
            settings=wishes,
            grid=parse_grid(grid or []),
            timeout_s=limit,
            out=out,
            retry_failed=retry_failed,
            command=printing.typed(sys.argv),
        )
    )
    if dry_run:
        printing.plan(plan, as_json)
        return
    printing.opening(plan)
    with _resumable():
        results = carry_out(plan, printing.display(), limit)
        report = None if no_report else _written_report(plan.store.directory)
    asked = {run.run for run in plan.runs}
    code = printing.outcome(results, asked, report, as_json)
    raise typer.Exit(code or int(report is None and not no_report))


def _written_report(store: Path) -> Path | None:
    """Writes the report; where that fails, the runs are still worth telling."""
    from gandiag.errors import WorkerError
    from gandiag.sweeping.conduct import write_report

    try:
        write_report(store, store / "report.html")
    except WorkerError as error:
        print(f"error: {error}", file=sys.stderr)
        return None
    return store / "report.html"


@contextmanager
def _resumable() -> Iterator[None]:
    """Leaves with 130 after Ctrl-C and 143 after SIGTERM, and says how to go on."""
    from gandiag.cli.printing import typed

    try:
        yield
    except KeyboardInterrupt as stop:
        print(
            f"stopped; the same command continues where it was: {typed(sys.argv)}",
            file=sys.stderr,
        )
        raise typer.Exit(getattr(stop, "code", 130)) from None


def worker() -> None:
    """Train one group of runs; started by a sweep."""
    from gandiag.sweeping.worker import main

    raise typer.Exit(main())


def add_to(app: typer.Typer) -> None:
    """Adds the verbs."""
    app.command()(sweep)
    app.command(hidden=True)(worker)
