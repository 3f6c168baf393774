"""How often did it reach the target, and what did the others do?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gandiag.analysis.stability import percent_range
from gandiag_html.configurations import Configuration
from gandiag_html.formatting import counted, listing, seeds
from gandiag_html.outcomes import UNFINISHED, Outcome
from gandiag_html.panels.panel import Panel

MOST_NAMED = 6
"""Failing seeds that are described at once; the others are folded away."""


@dataclass(frozen=True)
class Verdict:
    """What is said of a configuration.

    Attributes:
        label: Which configuration it is.
        count: The number in large type, e.g. ``"8 of 10"``.
        claim: What it counts, e.g. ``"seeds reached the target"``.
        interval: The ends of the interval as rates, or None without a rule.
        range: The interval in words.
        rate: The rate itself.
        sentence: All of it as one sentence.
        blame: The failing seeds, e.g. ``"seeds 4 and 9 did not"``.
        failures: Seed by seed what they did.
        unfinished: What is still to come, empty where nothing is.
        rule: The bounds of success, empty where there are none.
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
    configurations: Sequence[Configuration], said: Mapping[str, str] | None = None
) -> Panel:
    """The panel.

    Args:
        configurations: The runs.
        said: What the diagnosis says of each configuration in short, by its key.
    """
    verdicts = [summarize(configuration) for configuration in configurations]
    return Panel(
        "stability",
        "Outcome",
        "Outcome",
        {
            "verdicts": verdicts,
            "most": MOST_NAMED,
            "ruled": any(v.rule for v in verdicts),
            "said": said or {},
        },
    )


def summarize(configuration: Configuration) -> Verdict:
    """Says what became of a configuration."""
    good, failed = configuration.of("reached", "ended"), configuration.of("failed")
    ended, rate = len(good) + len(failed), configuration.rate
    interval = rate.interval if rate and rate.n else None
    did = "reached the target" if rate else "completed"
    claim = f"{'seed' if ended == 1 else 'seeds'} {did}" if ended else "no run has ended yet"
    blame = f"{seeds([one.seed for one in failed])} did not" if failed else ""
    sentence = f"{len(good)} of {ended} {claim}" if ended else claim
    if rate and rate.n:
        sentence = rate.sentence
    return Verdict(
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
    said = [f"{UNFINISHED[status]}: {seeds(which)}" for status, which in by_status.items()]
    have = "has not finished and is" if len(runs) == 1 else "have not finished and are"
    return f"{len(runs)} of {counted(total, 'run')} {have} not counted ({'; '.join(said)})."
