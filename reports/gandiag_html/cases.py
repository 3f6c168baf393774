"""What is said of one run, set out for a reader: the verdict first, then what shows it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gandiag.analysis.names import ALARMS, Name
from gandiag_html.formatting import NOTHING, listing, number, times, typeset
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
"""The worst first: what no iteration mends, what is wrong, what is not known, what is good."""
MOVERS: dict[Mover, str] = {
    "d": "D moved first",
    "g": "G moved first",
    "samples": "the samples changed first",
    "together": "D, G and the samples moved at once",
}
MOST_EPISODES = 8
"""Episodes of a run that are told one by one; of the others, how many there are."""


@dataclass(frozen=True, eq=False)
class Case:
    """A run and what is said of it.

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
    def said(self) -> str:
        """The verdict's sentence from behind its name on, as far as it tells the verdict itself."""
        told = self._told
        rest = told.removeprefix(self.name) if told.startswith(self.name) else f": {told}"
        return typeset(rest)

    @property
    def _told(self) -> str:
        """The sentence without what the moments and the losses add at its end."""
        told = self.verdict.sentence
        for finding in reversed(self.verdict.evidence[1:]):
            told = told.removesuffix(f"; {finding.sentence}")
        return told

    @property
    def aside(self) -> str:
        """How the run ended, where that is not as planned and not in the verdict."""
        known = ("completed", "diverged") if self.name == "diverging" else ("completed",)
        if self.outcome.status in known:
            return ""
        said = self.outcome.words.partition(": ")[0]
        return f"{said[:1].upper()}{said[1:]}."

    @property
    def mover(self) -> str:
        """Who moved first in the episode that the verdict rests on; empty where nobody knows."""
        evidence, episodes = self.verdict.evidence, self.run.diagnosis.episodes
        head = evidence[0].sentence if evidence and self.onset is not None else ""
        main = [one for one in episodes if not one.recovered and head.startswith(one.sentence)]
        said = MOVERS.get(main[-1].first, "") if main else ""
        return said[:1].upper() + said[1:]

    @property
    def evidence(self) -> list[tuple[str, str]]:
        """What the verdict rests on, in order of weight: the sentence, and its numbers."""
        return [(typeset(one.sentence), numbers(one)) for one in self.verdict.evidence]

    @property
    def episodes(self) -> list[tuple[str, str, str]]:
        """The gravest intervals of trouble: what, when, and in what words."""
        return [(one.kind, when(one), told(one)) for one in self._by_weight[:MOST_EPISODES]]

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
        """Whether all there is to say stands in the sentence."""
        return len(self.verdict.evidence) < 2 and not self.run.diagnosis.episodes

    @property
    def misled(self) -> Iterator[str]:
        """In what stretches a loss of G got better while the samples got worse."""
        return (typeset(each.said.sentence) for each in self.run.diagnosis.divergence
                if each.windows)  # fmt: skip


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
    """The measured numbers that a finding rests on; counts and flags stand in its sentence."""
    held = [
        f"{name.replace('_', ' ')} {number(value)}"
        for name, value in finding.evidence.items()
        if isinstance(value, float) and math.isfinite(value)
    ]
    return " · ".join(held)


def when(episode: Episode) -> str:
    """The interval in iterations."""
    return f"{episode.start:,}{NOTHING}{episode.end:,}"


def told(episode: Episode) -> str:
    """An episode's sentence, whether it was over, and who moved first."""
    ended = "" if episode.recovered else "it goes on at the end"
    more = [part for part in (ended, MOVERS.get(episode.first, "")) if part]
    # The interval stands before it.
    said = episode.sentence.removeprefix(f"from iteration {episode.start} to {episode.end} ")
    return "; ".join([typeset(said), *more])
