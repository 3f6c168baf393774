"""What the command line prints: the result on stdout, all else on stderr."""

from __future__ import annotations

import json
import math
import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gandiag.analysis.record import SAMPLED
from gandiag.analysis.stability import success_rate
from gandiag.analysis.success import settled
from gandiag.cli.columns import columns, measured

if TYPE_CHECKING:
    import pandas as pd

    from gandiag.store.results import Results
    from gandiag.sweeping.conduct import Plan
    from gandiag.sweeping.display import Display
    from gandiag.sweeping.job import Job

WIDE = 200
"""How wide a table is that goes into a pipe or a file."""

NOT_ENDED = ("crashed", "timed-out", "interrupted", "pending", "running")
"""Statuses with which a sweep has not done what was asked of it."""


def typed(argv: list[str]) -> str:
    """The command as it was typed."""
    return shlex.join(["gandiag", *argv[1:]])


def display() -> Display:
    """Bars on a terminal, lines elsewhere."""
    from rich.console import Console

    from gandiag.sweeping.display import Bars, Lines

    console = Console(stderr=True)
    return Bars(console) if console.is_terminal else Lines()


def opening(plan: Plan) -> None:
    """Says what is about to be done."""
    done = len(plan.runs) - len(plan.missing)
    runs = _counted(len(plan.runs), "run")
    words = f"{len(plan.missing)} of {runs} to train" if done else f"{runs} to train"
    how = sorted({_how(job) for job in plan.jobs})
    print(
        f"{plan.base.name}: {words}"
        + (f", {plan.base.iterations} iterations each" if plan.base.iterations else "")
        + (f" ({'; '.join(how)})" if how else "")
        + f", into {plan.store.directory}",
        file=sys.stderr,
    )


def _how(job: Job) -> str:
    """A group's backend, mode and device, as far as they are ours to choose."""
    return f"{job.backend} {job.mode} on {job.device}" if job.device else job.backend


def plan(plan: Plan, as_json: bool) -> None:
    """Prints what would be done."""
    groups: list[dict[str, Any]] = [
        {
            "backend": job.backend,
            "device": job.device,
            "mode": job.mode,
            "width": job.width,
            "runs": list(job.runs),
        }
        for job in plan.jobs
    ]
    if as_json:
        document = {
            "schema": "gandiag.plan/1",
            "experiment": plan.base.name,
            "store": str(plan.store.directory),
            "runs": len(plan.runs),
            "missing": len(plan.missing),
            "workers": plan.workers,
            "groups": groups,
        }
        print(json.dumps(document, indent=1))
        return
    asked, into = _counted(len(plan.runs), "run"), plan.store.directory
    if not plan.jobs:
        print(f"nothing to train: {into} holds {len(plan.runs)} of {asked} already")
        return
    most = _counted(min(plan.workers, len(plan.jobs)), "group")
    print(f"{len(plan.missing)} of {asked} would be trained into {into}, {most} at a time:")
    for job in plan.jobs:
        print(f"  {_how(job)}, {_counted(job.width, 'lane')}: {', '.join(job.runs)}")


def outcome(results: Results, asked: set[str], report: Path | None, as_json: bool) -> int:
    """Prints the runs that were asked for and how many succeeded.

    Returns:
        The exit code.
    """
    runs = results.runs[results.runs["run"].isin(asked)]
    if as_json:
        document: dict[str, Any] = {"schema": "gandiag.sweep/1", "store": str(results.directory)}
        document["report"] = str(report) if report else None
        print_json(document | {"runs": records(results, runs), "summary": summary(results, runs)})
    else:
        print_runs(results, runs)
        for sentence in sentences(results, runs):
            print(sentence)
        verdicts = runs["verdict"].dropna().value_counts()
        if len(verdicts):
            said = ", ".join(f"{count} {name}" for name, count in verdicts.items())
            print(f"diagnosis: {said}; why: gandiag analyze {results.directory}")
        if report:
            print(f"report: {report}")
    return int(runs["status"].isin(NOT_ENDED).any())


def print_runs(results: Results, runs: pd.DataFrame) -> None:
    """Prints a table of runs."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    rows = records(results, runs)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    points = any(row["point"] for row in rows)
    judged = any(row["verdict"] for row in rows)
    headings = ["seed", "backend", *(["point"] if points else []), "status", "success"]
    headings += ["verdict"] if judged else []
    watched = list(dict.fromkeys(row["best_column"] for row in rows if best(row)))
    headings += [f"best {name}" for name in watched]
    numbers = columns(results, rows, {str(name) for name in runs.columns})
    for heading in [*headings, *numbers, "run"]:
        numeric = heading == "seed" or heading in numbers
        table.add_column(
            escape(heading), justify="right" if numeric else "left", no_wrap=not points
        )
    for row in rows:
        words = [str(row["seed"]), row["backend"], *([row["point"]] if points else [])]
        words += [_status(row), {True: "yes", False: "no", None: "–"}[row["success"]]]
        words += [row["verdict"] or "–"] if judged else []
        words += [best(row) if row["best_column"] == name else "–" for name in watched]
        words += [_number(row.get(name), 3) for name in numbers]
        table.add_row(*words, row["run"][:8])
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def records(results: Results, runs: pd.DataFrame) -> list[dict[str, Any]]:
    """The runs as plain data, with what their samples' metrics settled on.

    That is the mean of the last tenth of the log points, which the success rule looks at.
    """
    series = results.series
    playing = series[series["phase"] == "train"]
    names = measured(results)
    found = dict(list(playing.groupby("run"))) if len(playing) else {}
    rows = []
    for run in runs.to_dict("records"):
        row = facts(run)
        if run["run"] in found:
            row |= {name: _settled(found[run["run"]], name) for name in names}
        rows.append(row)
    return rows


def _settled(series: pd.DataFrame, name: str) -> float:
    values = series[name].to_numpy(float)
    known = values[values == values]
    if 0 < 2 * len(known) < len(values):  # what takes long is measured now and then
        return settled(known)
    return settled(values, series[SAMPLED].to_numpy(float) if SAMPLED in series else None)


def summary(results: Results, runs: pd.DataFrame) -> list[dict[str, Any]]:
    """The success rates, one a backend and point."""
    found = []
    for (point, backend), family in runs.groupby(["point", "backend"], sort=False):
        outcomes = [bool(x) for x in family["success"].dropna()]
        rate = success_rate(outcomes) if outcomes else None
        found.append(
            {
                "point": point,
                "backend": backend,
                "asked": len(family),
                "n": len(outcomes),
                "successes": sum(outcomes),
                "rate": rate.value if rate else None,
                "interval": list(rate.interval) if rate and rate.interval else None,
                "sentence": rate.sentence if rate else None,
                "statuses": family["status"].value_counts().to_dict(),
            }
        )
    return found


def sentences(results: Results, runs: pd.DataFrame) -> Iterable[str]:
    """The success rates in words."""
    for row in summary(results, runs):
        where = " ".join(part for part in (row["backend"], row["point"]) if part)
        asked, rule = _counted(row["asked"], "run"), results.experiments[row["point"]].success
        none = "none with an outcome that a rule tells" if rule else "no success rule"
        said = row["sentence"] or f"{asked}, {none}"
        yield f"{where}: {said}; {_counts(row['statuses'])}"


def print_json(document: dict[str, Any]) -> None:
    """Prints a document; what is not finite is null, and listed under ``nonfinite``."""
    lost: list[str] = []
    clean = _finite(document, "", lost)
    print(json.dumps(clean | {"nonfinite": lost}, indent=1))


def _finite(value: Any, path: str, lost: list[str]) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v, f"{path}.{k}" if path else str(k), lost) for k, v in value.items()}
    if isinstance(value, list):
        return [_finite(v, f"{path}.{i}", lost) for i, v in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        lost.append(path)
        return None
    return value


def facts(run: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of the runs as plain data; nothing in it is measured, so that NaN is missing too."""
    row = {name: native(value) for name, value in run.items()}
    return {name: None if value != value else value for name, value in row.items()}


def native(value: Any) -> Any:
    """A cell of a frame as plain data; what pandas calls missing is None, but NaN stays NaN."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return value.item() if hasattr(value, "item") else value


def best(row: Mapping[str, Any]) -> str:
    """What a stopping rule found best of a run, and where; empty without one."""
    at = native(row.get("best_at"))
    if at is None:
        return ""
    return f"{_number(row['best_value'], 3)} at {at:,}" + ("" if at else ", untrained")


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _counts(statuses: dict[str, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in statuses.items())


def _status(row: dict[str, Any]) -> str:
    for how in ("diverged", "stopped"):
        if row.get(f"{how}_at") is not None:
            return f"{how} at {row[f'{how}_at']:,}"
    return str(row["status"])


def _number(value: Any, digits: int) -> str:
    if value is None:
        return "–"
    if 0 < abs(value) < 0.5 * 10**-digits:
        return f"{value:.2g}"
    return f"{value:.{digits}f}" if math.isfinite(value) else str(value)
