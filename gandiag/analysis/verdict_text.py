"""A verdict and its words: what it is called, since when it holds, and what shows it."""

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

WAYS = {
    "improving": "and it still falls",
    "worsening": "and it rises",
    "settled": "without a trend over the last quarter",
}
"""How the distance from the data moves."""


@dataclass(frozen=True)
class Verdict:
    """What a run is.

    Attributes:
        name: The state. ``healthy``: the samples are good and nothing is wrong.
            ``collapsed``: a narrow peak, or half of the modes or fewer.
            ``partially-collapsed``: too narrow, modes lost or uneven.
            ``oscillating``: the samples go round. ``diverging``: numbers leave every bound.
            ``dead``: a player no longer learns. ``off-target``: settled on a wrong distribution.
            ``unconverged``: not there yet, or too early to tell. ``undecided``: the record does
            not say; `missing` tells why.
        onset: The iteration since which it is so; None where nothing is wrong or known.
        sentence: What a stranger is told, complete but for the full stop.
        evidence: What it rests on, in order of weight.
        missing: What an undecided verdict lacks.
    """

    name: Name
    onset: int | None
    sentence: str
    evidence: tuple[Finding, ...] = ()
    missing: str = ""

    def __str__(self) -> str:
        """The sentence, with the name before it where it does not begin with it."""
        named = self.sentence.startswith(self.name)
        return self.sentence if named else f"{self.name}: {self.sentence}"


def undecided(missing: str) -> Verdict:
    """The verdict where the record does not say enough."""
    return Verdict("undecided", None, missing, (), missing)


def of_episodes(name: Name, episodes: Sequence[Episode], record: Record) -> Verdict:
    """The verdict by the episodes that go on, and beside it how far the samples are."""
    first = min(episodes, key=lambda episode: episode.start)
    said = "; ".join(episode.sentence for episode in episodes)
    evidence = [_shown(episode, record) for episode in episodes]
    found = settling(record)
    since = _since(first.start, record)
    if found is not None and found.was_good and found.state != "good" and first.start > 0:
        since += ", after a good phase"
    unclean = _how_clean(found)
    said = "; ".join([said, *(finding.sentence for finding in unclean)])
    far = () if found is None else (_how_far(found),)
    return Verdict(name, first.start, f"{name} {since}: {said}", (*evidence, *unclean, *far))


def _shown(episode: Episode, record: Record) -> Finding:
    """An episode as evidence."""
    return Finding(
        value=episode.severity,
        n=len(record),
        sentence=f"{episode.sentence}, {_where(episode)}",
        against=episode.series,
        evidence=episode.evidence,
    )


def _since(iteration: int, record: Record) -> str:
    at_start = len(record) > 0 and iteration <= record.iteration[0]
    return "from the start" if at_start else f"since iteration {iteration:,}"


def _where(episode: Episode) -> str:
    return f"from iteration {episode.start:,} to {episode.end:,}"


def _how_far(found: Settling) -> Finding:
    unit = f" {found.quality.unit}" if found.quality.unit else ""
    return Finding(
        value=found.distance,
        n=found.line.n,
        sentence=f"the {found.quality.words} is {format_number(found.distance)}{unit} above its "
        f"floor over the last tenth (good: up to {found.quality.good:.2g})",
        floor=0.0,
        against=found.quality.column,
        evidence={"change over the last quarter": found.line.change, "t": found.line.t},
    )


def _how_clean(found: Settling | None) -> tuple[Finding, ...]:
    """What is said where most samples lie between the known modes."""
    if found is None or not found.clean < CLEAN:
        return ()
    said = f"{100 * found.clean:.0f} samples lie at a mode where 100 of the data do"
    return (Finding(found.clean, found.line.n, said, floor=1.0, against="high_quality"),)


def of_settling(found: Settling, record: Record, lost: Sequence[Episode] = ()) -> Verdict:
    """The verdict by where the samples stand, and beside it what they lack so far."""
    far = _how_far(found)
    since = _since(found.since, record)
    if found.state == "good" and lost:
        said = "; ".join(episode.sentence for episode in lost)
        evidence = (*(_shown(episode, record) for episode in lost), far)
        return Verdict("unconverged", None, f"unconverged: {said}, so far", evidence)
    if found.state == "good":
        return Verdict("healthy", None, f"healthy {since}: {far.sentence}", (far,))
    if found.borderline and found.state == "settled":
        return undecided(f"borderline: {far.sentence}, which is within its noise")
    far = replace(far, sentence=f"{far.sentence}, {WAYS[found.state]}")
    early = bool(record.planned) and record.progress < PATIENT
    if found.state == "improving" or early:
        return Verdict("unconverged", None, f"unconverged: {far.sentence}", (far,))
    late = ", after a good phase" if found.was_good else ""
    shown = (*_how_clean(found), far)
    said = "; ".join([*(each.sentence for each in shown), *(each.sentence for each in lost)])
    evidence = (*shown, *(_shown(episode, record) for episode in lost))
    return Verdict("off-target", found.since, f"off-target {since}{late}: {said}", evidence)
