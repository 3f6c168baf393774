"""What went wrong in each run, since when, and what shows it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from gandiag.analysis.thresholds import BURN_IN, BURN_IN_POINTS
from gandiag.diagnosis import runs as diagnosis_runs
from gandiag.diagnosis.runs import DiagnosedRun, diagnose_runs
from gandiag_html.cases import Case, in_order, kind_of
from gandiag_html.configurations import Configuration
from gandiag_html.error_rates import rates_in_words
from gandiag_html.figures.episodes import MISLED, Bar, TimelineRow, legend, problems_in, timeline
from gandiag_html.formatting import counted, listing, seeds, typeset
from gandiag_html.outcomes import Kind
from gandiag_html.panels.panel import Panel

if TYPE_CHECKING:
    from gandiag.store.results import Results

MOST_TOLD = 12
"""Runs of a group that are told at once, as many of each verdict; the others are folded away."""
MOST_LANES = 24
"""Lanes of a picture; the others are in a second one, folded away."""


@dataclass(frozen=True, eq=False)
class Block:
    """The runs of a group that have the same verdict.

    Attributes:
        name: The verdict.
        kind: Its colour and mark.
        trust: Its error rates in a sentence.
        cases: The runs that are told at once.
        folded: The others.
    """

    name: str
    kind: Kind
    trust: str
    cases: Sequence[Case]
    folded: Sequence[Case]

    @property
    def count(self) -> int:
        """How many runs have the verdict."""
        return len(self.cases) + len(self.folded)


def diagnosis(groups: Sequence[Configuration], results: Results) -> Panel:
    """The panel."""
    runs = {run.row["run"]: run for run in diagnose_runs(results)}
    over = {
        (one.point, one.backend): one for one in diagnosis_runs.configurations(list(runs.values()))
    }
    shown = [_group(group, runs, over) for group in groups]
    context = {
        "groups": shown,
        "drawn": any(group["pictures"] for group in shown),
        "legend": legend([lane for group in shown for lane in group["lanes"]]),
        "most": MOST_LANES,
        "told": MOST_TOLD,
        "onset": any(lane.onset is not None for group in shown for lane in group["lanes"]),
    }
    return Panel(
        "diagnosis", "What went wrong, since when, and what shows it", "Diagnosis", context
    )


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
    lanes = [_lane(case) for case in cases]
    return {
        "key": group.key,
        "label": group.label,
        "blocks": list(_blocks(cases)),
        "lanes": lanes,
        "pictures": _pictures(group, cases, lanes),
        "over": _over(group, over),
        "misled": _misled(cases),
        "waiting": f"Not begun, and so not judged: {seeds(waiting)}." if waiting else "",
    }


def _blocks(cases: Sequence[Case]) -> list[Block]:
    alike = [(name, list(some)) for name, some in groupby(cases, key=lambda case: case.name)]
    room = len(cases) if len(cases) <= MOST_TOLD else max(MOST_TOLD // len(alike), 1)
    return [
        Block(name, kind_of(name), rates_in_words(name), some[:room], some[room:])
        for name, some in alike
    ]


def _lane(case: Case) -> TimelineRow:
    record, told = case.run.record, case.run.diagnosis
    bars = [Bar(one.kind, one.start, one.end) for one in told.episodes]
    bars += [
        Bar(MISLED, window.start, window.end) for each in told.divergence for window in each.windows
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
    group: Configuration, cases: Sequence[Case], lanes: Sequence[TimelineRow]
) -> list[Markup]:
    """The lanes in one picture; where they are many, the last of them in a second one."""
    if not any(lane.end for lane in lanes):
        return []
    rows, early = problems_in(lanes), _burn_in(cases)
    parts = [part for part in (lanes[:MOST_LANES], lanes[MOST_LANES:]) if part]
    return [
        timeline(
            part,
            rows,
            float(group.end),
            early,
            key=f"{group.key}-episodes-{index}",
            label=f"When there was trouble in {counted(len(part), 'run')}, of what kind, and since "
            "when the verdict holds; below it stands in words.",
        )
        for index, part in enumerate(parts)
    ]


def _burn_in(cases: Sequence[Case]) -> float:
    """The iteration up to which little is judged; where the length is unknown, of most runs."""
    planned = [case.run.record.planned for case in cases if case.run.record.planned]
    if planned:
        return BURN_IN * max(planned)
    long = [case.run.record for case in cases if len(case.run.record) >= BURN_IN_POINTS]
    return max((float(one.iteration[BURN_IN_POINTS - 1]) for one in long), default=0.0)


def _over(
    group: Configuration, over: Mapping[tuple[str, str], diagnosis_runs.Configuration]
) -> list[str]:
    """What is said of a group over its runs, where something is."""
    row = group.outcomes[0].row
    configuration = over.get((row["point"], row["backend"]))
    found = (configuration.coupling, configuration.term_ranking) if configuration else ()
    return [typeset(one.sentence) for one in found if one.value == one.value]


def _misled(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """In which runs a loss and the samples parted, and in what stretches."""
    return [(f"Seed {case.outcome.seed}", said) for case in cases for said in case.misled]
