"""``gandiag selftest``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gandiag.cli.options import AsJson, Jobs

if TYPE_CHECKING:
    from rich.table import Table

    from gandiag.selftest.scoring import DiagnosisFunctions

Row = Mapping[str, Any]


def selftest(
    runs: Annotated[
        int, typer.Option(help="The number of runs per case, i.e. per healthy case and per fault.")
    ] = 20,
    part: Annotated[
        Literal["reporting", "calibrating"],
        typer.Option(
            "--set",
            help="The runs: those on which thresholds were tuned (calibrating), or held-out ones.",
        ),
    ] = "reporting",
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Measure the error rates of the diagnosis on simulated runs whose correct verdict is known.

    The table that ships with gandiag was made with 400 runs of each kind: --runs 400 --json.
    """
    from gandiag.cli.json_output import print_json
    from gandiag.selftest.cases import cases
    from gandiag.selftest.error_table import error_table
    from gandiag.selftest.parallel import score_all

    _refuse_none(runs, jobs)
    selected = cases(part, runs)
    with _showing(len(selected)) as advance:
        outcomes = score_all(selected, _diagnosis(), jobs or os.cpu_count() or 1, advance)
    table = error_table(outcomes, part, runs)
    if as_json:
        print_json(table)
    else:
        _print(table)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(selftest)


def _refuse_none(runs: int, jobs: int | None) -> None:
    from gandiag.errors import UsageError

    if runs < 1:
        raise UsageError(f"--runs {runs}: at least one run of each kind is needed")
    if jobs is not None and jobs < 1:
        raise UsageError(f"--jobs {jobs}: at least one worker is needed")


def _diagnosis() -> DiagnosisFunctions:
    """The diagnosis as ``gandiag analyze`` makes it."""
    from gandiag.analysis.diagnosis import episodes
    from gandiag.analysis.divergence import windows
    from gandiag.analysis.verdict import decide
    from gandiag.selftest.scoring import DiagnosisFunctions

    return DiagnosisFunctions(decide, episodes, windows)


@contextmanager
def _showing(total: int) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("simulated runs", total=total)
        yield lambda: progress.advance(bar)


def _print(table: Row) -> None:
    from rich.console import Console

    from gandiag.cli.run_table import PIPE_WIDTH

    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    print(f"gandiag {table['gandiag']}, {table['set']} set, runs of each kind: {table['runs']}")
    for title, part in (
        ("healthy runs", _healthy(table["healthy"])),
        ("faults", _faults(table["faults"])),
        ("detectors", _detectors(table)),
    ):
        print(title)
        console.print(part)


def _healthy(found: Row) -> Table:
    table = _table("", "runs", "any alarm", "wrong verdict", "no verdict")
    groups = {"all": found["all"]}
    for fact, rows in found["by"].items():
        groups |= {name if fact == "name" else f"{fact} {name}": row for name, row in rows.items()}
    for name, row in groups.items():
        rates = [row[each] for each in ("any_alarm", "wrong_verdict", "no_verdict")]
        table.add_row(name, str(rates[0]["n"]), *map(_rate, rates))
    return table


def _faults(found: Row) -> Table:
    headings = (
        "found",
        "delay, % of length",
        "delay, log points",
        "onset error, %",
        "other verdicts",
    )
    table = _table("", *headings)
    for name, row in found.items():
        others = {each: n for each, n in row["verdicts"].items() if each not in row["right"]}
        table.add_row(
            name,
            _rate(row["found"]),
            _spread(row["delay"], 100),
            _spread(row["delay_points"], 1),
            _spread(row["onset_error"], 100),
            ", ".join(f"{each} {n}" for each, n in others.items()),
        )
    return table


def _detectors(found: Row) -> Table:
    table = _table("", "false alarms per 1,000 log points", "healthy runs", "found in")
    for kind, row in found["detectors"].items():
        false = row["false_alarms_per_1000"]
        ends = false.get("interval") or [0.0, 0.0]
        seen = [f"{name} {_rate(rate)}" for name, rate in row["found"].items()]
        alarms = f"{false['rate'] or 0:.2g} ({ends[0]:.2g}–{ends[1]:.2g})"
        table.add_row(kind, alarms, _rate(row["healthy_runs"]), "\n".join(seen))
    windows = found["divergence"]
    seen_in = f"misleading-loss {_rate(windows['found'])}"
    table.add_row("loss against quality", "–", _rate(windows["healthy_runs"]), seen_in)
    return table


def _table(*headings: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    return table


def _rate(rate: Row) -> str:
    from gandiag.analysis.stability import percent_range

    if not rate["n"]:
        return "–"
    low, high = rate["interval"]
    return f"{rate['k']}/{rate['n']} ({percent_range((low, high))})"


def _spread(numbers: Row, factor: float) -> str:
    if numbers["median"] is None:
        return "–"
    low, high = (factor * end for end in numbers["range"])
    return f"{factor * numbers['median']:.3g} ({low:.2g} to {high:.2g})"
