"""A verdict and the text that reports it: its name, its onset and the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gandiag.analysis.episode import Episode
from gandiag.analysis.finding import Finding
from gandiag.analysis.names import Name
from gandiag.analysis.record import Record
from gandiag.analysis.series import format_number
from gandiag.analysis.settling import Settling, settling
from gandiag.analysis.thresholds import CLEAN, PATIENT

TRENDS = {
    "improving": "and still decreasing",
    "worsening": "and increasing",
    "settled": "without a trend over the last quarter",
}
"""How the distance from the data changes at the end, by the state of the samples."""


@dataclass(frozen=True)
class Verdict:
    """The verdict on a run.

    Attributes:
        name: The state. ``healthy``: the samples are good and nothing is wrong.
            ``collapsed``: a narrow peak, or half of the modes or fewer.
            ``partially-collapsed``: too narrow, modes missing or uneven.
            ``oscillating``: the samples oscillate. ``diverging``: values grow without bound.
            ``dead``: a player no longer learns. ``off-target``: settled on a wrong distribution.
            ``unconverged``: not there yet, or too early to tell. ``undecided``: the record is
            not conclusive; `missing` gives the reason.
        onset: Its first iteration; None if nothing is wrong or known.
        since: The onset as text, and whether the samples had been good before; may be empty.
        statements: The evidence, as clauses of a sentence, the most important first.
        reasons: The findings that it rests on, in order of weight.
        added: Other findings of the run.
        episodes: The episodes among its reasons.
        missing: What an undecided verdict lacks.
    """

    name: Name
    onset: int | None
    since: str = ""
    statements: tuple[str, ...] = ()
    reasons: tuple[Finding, ...] = ()
    added: tuple[Finding, ...] = ()
    episodes: tuple[Episode, ...] = ()
    missing: str = ""

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
        """The statements, and the sentences of the other findings."""
        return (*self.statements, *(finding.sentence for finding in self.added))

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


def of_episodes(name: Name, episodes: Sequence[Episode], record: Record) -> Verdict:
    """The verdict from the ongoing episodes, and the distance of the samples."""
    onset, position = _onset(episodes), settling(record)
    since = since_iteration(onset, record)
    if position is not None and position.was_good and position.state != "good" and onset > 0:
        since += ", after a good phase"
    impure = _impurity(position)
    far = () if position is None else (_distance(position),)
    return Verdict(
        name,
        onset,
        since,
        statements=_statements(episodes, impure),
        reasons=(*_reasons(episodes, record), *impure, *far),
        episodes=tuple(episodes),
    )


def since_iteration(iteration: int, record: Record) -> str:
    """The onset as text."""
    at_start = len(record) > 0 and iteration <= record.iteration[0]
    return "from the start" if at_start else f"since iteration {iteration:,}"


def of_settling(position: Settling, record: Record, collapses: Sequence[Episode] = ()) -> Verdict:
    """The verdict from the distance of the samples, and the lasting collapses."""
    far = _distance(position)
    since = since_iteration(position.since, record)
    lasting, episodes = _reasons(collapses, record), tuple(collapses)
    if position.state == "good" and collapses:
        *others, last = _statements(collapses)
        statements, reasons = (*others, f"{last}, so far"), (*lasting, far)
        return Verdict("unconverged", None, "", statements, reasons, episodes=episodes)
    if position.state == "good":
        return Verdict("healthy", None, since, (far.sentence,), (far,))
    if position.borderline and position.state == "settled":
        return undecided(f"borderline: {far.sentence}, a difference within its noise")
    far = replace(far, sentence=f"{far.sentence}, {TRENDS[position.state]}")
    early = bool(record.planned) and record.progress < PATIENT
    if position.state == "improving" or early:
        return Verdict("unconverged", None, "", (far.sentence,), (far,))
    since += ", after a good phase" if position.was_good else ""
    shown = (*_impurity(position), far)
    statements = (*(finding.sentence for finding in shown), *_statements(collapses))
    reasons = (*shown, *lasting)
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


def _distance(position: Settling) -> Finding:
    """How far the samples are from the data."""
    quality = position.quality
    unit = f" {quality.unit}" if quality.unit else ""
    return Finding(
        value=position.distance,
        n=position.line.n,
        sentence=f"the {quality.words} is {format_number(position.distance)}{unit} above its "
        f"floor over the last tenth (threshold {quality.good:.2g})",
        floor=0.0,
        against=quality.column,
        evidence={"change over the last quarter": position.line.change, "t": position.line.t},
    )


def _impurity(position: Settling | None) -> tuple[Finding, ...]:
    """That most samples lie between the known modes, where they do."""
    if position is None or not position.clean < CLEAN:
        return ()
    sentence = f"the share of samples close to a mode is {100 * position.clean:.0f} % of the data's"
    return (Finding(position.clean, position.line.n, sentence, floor=1.0, against="high_quality"),)
