"""``gandiag sweep``, and the hidden command ``worker`` that it starts."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from gandiag.cli.options import AsJson, Jobs, command_line
from gandiag.errors import UsageError
from gandiag.plugins import runner_names

SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}

Experiment = Annotated[
    str,
    typer.Argument(
        help="A preset (see [bold]gandiag presets[/bold]), a TOML file, or your own function "
        "[bold]module:train[/bold], called as train(seed, monitor, **options)."
    ),
]
Seeds = Annotated[
    str, typer.Option(help="A count (10 means 0 to 9), a range (5-5, 0-9) or a list (1,5,7).")
]
BACKENDS = " or ".join(", ".join(["auto", "both", *runner_names()]).rsplit(", ", 1))
Backend = Annotated[str, typer.Option(help=f"{BACKENDS}.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 or gpu:0.")]
Mode = Annotated[
    str | None, typer.Option(help="Execution mode: eager or inductor (torch), xla (tensorflow).")
]
Iterations = Annotated[int | None, typer.Option(help="Short for --set schedule.iterations=N.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Override a value (TOML syntax); may be repeated. See [bold]gandiag keys[/bold].",
    ),
]
GridOption = Annotated[
    list[str] | None,
    typer.Option(
        "--grid",
        metavar="KEY=V1,V2",
        help="Train with each of these values; if repeated, with every combination.",
    ),
]
Timeout = Annotated[
    str | None, typer.Option(metavar="30m", help="Time limit of a worker: 90s, 30m, 2h.")
]
DataDirectory = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="The folder with the MNIST files; the same as GANDIAG_DATA=DIR."
    ),
]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="The store to write; runs/NAME by default.")
]


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
        bool, typer.Option("--retry-failed", help="Train crashed and timed-out runs again.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be trained, and do nothing.")
    ] = False,
    as_json: AsJson = False,
    no_report: Annotated[
        bool, typer.Option("--no-report", help="Do not write the HTML report.")
    ] = False,
) -> None:
    """Train an experiment with many seeds and write a report.

    Run the same command again to resume: it trains only the runs that are missing.
    """
    from gandiag.cli import sweep_output
    from gandiag.data.digit_files import DATA_VARIABLE
    from gandiag.experiment.overrides import parse_overrides
    from gandiag.sweeping.execution import carry_out, make_plan
    from gandiag.sweeping.parsing import parse_grid
    from gandiag.sweeping.request import Request

    if data is not None:
        os.environ[DATA_VARIABLE] = str(data.expanduser().absolute())  # the workers inherit it
    limit = None if timeout is None else parse_duration(timeout)
    overrides = parse_overrides(settings or [])
    if iterations is not None:
        overrides["schedule.iterations"] = iterations
    plan = make_plan(
        Request(
            experiment=experiment,
            seeds=seeds,
            backend=backend,
            device=device,
            mode=mode,
            jobs=jobs,
            settings=overrides,
            grid=parse_grid(grid or []),
            timeout_s=limit,
            out=out,
            retry_failed=retry_failed,
            command=command_line(),
        )
    )
    if dry_run:
        sweep_output.print_plan(plan, as_json)
        return
    sweep_output.print_start(plan)
    with _resumable():
        results = carry_out(plan, sweep_output.display(), limit)
        report = None if no_report else _write_report(plan.store.directory)
    wanted = {run.run for run in plan.runs}
    code = sweep_output.print_outcome(results, wanted, report, as_json)
    raise typer.Exit(code or int(report is None and not no_report))


def _write_report(store: Path) -> Path | None:
    """Writes the report; if that fails, prints why, because the runs are still worth showing."""
    from gandiag.errors import WorkerError
    from gandiag.sweeping.execution import write_report

    try:
        write_report(store, store / "report.html")
    except WorkerError as error:
        print(f"error: {error}", file=sys.stderr)
        return None
    return store / "report.html"


@contextmanager
def _resumable() -> Iterator[None]:
    """Exits with 130 after Ctrl-C and 143 after SIGTERM, and prints how to resume."""
    try:
        yield
    except KeyboardInterrupt as stop:
        print(f"stopped; run the same command to resume: {command_line()}", file=sys.stderr)
        raise typer.Exit(getattr(stop, "code", 130)) from None


def parse_duration(text: str) -> float:
    """The seconds in a duration: ``90s``, ``30m``, ``2h``, ``1d`` or a bare number of seconds.

    Raises:
        UsageError: The text is not a duration, or not positive.

    >>> parse_duration("30m")
    1800.0
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", text)
    seconds = float(match[1]) * SECONDS[match[2]] if match else 0.0
    if seconds <= 0:
        raise UsageError(f"--timeout {text!r} is not a duration; write e.g. 90s, 30m or 2h")
    return seconds


def worker() -> None:
    """Train one group of runs; started by a sweep."""
    from gandiag.sweeping.worker import main

    raise typer.Exit(main())


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(sweep)
    app.command(hidden=True)(worker)
