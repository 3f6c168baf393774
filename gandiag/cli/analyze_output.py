"""What the command line prints of a diagnosis."""

from __future__ import annotations

import sys
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gandiag.analysis.diagnosis import Diagnosis
from gandiag.analysis.episode import Episode
from gandiag.analysis.finding import Finding
from gandiag.selftest.rates import rate_of

if TYPE_CHECKING:
    from rich.console import Console

    from gandiag.diagnosis.runs import Configuration, DiagnosedRun
    from gandiag.store.results import Results

SCHEMA = "gandiag.analysis/1"

UNBROKEN = 10_000
"""The width of lines that go into a pipe or a file: a sentence is not to be broken there."""

INDENT = " " * 8

REAL = "What these verdicts and episodes mean: gandiag analyze --help. Real runs may differ."

COLOURS = {"healthy": "green", "undecided": "dim", "unconverged": "yellow"}
"""All other verdicts are red."""


def document(
    results: Results,
    runs: Sequence[DiagnosedRun],
    configurations: Sequence[Configuration],
    rates: Mapping[str, float],
) -> dict[str, Any]:
    """The diagnosis of a store as plain data."""
    return {
        "schema": SCHEMA,
        "store": str(results.directory),
        "runs": [_run(run) for run in runs],
        "rates": dict(rates),
        "episodes": [
            _whose(run) | _episode(episode) for run in runs for episode in run.diagnosis.episodes
        ],
        "divergence": [row for run in runs for row in _divergence(run)],
        "families": [
            {"point": configuration.point, "backend": configuration.backend}
            | {
                "coupling": finding(configuration.coupling),
                "telling": finding(configuration.term_ranking),
            }
            for configuration in configurations
        ],
    }


def print_all(runs: Sequence[DiagnosedRun], configurations: Sequence[Configuration]) -> None:
    """Prints the verdicts, and what is said over runs."""
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else UNBROKEN)
    several = len({(run.row["point"], run.row["backend"]) for run in runs}) > 1
    for run in runs:
        _print_run(console, run, several)
    for configuration in configurations:
        where = " ".join(part for part in (configuration.backend, configuration.point) if part)
        for found in (configuration.coupling, configuration.term_ranking):
            if found.value == found.value:
                console.print(f"{where}: {found.sentence}", markup=False, soft_wrap=True)
    counts = Counter(run.diagnosis.verdict.name for run in runs)
    for name, count in counts.most_common():
        console.print(f"{count} {name}{_trust(name)}", markup=False, soft_wrap=True)
    console.print(REAL if runs else "no run has begun", markup=False, soft_wrap=True)


def _print_run(console: Console, run: DiagnosedRun, several: bool) -> None:
    """Prints a verdict in a line, and what shows it below."""
    from rich.markup import escape

    verdict = run.diagnosis.verdict
    colour = COLOURS.get(verdict.name, "red")
    names = ("backend", "point") if several else ()
    who = " ".join(["seed", str(run.row["seed"]), *(str(run.row[n]) for n in names if run.row[n])])
    since, colon, said = verdict.sentence.removeprefix(verdict.name).partition(": ")
    if not colon or verdict.name == "undecided":
        since, said = "", verdict.sentence
    console.print(f"[bold]{escape(who)}[/]  [{colour} bold]{verdict.name}[/]{escape(since)}")
    for line in [*said.split("; "), *_lines(run.diagnosis)]:
        told = textwrap.wrap(line, max(console.width - len(INDENT), 20))
        for part in told:
            console.print(f"{INDENT}{part}", markup=False, style="dim", soft_wrap=True)


def finding(found: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "value": found.value,
        "n": found.n,
        "sentence": found.sentence,
        "interval": list(found.interval) if found.interval else None,
        "floor": found.floor,
        "against": found.against,
        "numbers": dict(found.evidence),
    }


def _lines(diagnosis: Diagnosis) -> list[str]:
    """The other episodes: those that go on, and those that had an end."""
    shown = {finding.sentence for finding in diagnosis.verdict.evidence}
    standing = [
        f"{each.kind} since {each.start:,}"
        for each in diagnosis.episodes
        if not each.recovered and not any(told.startswith(each.sentence) for told in shown)
    ]
    over = Counter(each.kind for each in diagnosis.episodes if each.recovered)
    lines = {"also now": standing, "earlier": [_times(n, kind) for kind, n in over.items()]}
    return [f"{when}: {', '.join(words)}" for when, words in lines.items() if words]


def _trust(verdict: str) -> str:
    """How far a verdict is to be trusted."""
    found = rate_of(verdict)
    if found is None:
        return ""
    right = found.right
    return f" (right in {right.k:,} of {right.n:,} simulated runs that got this verdict)"


def _times(n: int, kind: str) -> str:
    return kind if n == 1 else f"{n} × {kind}"


def confidence(verdict: str) -> dict[str, Any] | None:
    """How often such a verdict was right on simulated runs whose truth is known."""
    found = rate_of(verdict)
    return None if found is None else asdict(found)


def _whose(run: DiagnosedRun) -> dict[str, Any]:
    return {key: run.row[key] for key in ("run", "point", "seed", "backend")}


def _run(run: DiagnosedRun) -> dict[str, Any]:
    verdict = run.diagnosis.verdict
    return _whose(run) | {
        "status": run.row["status"],
        "verdict": verdict.name,
        "onset": verdict.onset,
        "sentence": verdict.sentence,
        "missing": verdict.missing,
        "evidence": [finding(each) for each in verdict.evidence],
        "confidence": confidence(verdict.name),
        "moments": [finding(each) for each in run.diagnosis.moments],
        "losses": [finding(each) for each in run.diagnosis.losses],
        "dynamics": [finding(each) for each in run.diagnosis.dynamics],
    }


def _episode(episode: Episode) -> dict[str, Any]:
    return {
        "kind": episode.kind,
        "start": episode.start,
        "peak": episode.peak,
        "end": episode.end,
        "recovered": episode.recovered,
        "severity": episode.severity,
        "series": episode.series,
        "first": episode.first,
        "sentence": episode.sentence,
        "resolution": asdict(episode.resolution) if episode.resolution else None,
        "numbers": dict(episode.evidence),
    }


def _divergence(run: DiagnosedRun) -> list[dict[str, Any]]:
    return [
        _whose(run)
        | {
            "loss": each.loss,
            "windows": [asdict(window) for window in each.windows],
            "part": finding(each.said),
            "score": finding(each.score),
        }
        for each in run.diagnosis.divergence
    ]
