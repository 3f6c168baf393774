"""``gandiag selftest``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gandiag.cli.options import AsJson, Jobs
from gandiag.cli.rate_cells import plain_table, rate_text

if TYPE_CHECKING:
    from rich.table import Table

    from gandiag.selftest.scoring import DiagnosisFunctions

Row = Mapping[str, Any]

Ground = Literal["reporting", "calibrating"]


def selftest(
    runs: Annotated[
        int, typer.Option(help="The number of runs per case, i.e. per healthy case and per fault.")
    ] = 20,
    part: Annotated[
        Ground,
        typer.Option(
            "--set",
            help="The runs: those on which thresholds were tuned (calibrating), or held-out ones.",
        ),
    ] = "reporting",
    draws: Annotated[
        int,
        typer.Option(
            help="The runs of each fault on each kind of data whose samples are drawn; 0 for none."
        ),
    ] = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Measure the error rates of the diagnosis on simulated runs whose correct verdict is known.

    The series of some runs are simulated (--runs). Of others samples are drawn and measured as
    those of users are (--draws), from some twenty distributions. The table that ships with gandiag
    was made with --runs 100 --draws 4 --json.
    """
    from gandiag.cli.json_output import print_json

    _refuse_none(runs, draws, jobs)
    workers = jobs or os.cpu_count() or 1
    table = _simulated(part, runs, workers) | (_drawn(part, draws, workers) if draws else {})
    if as_json:
        print_json(table)
    else:
        _print(table)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(selftest)


def _simulated(part: Ground, runs: int, jobs: int) -> dict[str, Any]:
    """The table of simulated series."""
    from gandiag.selftest.cases import cases
    from gandiag.selftest.error_table import error_table
    from gandiag.selftest.parallel import score_all

    selected = cases(part, runs)
    with _showing("simulated series", len(selected)) as advance:
        outcomes = score_all(selected, _diagnosis(), jobs, advance)
    return error_table(outcomes, part, runs)


def _drawn(part: Ground, draws: int, jobs: int) -> dict[str, Any]:
    """The tables of drawn samples."""
    from gandiag.selftest.drawn.scoring import score_drawn
    from gandiag.selftest.drawn.selection import all_cases, tables
    from gandiag.selftest.parallel import each_scored

    selected = all_cases(part, draws)
    with _showing("drawn samples", len(selected)) as advance:
        outcomes = each_scored(score_drawn, selected, jobs, advance)
    return tables(outcomes, part, draws)


def _refuse_none(runs: int, draws: int, jobs: int | None) -> None:
    from gandiag.errors import UsageError

    if runs < 1:
        raise UsageError(f"--runs {runs}: at least one run of each kind is needed")
    if draws < 0:
        raise UsageError(f"--draws {draws}: a number of runs, or 0 for none")
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
def _showing(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        bar = progress.add_task(what, total=total)
        yield lambda: progress.advance(bar)


def _print(table: Row) -> None:
    from rich.console import Console

    from gandiag.cli.run_table import PIPE_WIDTH
    from gandiag.cli.selftest_drawn import drawn_tables

    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    print(f"gandiag {table['gandiag']}, {table['set']} set, runs of each kind: {table['runs']}")
    for title, part in (
        ("simulated series: healthy runs", _healthy(table["healthy"])),
        ("simulated series: faults", _faults(table["faults"])),
        ("simulated series: detectors", _detectors(table)),
    ):
        print(title)
        console.print(part)
    if "drawn" in table:
        for title, part in drawn_tables(table):
            print(title)
            console.print(part)


def _healthy(found: Row) -> Table:
    table = plain_table("", "runs", "any alarm", "wrong verdict", "no verdict")
    groups = {"all": found["all"]}
    for fact, rows in found["by"].items():
        groups |= {name if fact == "name" else f"{fact} {name}": row for name, row in rows.items()}
    for name, row in groups.items():
        rates = [row[each] for each in ("any_alarm", "wrong_verdict", "no_verdict")]
        table.add_row(name, str(rates[0]["n"]), *map(rate_text, rates))
    return table


def _faults(found: Row) -> Table:
    headings = (
        "found",
        "delay, % of length",
        "delay, log points",
        "onset error, %",
        "other verdicts",
    )
    table = plain_table("", *headings)
    for name, row in found.items():
        others = {each: n for each, n in row["verdicts"].items() if each not in row["right"]}
        table.add_row(
            name,
            rate_text(row["found"]),
            _spread(row["delay"], 100),
            _spread(row["delay_points"], 1),
            _spread(row["onset_error"], 100),
            ", ".join(f"{each} {n}" for each, n in others.items()),
        )
    return table


def _detectors(found: Row) -> Table:
    table = plain_table("", "false alarms per 1,000 log points", "healthy runs", "found in")
    for kind, row in found["detectors"].items():
        false = row["false_alarms_per_1000"]
        ends = false.get("interval") or [0.0, 0.0]
        seen = [f"{name} {rate_text(rate)}" for name, rate in row["found"].items()]
        alarms = f"{false['rate'] or 0:.2g} ({ends[0]:.2g}–{ends[1]:.2g})"
        table.add_row(kind, alarms, rate_text(row["healthy_runs"]), "\n".join(seen))
    windows = found["divergence"]
    seen_in = f"misleading-loss {rate_text(windows['found'])}"
    table.add_row("loss against quality", "–", rate_text(windows["healthy_runs"]), seen_in)
    return table


def _spread(numbers: Row, factor: float) -> str:
    if numbers["median"] is None:
        return "–"
    low, high = (factor * end for end in numbers["range"])
    return f"{factor * numbers['median']:.3g} ({low:.2g} to {high:.2g})"
