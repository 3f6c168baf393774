"""The diagnosis of one run as the report shows it: the verdict first, then its evidence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gandiag.analysis.names import ALARMS, Name
from gandiag.selftest.trust import ground
from gandiag_html.formatting import NOTHING, listing, number, seeds, times, typeset
from gandiag_html.outcomes import Kind, Outcome

if TYPE_CHECKING:
    from gandiag.analysis.episode import Episode, Mover
    from gandiag.analysis.finding import Finding
    from gandiag.analysis.verdict import Verdict
    from gandiag.diagnosis.runs import DiagnosedRun

ORDER: tuple[Name, ...] = (
    *("diverging", "dead", "collapsed", "partially-collapsed", "oscillating", "off-target"),
    *("unconverged", "undecided", "healthy"),
)
"""The worst first: lost runs, alarms, unknown states, healthy runs."""
MOVERS: dict[Mover, str] = {
    "d": "D changed first",
    "g": "G changed first",
    "samples": "the samples changed first",
    "together": "D, G and the samples changed at the same time",
}
MOST_EPISODES = 8
"""Episodes of a run that are listed one by one; the others are counted."""


@dataclass(frozen=True, eq=False)
class Case:
    """A run and its diagnosis.

    Attributes:
        run: Its diagnosis.
        outcome: How it ended.
        anchor: Where the page shows its samples.
    """

    run: DiagnosedRun
    outcome: Outcome
    anchor: str

    @property
    def verdict(self) -> Verdict:
        """The verdict."""
        return self.run.diagnosis.verdict

    @property
    def name(self) -> Name:
        """The verdict in one word."""
        return self.verdict.name

    @property
    def kind(self) -> Kind:
        """Which colour and mark the verdict has."""
        return kind_of(self.name)

    @property
    def onset(self) -> int | None:
        """The iteration since which it is so."""
        return self.verdict.onset

    @property
    def reason(self) -> str:
        """What follows the verdict's name: since when, and what the verdict itself rests on."""
        since = f" {self.verdict.since}" if self.verdict.since else ""
        return typeset(f"{since}: {'; '.join(self.verdict.statements)}")

    @property
    def aside(self) -> str:
        """How the run ended, where that is not as planned and not in the verdict."""
        known = ("completed", "diverged") if self.name == "diverging" else ("completed",)
        if self.outcome.status in known:
            return ""
        ending = self.outcome.ending
        return f"{ending[:1].upper()}{ending[1:]}."

    @property
    def mover(self) -> str:
        """Who moved first in the episode that the verdict rests on; empty where unknown."""
        episode = self.verdict.episode
        mover = MOVERS.get(episode.first, "") if episode else ""
        return mover[:1].upper() + mover[1:]

    @property
    def evidence(self) -> list[tuple[str, str]]:
        """What the verdict rests on, in order of weight: the sentence, and its numbers."""
        return [(typeset(one.sentence), numbers(one)) for one in self.verdict.evidence]

    @property
    def episodes(self) -> list[tuple[str, str, str]]:
        """The most severe episodes: kind, interval, and what happened."""
        return [(one.kind, when(one), described(one)) for one in self._by_weight[:MOST_EPISODES]]

    @property
    def more(self) -> str:
        """How many other intervals there are of which kind."""
        kinds = Counter(one.kind for one in self._by_weight[MOST_EPISODES:])
        return listing([times(n, kind) for kind, n in kinds.most_common()])

    @property
    def _by_weight(self) -> list[Episode]:
        """The intervals of trouble: what goes on at the end, then what took longest."""
        found = self.run.diagnosis.episodes
        return sorted(found, key=lambda one: (one.recovered, one.start - one.end, one.start))

    @property
    def is_plain(self) -> bool:
        """Whether the sentence says all."""
        return len(self.verdict.evidence) < 2 and not self.run.diagnosis.episodes

    @property
    def misled(self) -> Iterator[str]:
        """In what stretches a loss of G got better while the samples got worse."""
        return (typeset(each.summary.sentence) for each in self.run.diagnosis.divergence
                if each.windows)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What the verdict on some runs rests on.

    Attributes:
        whose: The runs; empty where they are all that have the verdict.
        rests_on: The kind of evidence, and how often such a verdict is right.
        nothing_wrong: Of healthy runs, what would have been seen.
        cannot_see: What may be wrong all the same.
    """

    whose: str
    rests_on: str
    nothing_wrong: str
    cannot_see: str


def grounds(cases: Sequence[Case]) -> list[Ground]:
    """What runs of the same verdict rest on, once for all that rest on the same."""
    alike: dict[tuple[str, str, str], list[int]] = {}
    for case in cases:
        verdict, scope = case.verdict, case.verdict.scope
        blind = "; ".join(scope.cannot_see) if scope else ""
        key = (ground(case.name, scope), verdict.nothing_wrong, blind)
        alike.setdefault(key, []).append(case.outcome.seed)
    return [
        Ground(seeds(own) if len(alike) > 1 else "", *(typeset(text) for text in key))
        for key, own in alike.items()
    ]


def kind_of(name: str) -> Kind:
    """Which of the page's colours and marks a verdict has.

    >>> kind_of("dead"), kind_of("healthy"), kind_of("undecided")
    ('failed', 'reached', 'unfinished')
    """
    if name in ALARMS:
        return "failed"
    return "reached" if name == "healthy" else "unfinished"


def in_order(cases: Sequence[Case]) -> list[Case]:
    """The worst verdict first, each by seed."""
    return sorted(cases, key=lambda one: (ORDER.index(one.name), one.outcome.seed))


def numbers(finding: Finding) -> str:
    """The measured numbers that a finding rests on; its sentence has the counts."""
    measured = [
        f"{name.replace('_', ' ')} {number(value)}"
        for name, value in finding.evidence.items()
        if isinstance(value, float) and math.isfinite(value)
    ]
    return " · ".join(measured)


def when(episode: Episode) -> str:
    """The interval in iterations."""
    return f"{episode.start:,}{NOTHING}{episode.end:,}"


def described(episode: Episode) -> str:
    """What happened, whether it goes on at the end, and who moved first; without the interval."""
    ongoing = "" if episode.recovered else "ongoing at the end"
    more = [part for part in (ongoing, MOVERS.get(episode.first, "")) if part]
    return "; ".join([typeset(episode.description), *more])
