"""The verdict, onset and evidence of each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from gandiag.analysis.thresholds import BURN_IN, BURN_IN_POINTS
from gandiag.diagnosis import runs as diagnosis_runs
from gandiag.diagnosis.runs import DiagnosedRun, diagnose_runs
from gandiag_html.cases import Case, Ground, grounds, in_order, kind_of
from gandiag_html.configurations import Configuration
from gandiag_html.figures.episodes import MISLED, Bar, TimelineRow, legend, problems_in, timeline
from gandiag_html.formatting import counted, listing, seeds, typeset
from gandiag_html.outcomes import Kind
from gandiag_html.panels.panel import Panel

if TYPE_CHECKING:
    from gandiag.store.results import Results

MOST_DESCRIBED = 12
"""Runs of a configuration that are described at once, as many of each verdict; the others are
collapsed."""
MOST_ROWS = 24
"""Rows of a timeline; the others are in a second one, collapsed."""


@dataclass(frozen=True, eq=False)
class Block:
    """The runs of a configuration that have the same verdict.

    Attributes:
        name: The verdict.
        kind: Its colour and mark.
        grounds: What it rests on, with the error rate, once for all runs that rest on the same.
        cases: The runs that are described at once.
        collapsed: The others.
    """

    name: str
    kind: Kind
    grounds: Sequence[Ground]
    cases: Sequence[Case]
    collapsed: Sequence[Case]

    @property
    def count(self) -> int:
        """How many runs have the verdict."""
        return len(self.cases) + len(self.collapsed)


def diagnosis(configurations: Sequence[Configuration], results: Results) -> Panel:
    """The panel."""
    runs = {run.row["run"]: run for run in diagnose_runs(results)}
    over = {
        (one.point, one.backend): one for one in diagnosis_runs.configurations(list(runs.values()))
    }
    shown = [_group(configuration, runs, over) for configuration in configurations]
    context = {
        "groups": shown,
        "drawn": any(group["pictures"] for group in shown),
        "legend": legend([row for group in shown for row in group["rows"]]),
        "most": MOST_ROWS,
        "most_described": MOST_DESCRIBED,
        "onset": any(row.onset is not None for group in shown for row in group["rows"]),
    }
    return Panel("diagnosis", "Diagnosis: verdict, onset and evidence", "Diagnosis", context)


def in_a_sentence(panel: Panel) -> Mapping[str, str]:
    """How many runs of each group have which verdict, by the group's key."""
    return {
        group["key"]: listing([f"{block.count} {block.name}" for block in group["blocks"]])
        for group in panel.context["groups"]
    }


def _group(
    group: Configuration,
    runs: Mapping[str, DiagnosedRun],
    over: Mapping[tuple[str, str], diagnosis_runs.Configuration],
) -> dict[str, Any]:
    cases = in_order(
        [
            Case(runs[one.run], one, f"{group.key}-seed-{index}")
            for index, one in enumerate(group.outcomes)
            if one.run in runs
        ]
    )
    waiting = [one.seed for one in group.outcomes if one.run not in runs]
    rows = [_row(case) for case in cases]
    return {
        "key": group.key,
        "label": group.label,
        "blocks": list(_blocks(cases)),
        "rows": rows,
        "pictures": _pictures(group, cases, rows),
        "over": _over(group, over),
        "misled": _misled(cases),
        "waiting": f"Not begun, so without a verdict: {seeds(waiting)}." if waiting else "",
    }


def _blocks(cases: Sequence[Case]) -> list[Block]:
    alike = [(name, list(some)) for name, some in groupby(cases, key=lambda case: case.name)]
    room = len(cases) if len(cases) <= MOST_DESCRIBED else max(MOST_DESCRIBED // len(alike), 1)
    return [
        Block(name, kind_of(name), grounds(some), some[:room], some[room:]) for name, some in alike
    ]


def _row(case: Case) -> TimelineRow:
    record, diagnosis = case.run.record, case.run.diagnosis
    bars = [Bar(one.kind, one.start, one.end) for one in diagnosis.episodes]
    bars += [
        Bar(MISLED, window.start, window.end)
        for each in diagnosis.divergence
        for window in each.windows
    ]
    return TimelineRow(
        name=f"seed {case.outcome.seed}",
        verdict=case.name,
        kind=case.kind,
        end=float(record.iteration[-1]) if len(record) else 0.0,
        onset=case.onset,
        bars=tuple(bars),
    )


def _pictures(
    group: Configuration, cases: Sequence[Case], rows: Sequence[TimelineRow]
) -> list[Markup]:
    """The rows in one timeline, or in two if they are many."""
    if not any(row.end for row in rows):
        return []
    kinds, early = problems_in(rows), _burn_in(cases)
    parts = [part for part in (rows[:MOST_ROWS], rows[MOST_ROWS:]) if part]
    return [
        timeline(
            part,
            kinds,
            float(group.end),
            early,
            key=f"{group.key}-episodes-{index}",
            label=f"Timeline of the episodes of {counted(len(part), 'run')}, with the onset of "
            "each verdict; the text below gives the same.",
        )
        for index, part in enumerate(parts)
    ]


def _burn_in(cases: Sequence[Case]) -> float:
    """The iteration up to which few checks apply: the end of the longest burn-in."""
    planned = [case.run.record.planned for case in cases if case.run.record.planned]
    if planned:
        return BURN_IN * max(planned)
    long = [case.run.record for case in cases if len(case.run.record) >= BURN_IN_POINTS]
    return max((float(one.iteration[BURN_IN_POINTS - 1]) for one in long), default=0.0)


def _over(
    group: Configuration, over: Mapping[tuple[str, str], diagnosis_runs.Configuration]
) -> list[str]:
    """The findings over the runs of a configuration."""
    row = group.outcomes[0].row
    configuration = over.get((row["point"], row["backend"]))
    found = (configuration.coupling, configuration.term_ranking) if configuration else ()
    return [typeset(one.sentence) for one in found if one.value == one.value]


def _misled(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """The runs and intervals in which a loss fell while the samples got worse."""
    return [(f"Seed {case.outcome.seed}", sentence) for case in cases for sentence in case.misled]
