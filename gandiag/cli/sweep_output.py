"""What ``sweep`` prints: progress and plans on standard error, results on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gandiag.analysis.stability import success_rate
from gandiag.cli.json_output import print_json
from gandiag.cli.run_table import print_runs, records

if TYPE_CHECKING:
    import pandas as pd

    from gandiag.store.results import Results
    from gandiag.sweeping.display import Display
    from gandiag.sweeping.execution import Plan
    from gandiag.sweeping.job import Job

UNFINISHED = ("crashed", "timed-out", "interrupted", "pending", "running")
"""Statuses with which a sweep exits with 1."""


def display() -> Display:
    """Progress bars on a terminal, lines elsewhere."""
    from rich.console import Console

    from gandiag.sweeping.display import Bars, Lines

    console = Console(stderr=True)
    return Bars(console) if console.is_terminal else Lines()


def print_start(plan: Plan) -> None:
    """Prints what is about to be trained."""
    runs = _count(len(plan.runs), "run")
    partial = len(plan.missing) < len(plan.runs)
    todo = f"{len(plan.missing)} of {runs} to train" if partial else f"{runs} to train"
    iterations = f", {plan.base.iterations} iterations each" if plan.base.iterations else ""
    programs = "; ".join(sorted({_program(job) for job in plan.jobs}))
    print(
        f"{plan.base.name}: {todo}{iterations}{f' ({programs})' if programs else ''}"
        f", into {plan.store.directory}",
        file=sys.stderr,
    )


def print_plan(plan: Plan, as_json: bool) -> None:
    """Prints what ``--dry-run`` would train."""
    if as_json:
        print(json.dumps(_plan_document(plan), indent=1))
        return
    runs, store = _count(len(plan.runs), "run"), plan.store.directory
    if not plan.jobs:
        print(f"nothing to train: {store} already has {len(plan.runs)} of {runs}")
        return
    parallel = _count(min(plan.workers, len(plan.jobs)), "group")
    print(f"{len(plan.missing)} of {runs} would be trained into {store}, {parallel} at a time:")
    for job in plan.jobs:
        print(f"  {_program(job)}, {_count(job.width, 'lane')}: {', '.join(job.runs)}")


def print_outcome(results: Results, wanted: set[str], report: Path | None, as_json: bool) -> int:
    """Prints the runs that were asked for, their success rates and verdicts.

    Returns:
        The exit code.
    """
    runs = results.runs[results.runs["run"].isin(wanted)]
    if as_json:
        document: dict[str, Any] = {"schema": "gandiag.sweep/1", "store": str(results.directory)}
        document["report"] = str(report) if report else None
        print_json(document | {"runs": records(results, runs), "summary": summary(results, runs)})
    else:
        print_runs(results, runs)
        for sentence in sentences(results, runs):
            print(sentence)
        if verdicts := runs["verdict"].dropna().value_counts().to_dict():
            print(f"verdicts: {_counts(verdicts)}; evidence: gandiag analyze {results.directory}")
        if report:
            print(f"report: {report}")
    return int(runs["status"].isin(UNFINISHED).any())


def summary(results: Results, runs: pd.DataFrame) -> list[dict[str, Any]]:
    """The success rates, one per backend and grid point."""
    rows = []
    for (point, backend), configuration in runs.groupby(["point", "backend"], sort=False):
        outcomes = [bool(success) for success in configuration["success"].dropna()]
        rate = success_rate(outcomes) if outcomes else None
        rows.append(
            {
                "point": point,
                "backend": backend,
                "asked": len(configuration),
                "n": len(outcomes),
                "successes": sum(outcomes),
                "rate": rate.value if rate else None,
                "interval": list(rate.interval) if rate and rate.interval else None,
                "sentence": rate.sentence if rate else None,
                "statuses": configuration["status"].value_counts().to_dict(),
            }
        )
    return rows


def sentences(results: Results, runs: pd.DataFrame) -> Iterator[str]:
    """The success rates as sentences."""
    for row in summary(results, runs):
        configuration = " ".join(part for part in (row["backend"], row["point"]) if part)
        has_rule = bool(results.experiments[row["point"]].success)
        missing = "success not decided yet" if has_rule else "no success rule"
        rate = row["sentence"] or f"{_count(row['asked'], 'run')}, {missing}"
        yield f"{configuration}: {rate}; {_counts(row['statuses'])}"


def _plan_document(plan: Plan) -> dict[str, Any]:
    groups = [
        {
            "backend": job.backend,
            "device": job.device,
            "mode": job.mode,
            "width": job.width,
            "runs": list(job.runs),
        }
        for job in plan.jobs
    ]
    return {
        "schema": "gandiag.plan/1",
        "experiment": plan.base.name,
        "store": str(plan.store.directory),
        "runs": len(plan.runs),
        "missing": len(plan.missing),
        "workers": plan.workers,
        "groups": groups,
    }


def _program(job: Job) -> str:
    """A group's backend, with mode and device unless the user's own function chooses them."""
    return f"{job.backend} {job.mode} on {job.device}" if job.device else job.backend


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _counts(names: Mapping[Hashable, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in names.items())
