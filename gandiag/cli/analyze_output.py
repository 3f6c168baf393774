"""A diagnosis as the command line prints it."""

from __future__ import annotations

import sys
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from gandiag.analysis.diagnosis import Diagnosis
from gandiag.analysis.episode import Episode
from gandiag.analysis.finding import Finding
from gandiag.selftest.rates import rate_of
from gandiag.selftest.trust import ground

if TYPE_CHECKING:
    from rich.console import Console

    from gandiag.analysis.scope import Scope
    from gandiag.analysis.verdict_text import Verdict
    from gandiag.diagnosis.runs import Configuration, DiagnosedRun
    from gandiag.store.results import Results

SCHEMA = "gandiag.analysis/1"

UNBROKEN = 10_000
"""The width of lines that go into a pipe or a file, where sentences are not wrapped."""

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
    """Prints the verdicts, and the findings over runs."""
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
        console.print(f"{count} {name}", markup=False, soft_wrap=True)
    console.print(REAL if runs else "no run has begun", markup=False, soft_wrap=True)


def _print_run(console: Console, run: DiagnosedRun, several: bool) -> None:
    """Prints a verdict in a line, and what shows it below."""
    from rich.markup import escape

    verdict = run.diagnosis.verdict
    colour = COLOURS.get(verdict.name, "red")
    names = ("backend", "point") if several else ()
    who = " ".join(["seed", str(run.row["seed"]), *(str(run.row[n]) for n in names if run.row[n])])
    since = f" {verdict.since}" if verdict.since else ""
    console.print(f"[bold]{escape(who)}[/]  [{colour} bold]{verdict.name}[/]{escape(since)}")
    for clause in [*verdict.clauses, *_other_episodes(run.diagnosis), *_limits(verdict)]:
        for line in textwrap.wrap(clause, max(console.width - len(INDENT), 20)):
            console.print(f"{INDENT}{line}", markup=False, style="dim", soft_wrap=True)


def finding(answer: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "value": answer.value,
        "n": answer.n,
        "sentence": answer.sentence,
        "interval": list(answer.interval) if answer.interval else None,
        "floor": answer.floor,
        "against": answer.against,
        "numbers": dict(answer.evidence),
    }


def _other_episodes(diagnosis: Diagnosis) -> list[str]:
    """The episodes that the verdict does not cite: those that go on, and those that ended."""
    cited = diagnosis.verdict.episodes
    ongoing = [
        f"{each.kind} since {each.start:,}"
        for each in diagnosis.episodes
        if not each.recovered and each not in cited
    ]
    ended = Counter(each.kind for each in diagnosis.episodes if each.recovered)
    lines = {"also now": ongoing, "earlier": [_times(n, kind) for kind, n in ended.items()]}
    return [f"{when}: {', '.join(episodes)}" for when, episodes in lines.items() if episodes]


def _times(n: int, kind: str) -> str:
    return kind if n == 1 else f"{n} × {kind}"


def confidence(verdict: str, scope: Scope | None) -> dict[str, Any] | None:
    """How often such a verdict was right on the same kind of evidence; None if nothing is known."""
    rate = rate_of(verdict, scope)
    if rate is None:
        return None
    parts = asdict(rate)
    return {"deserved": parts.pop("correct"), **parts}


def scope_document(scope: Scope | None) -> dict[str, Any] | None:
    """What a verdict rests on as plain data; None where nothing was judged."""
    if scope is None:
        return None
    return {
        "evidence": scope.evidence,
        "samples": scope.samples,
        "band": scope.band,
        "sees": list(scope.sees),
        "cannot_see": list(scope.cannot_see),
    }


def _limits(verdict: Verdict) -> list[str]:
    """What a verdict rests on, its error rate, and where nothing was found what it cannot see."""
    lines = [f"rests on: {ground(verdict.name, verdict.scope)}"]
    if verdict.name in ("healthy", "undecided") and verdict.scope and verdict.scope.cannot_see:
        lines.append(f"cannot see: {'; '.join(verdict.scope.cannot_see)}")
    return lines


def _whose(run: DiagnosedRun) -> dict[str, Any]:
    return {key: run.row[key] for key in ("run", "point", "seed", "backend")}


def _run(run: DiagnosedRun) -> dict[str, Any]:
    verdict, moments, losses = (
        run.diagnosis.verdict,
        run.diagnosis.moments,
        run.diagnosis.losses,
    )
    return _whose(run) | {
        "status": run.row["status"],
        "verdict": verdict.name,
        "onset": verdict.onset,
        "sentence": verdict.sentence,
        "missing": verdict.missing,
        "evidence": [finding(each) for each in verdict.evidence],
        "scope": scope_document(verdict.scope),
        "confidence": confidence(verdict.name, verdict.scope),
        "moments": [finding(each) for each in (*moments.deviations, moments.failing)],
        "losses": _by_question({each.name: getattr(losses, each.name) for each in fields(losses)}),
        "dynamics": _by_question(run.diagnosis.dynamics),
    }


def _by_question(findings: Mapping[str, Finding]) -> list[dict[str, Any]]:
    return [{"question": question} | finding(each) for question, each in findings.items()]


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
        "description": episode.description,
        "resolution": asdict(episode.resolution) if episode.resolution else None,
        "numbers": dict(episode.evidence),
    }


def _divergence(run: DiagnosedRun) -> list[dict[str, Any]]:
    return [
        _whose(run)
        | {
            "loss": each.loss,
            "windows": [asdict(window) for window in each.windows],
            "part": finding(each.summary),
            "score": finding(each.score),
        }
        for each in run.diagnosis.divergence
    ]
