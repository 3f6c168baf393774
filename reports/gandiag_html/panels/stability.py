"""How many runs reached the target, and how did the others end?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gandiag.analysis.stability import percent_range
from gandiag_html.configurations import Configuration
from gandiag_html.formatting import counted, listing, seeds
from gandiag_html.outcomes import UNFINISHED, Outcome
from gandiag_html.panels.panel import Panel

MOST_NAMED = 6
"""Failed seeds that are described at once; the others are collapsed."""


@dataclass(frozen=True)
class SuccessSummary:
    """How the runs of a configuration ended.

    Attributes:
        label: The label of the configuration.
        count: The number in large type, e.g. ``"8 of 10"``.
        claim: What it counts, e.g. ``"seeds reached the target"``.
        interval: The interval of the success rate; None without a success rule.
        range: The interval as text.
        rate: The success rate.
        sentence: A summary in one sentence.
        blame: The failed seeds, e.g. ``"seeds 4 and 9 did not"``.
        failures: The failed runs.
        unfinished: The runs that are not finished; empty if all are.
        rule: The success rule; empty if there is none.
        key: The prefix of its identifiers in the document.
        outcomes: All runs, for the row of marks.
    """

    label: str
    count: str
    claim: str
    interval: tuple[float, float] | None
    range: str
    rate: float
    sentence: str
    blame: str
    failures: Sequence[Outcome]
    unfinished: str
    rule: str
    key: str
    outcomes: Sequence[Outcome]


def stability(
    configurations: Sequence[Configuration], diagnoses: Mapping[str, str] | None = None
) -> Panel:
    """The section at the top of the page.

    Args:
        configurations: The runs.
        diagnoses: The verdicts of each configuration in a sentence, by its key.
    """
    summaries = [summarize(configuration) for configuration in configurations]
    return Panel(
        "stability",
        "Outcome",
        "Outcome",
        {
            "summaries": summaries,
            "most": MOST_NAMED,
            "ruled": any(v.rule for v in summaries),
            "diagnoses": diagnoses or {},
        },
    )


def summarize(configuration: Configuration) -> SuccessSummary:
    """Summarizes how the runs of a configuration ended."""
    good, failed = configuration.of("reached", "ended"), configuration.of("failed")
    ended, rate = len(good) + len(failed), configuration.rate
    interval = rate.interval if rate and rate.n else None
    did = "reached the target" if rate else "completed"
    claim = f"{'seed' if ended == 1 else 'seeds'} {did}" if ended else "no run has ended yet"
    blame = f"{seeds([one.seed for one in failed])} did not" if failed else ""
    sentence = f"{len(good)} of {ended} {claim}" if ended else claim
    if rate and rate.n:
        sentence = rate.sentence
    return SuccessSummary(
        label=configuration.label,
        count=f"{len(good)} of {ended}" if ended else "",
        claim=claim,
        interval=interval,
        range=percent_range(interval) if interval else "",
        rate=rate.value if rate and rate.n else 0.0,
        sentence=f"{sentence}; {blame}" if blame else sentence,
        blame=blame,
        failures=failed,
        unfinished=_unfinished(configuration.of("unfinished"), len(configuration.outcomes)),
        rule=listing(configuration.experiment.success),
        key=configuration.key,
        outcomes=configuration.outcomes,
    )


def _unfinished(runs: Sequence[Outcome], total: int) -> str:
    if not runs:
        return ""
    by_status: dict[str, list[int]] = {}
    for one in runs:
        by_status.setdefault(one.status, []).append(one.seed)
    parts = [f"{UNFINISHED[status]}: {seeds(which)}" for status, which in by_status.items()]
    have = "has not finished and is" if len(runs) == 1 else "have not finished and are"
    return f"{len(runs)} of {counted(total, 'run')} {have} not counted ({'; '.join(parts)})."
