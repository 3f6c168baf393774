"""A verdict and the text that reports it: its name, its onset and the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gandiag.analysis.episode import Episode
from gandiag.analysis.finding import Finding
from gandiag.analysis.names import Name
from gandiag.analysis.record import Record
from gandiag.analysis.scope import Scope
from gandiag.analysis.series import format_number, typical_count
from gandiag.analysis.settling import Settling, settling
from gandiag.analysis.thresholds import PATIENT
from gandiag.columns import SAMPLED

TRENDS = {
    "improving": "and still decreasing",
    "worsening": "and increasing",
    "settled": "without a trend over the last quarter",
}
"""How the distance from the data changes at the end, by the state of the samples."""

MISPLACED_COLUMNS = ("misplaced_share", "high_quality")
"""The columns that show samples off the data."""


@dataclass(frozen=True)
class Verdict:
    """The verdict on a run.

    Attributes:
        name: The state. ``healthy``: the samples are good and nothing is wrong.
            ``collapsed``: a narrow peak, or less than half of the modes.
            ``partially-collapsed``: too narrow, modes missing or uneven.
            ``oscillating``: the samples oscillate. ``diverging``: values grow without bound.
            ``dead``: a player no longer learns. ``off-target``: settled on a wrong distribution.
            ``unconverged``: not there yet, or too early to tell. ``undecided``: the record is
            not conclusive; `missing` gives the reason.
        onset: Its first iteration, also of ``healthy``; None if nothing is known.
        since: The onset as text, and whether the samples had been good before; may be empty.
        statements: The evidence, as clauses of a sentence, the most important first.
        reasons: The findings that it rests on, in order of weight.
        added: Other findings of the run.
        episodes: The episodes among its reasons.
        missing: What an undecided verdict lacks.
        scope: What it rests on; None where nothing was judged.
    """

    name: Name
    onset: int | None
    since: str = ""
    statements: tuple[str, ...] = ()
    reasons: tuple[Finding, ...] = ()
    added: tuple[Finding, ...] = ()
    episodes: tuple[Episode, ...] = ()
    missing: str = ""
    scope: Scope | None = None

    @property
    def evidence(self) -> tuple[Finding, ...]:
        """The reasons, and the other findings."""
        return (*self.reasons, *self.added)

    @property
    def episode(self) -> Episode | None:
        """The episode that an alarm rests on; None where it rests on the distance from the data."""
        by_distance = self.onset is None or self.name == "off-target"
        return None if by_distance or not self.episodes else self.episodes[0]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The statements, what a healthy run has right, and the sentences of other findings."""
        others = (finding.sentence for finding in self.added)
        right = (self.nothing_wrong,) if self.nothing_wrong else ()
        return (*self.statements, *right, *others)

    @property
    def nothing_wrong(self) -> str:
        """What a healthy verdict would have seen; empty for others."""
        if self.name != "healthy" or self.scope is None or not self.scope.sees:
            return ""
        return f"nothing wrong in {', '.join(self.scope.sees)}"

    @property
    def sentence(self) -> str:
        """The verdict as a sentence without its full stop; if undecided, what is missing."""
        return "; ".join(self.clauses) if self.name == "undecided" else str(self)

    def __str__(self) -> str:
        """The name, the onset and the evidence."""
        return f"{' '.join(filter(None, [self.name, self.since]))}: {'; '.join(self.clauses)}"


def undecided(missing: str) -> Verdict:
    """The verdict if the record does not contain enough data."""
    return Verdict("undecided", None, statements=(missing,), missing=missing)


def undecided_but(
    episodes: Sequence[Episode], level: Finding | None, missing: str, record: Record
) -> Verdict:
    """The verdict if only the losses are known: what they show comes first, then what is missing.

    Args:
        episodes: What goes on in them.
        level: Where they are, if nothing goes on.
        missing: What the record lacks.
        record: The run.
    """
    shown = [f"{since_iteration(each.start, record)} {each.description}" for each in episodes]
    others = () if level is None else (level,)
    return Verdict(
        "undecided",
        None,
        statements=(*shown, *(each.sentence for each in others), missing),
        reasons=(*_reasons(episodes, record), *others),
        episodes=tuple(episodes),
        missing=missing,
    )


def because(verdict: Verdict, causes: Sequence[Episode], record: Record) -> Verdict:
    """A verdict with its causes first."""
    return replace(
        verdict,
        statements=(*_statements(causes), *verdict.statements),
        reasons=(*_reasons(causes, record), *verdict.reasons),
        episodes=(*verdict.episodes, *causes),
    )


def of_episodes(name: Name, episodes: Sequence[Episode], record: Record) -> Verdict:
    """The verdict from the ongoing episodes, and the fit of the samples."""
    onset, position = _onset(episodes), settling(record)
    since = since_iteration(onset, record)
    if position is not None and position.was_good and position.state != "good" and onset > 0:
        since += ", after a good phase"
    fit = () if position is None else _fit(position)
    away = tuple(finding for finding in fit if finding.against in MISPLACED_COLUMNS)
    return Verdict(
        name,
        onset,
        since,
        statements=_statements(episodes, away),
        reasons=(*_reasons(episodes, record), *fit),
        episodes=tuple(episodes),
    )


def since_iteration(iteration: int, record: Record) -> str:
    """The onset as text."""
    at_start = len(record) > 0 and iteration <= record.iteration[0]
    return "from the start" if at_start else f"since iteration {iteration:,}"


def of_settling(position: Settling, record: Record, collapses: Sequence[Episode] = ()) -> Verdict:
    """The verdict from the fit of the samples, and the lasting collapses."""
    fit = _fit(position)
    since = since_iteration(position.since, record)
    lasting, episodes = _reasons(collapses, record), tuple(collapses)
    told = tuple(finding.sentence for finding in fit)
    if position.state in ("good", "unsure") and collapses:
        *others, last = _statements(collapses)
        statements, reasons = (*others, f"{last}, so far"), (*lasting, *fit)
        return Verdict("unconverged", None, "", statements, reasons, episodes=episodes)
    if position.state == "good":
        return Verdict("healthy", position.since, since, told, fit)
    if position.state == "unsure":
        return undecided(_unsure(position, record))
    changed = f"{told[0]}, {TRENDS[position.state]}"
    fit = (replace(fit[0], sentence=changed), *fit[1:])
    told = (changed, *told[1:])
    early = bool(record.planned) and record.progress < PATIENT
    if position.state == "improving" or early:
        return Verdict("unconverged", None, "", told, fit)
    since += ", after a good phase" if position.was_good else ""
    statements = (*told, *_statements(collapses))
    reasons = (*fit, *lasting)
    return Verdict("off-target", position.since, since, statements, reasons, episodes=episodes)


def _onset(episodes: Sequence[Episode]) -> int:
    return min(episode.start for episode in episodes)


def _statements(episodes: Sequence[Episode], others: Sequence[Finding] = ()) -> tuple[str, ...]:
    """What the episodes show, and other findings after them."""
    return (*(each.description for each in episodes), *(each.sentence for each in others))


def _reasons(episodes: Sequence[Episode], record: Record) -> tuple[Finding, ...]:
    """Episodes as findings."""
    return tuple(
        Finding(
            value=episode.severity,
            n=len(record),
            sentence=episode.sentence,
            against=episode.series,
            evidence=episode.evidence,
        )
        for episode in episodes
    )


def _fit(position: Settling) -> tuple[Finding, ...]:
    """The measures that are surely too much, the clearest first; where none is, the first one."""
    bad = [one for one in position.shown if one[0].is_bad(one[1])] or [position.main]
    return tuple(
        Finding(
            value=level.value,
            n=level.n,
            sentence=measure.told(level),
            interval=(level.low, level.high),
            floor=0.0,
            against=measure.column,
            evidence={} if k else {
                "change over the last quarter": position.line.change, "t": position.line.t
            },
        )
        for k, (measure, level) in enumerate(bad)
    )  # fmt: skip


def _unsure(position: Settling, record: Record) -> str:
    """What is not sure, between which values it lies, and from how many samples."""
    measure, level = position.main
    counted = record.series(SAMPLED)
    n = "" if counted is None else f" (n = {typical_count(counted)} a log point)"
    low, high = (format_number(x) for x in (level.low, level.high))
    told = f"{measure.told(level)}, between {low} and {high}"
    return f"not enough data: borderline, or too few samples{n}: {told}"
