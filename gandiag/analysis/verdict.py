"""The verdict on a run: one name, since when, why, and what is missing where nothing can be said.

A pure function of a prefix of the record, live and afterwards alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gandiag.analysis.collapse import collapses, diversity
from gandiag.analysis.episode import Episode
from gandiag.analysis.finding import Finding
from gandiag.analysis.oscillation import is_growing, oscillations
from gandiag.analysis.record import Record, Series
from gandiag.analysis.running_away import blow_ups, not_finite
from gandiag.analysis.series import BLOCKS, figure, heads
from gandiag.analysis.settling import Settling, settling
from gandiag.analysis.standstill import standstills
from gandiag.analysis.thresholds import BURN_IN, BURN_IN_POINTS, CLEAN, FEWEST, PATIENT
from gandiag.verdicts import Name


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


def decide(record: Record) -> Verdict:
    """The verdict on a prefix of a run.

    What is asked, in this order: is anything not finite; does a player stand still; do losses,
    weights or samples grow out of every bound; does the generator make too little of its data; do
    its samples go in circles; are they good, on their way, or settled elsewhere. The first yes is
    the verdict. Within the burn-in only the first two are asked.

    How to read it: it says how the run stands at the end of the record, and `onset` since when.
    What was narrow from its beginning has half of the planned length to widen. An earlier trouble
    that is over is an episode and no verdict. It misleads where the record lacks
    what would tell: without a distance from real samples nothing is ever healthy.
    """
    if record.trouble:
        return _undecided(record.trouble)
    lost = not_finite(record)
    if lost:
        return _of_episodes("diverging", lost, record)
    lacking = _lacking(record)
    if lacking:
        return _undecided(lacking)
    still = standstills(record)
    if still:
        return _of_episodes("dead", still, record)
    early = _burning_in(record)
    if early:
        return _undecided(early)
    return _of_motion(record)


def _of_motion(record: Record) -> Verdict:
    """The verdict on a run that is finite, moves, and has left the burn-in behind."""
    grown = blow_ups(record)
    turning = [episode for episode in oscillations(record) if episode.first == "samples"]
    narrow = [episode for episode in collapses(record) if _counts(episode, record)]
    if turning and is_growing(turning[0]):
        return _of_episodes("diverging", turning, record)
    if grown:
        return _of_episodes("diverging", grown, record)
    whole = [episode for episode in narrow if episode.kind == "collapse"]
    if whole:
        return _of_episodes("collapsed", whole, record)
    if turning:
        return _of_episodes("oscillating", turning, record)
    found = settling(record)
    if found is not None and found.clean < CLEAN:
        return _of_settling(found, record, narrow)
    if narrow:
        return _of_episodes("partially-collapsed", narrow, record)
    if found is None:
        return _undecided(
            "not enough data: nothing tells how far the samples are from the data; record a "
            "distance (Monitor: pass real= and log samples)"
        )
    return _of_settling(found, record)


def _counts(episode: Episode, record: Record) -> bool:
    """Whether a collapse counts: it goes on, and what began in the burn-in had time to end.

    A generator that was narrow from the start and still widens has not collapsed.
    """
    if episode.recovered:
        return False
    if not record.planned or episode.start >= BURN_IN * record.planned:
        return True
    return record.progress >= PATIENT and not _widens(record)


def _widens(record: Record) -> bool:
    """Whether more and more of the data is made, over the last half of the length."""
    found, window = diversity(record), record.tail(PATIENT, 8)
    return any(_grows(values[window]) for values in (found.spread, found.held))


def _grows(values: Series) -> bool:
    """Whether a window rises; of few log points, whether it ends well above its middle."""
    few = len(values) < 2 * BLOCKS
    return bool(values[-1] > 1.25 * np.median(values)) if few else heads(values) > 0


def _lacking(record: Record) -> str:
    """What a record lacks for any verdict; empty where it has enough."""
    if len(record) < FEWEST:
        return f"not enough data: a verdict needs {FEWEST} log points, and this has {len(record)}"
    names = [name for name in ("d_loss", "g_loss", "mean", "mean_0", "spread") if name in
             record.columns]  # fmt: skip
    known = [name for name in names if np.isfinite(record.columns[name]).sum() >= FEWEST]
    if not known:
        return "not enough data: neither losses nor samples were recorded often enough"
    return ""


def _burning_in(record: Record) -> str:
    if record.planned:
        if record.progress < BURN_IN:
            return f"not enough data: the first {100 * BURN_IN:.0f} % may look like anything"
    elif len(record) < BURN_IN_POINTS:
        return (
            f"not enough data: a run of unknown length is judged from {BURN_IN_POINTS} log points "
            f"on, and this has {len(record)}; say how long it is (Monitor: iterations=)"
        )
    return ""


def _undecided(missing: str) -> Verdict:
    return Verdict("undecided", None, missing, (), missing)


def _of_episodes(name: Name, episodes: Sequence[Episode], record: Record) -> Verdict:
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
        sentence=f"the {found.quality.words} is {figure(found.distance)}{unit} above its floor "
        f"over the last tenth (good: up to {found.quality.good:.2g})",
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


def _of_settling(found: Settling, record: Record, lost: Sequence[Episode] = ()) -> Verdict:
    """The verdict by where the samples stand, and beside it what modes they lost."""
    far = _how_far(found)
    since = _since(found.since, record)
    if found.state == "good":
        said = f"healthy {since}: {far.sentence}"
        return Verdict("healthy", None, said, (far,))
    way = {
        "improving": "and it still falls",
        "worsening": "and it rises",
        "settled": "without a trend over the last quarter",
    }[found.state]
    if found.borderline and found.state == "settled":
        return _undecided(f"borderline: {far.sentence}, which is within its noise")
    early = bool(record.planned) and record.progress < PATIENT
    if found.state == "improving" or early:
        return Verdict("unconverged", None, f"unconverged: {far.sentence}, {way}", (far,))
    late = ", after a good phase" if found.was_good else ""
    shown = (*_how_clean(found), replace(far, sentence=f"{far.sentence}, {way}"))
    shown = (*shown, *(_shown(episode, record) for episode in lost))
    said = "; ".join([*(each.sentence for each in shown[: len(shown) - len(lost)]),
                      *(episode.sentence for episode in lost)])  # fmt: skip
    return Verdict("off-target", found.since, f"off-target {since}{late}: {said}", shown)
