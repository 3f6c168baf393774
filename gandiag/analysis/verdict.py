"""The verdict on a run: one name, since when, why, and what is missing where it is undecided.

A pure function of a prefix of the record, during the training and afterwards alike.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gandiag.analysis.collapse import collapses, diversity, samples_for_modes
from gandiag.analysis.episode import Episode
from gandiag.analysis.names import ALARMS
from gandiag.analysis.not_finite import not_finite
from gandiag.analysis.oscillation import is_growing, oscillations
from gandiag.analysis.own_quality import histories
from gandiag.analysis.record import Record, Series
from gandiag.analysis.running_away import blow_ups
from gandiag.analysis.scope import scope_of
from gandiag.analysis.seen import no_contest_now, seen
from gandiag.analysis.series import trend_direction, typical_count
from gandiag.analysis.settling import settling
from gandiag.analysis.standstill import standstills
from gandiag.analysis.thresholds import (
    BLOCKS,
    BURN_IN,
    BURN_IN_POINTS,
    FEWEST,
    FEWEST_SAMPLES,
    PATIENT,
    TREND_POINTS,
    WIDENED,
)
from gandiag.analysis.verdict_text import (
    Verdict,
    because,
    of_episodes,
    of_settling,
    undecided,
    undecided_but,
)
from gandiag.columns import SAMPLED

__all__ = ["Verdict", "decide", "undecided"]

SIGNS = ("d_loss", "g_loss", "mean", "mean_0", "spread")
"""The columns of which one must have been recorded for a verdict."""


NO_DISTANCE = (
    "not enough data: no column shows how far the samples are from the data; record a "
    "distance (Monitor: pass real= and log samples)"
)
"""What is missing where only losses are known."""


def decide(record: Record) -> Verdict:
    """The verdict on a prefix of a run.

    The questions, in this order: is anything not finite; has a player stopped learning; do losses,
    weights or samples grow without bound; does the generator cover too little of its data; do
    its samples oscillate; are they good, improving, or settled elsewhere. The first yes is
    the verdict. Within the burn-in only the first two are asked.

    How to read it: it describes the run at the end of the record, and `onset` since when.
    Samples that were narrow from the start have half of the planned length to widen. An earlier
    trouble that is over is an episode and no verdict. Losses that no opponents have are the cause
    of whatever else is wrong, and named first. It misleads where the record lacks the columns that
    would show it: without a distance from real samples nothing is ever healthy. An undecided
    verdict also says what became of the user's own measures of quality.
    """
    verdict = replace(_decided(record), scope=scope_of(record) if len(record) else None)
    if verdict.name != "undecided" or record.trouble:
        return verdict
    shown = histories(record)
    statements = (*verdict.statements, *(finding.sentence for finding in shown))
    return replace(verdict, statements=statements, reasons=(*verdict.reasons, *shown))


def _decided(record: Record) -> Verdict:
    if record.trouble:
        return undecided(record.trouble)
    lost = not_finite(record)
    if lost:
        return of_episodes("diverging", lost, record)
    lacking = _lacking(record)
    if lacking:
        return undecided(lacking)
    dead = standstills(record)
    if dead:
        return of_episodes("dead", dead, record)
    early = _burning_in(record) or _too_few_samples(record)
    if early:
        return undecided(early)
    verdict = _of_motion(record)
    causes = no_contest_now(record) if verdict.name in ALARMS else ()
    return because(verdict, causes, record) if causes else verdict


def _of_motion(record: Record) -> Verdict:
    """The verdict on a run that is finite, learns, and is past the burn-in."""
    grown = blow_ups(record)
    oscillating = [episode for episode in oscillations(record) if episode.first == "samples"]
    lasting = [episode for episode in collapses(record) if not episode.recovered]
    narrow = [episode for episode in lasting if _counts(episode, record)]
    if oscillating and is_growing(oscillating[0]):
        return of_episodes("diverging", oscillating, record)
    if grown:
        return of_episodes("diverging", grown, record)
    whole = [episode for episode in narrow if episode.kind == "collapse"]
    if whole:
        return of_episodes("collapsed", whole, record)
    if oscillating:
        return of_episodes("oscillating", oscillating, record)
    position = settling(record)
    if position is not None and position.mostly_misplaced:
        return of_settling(position, record, narrow)
    if narrow:
        return of_episodes("partially-collapsed", narrow, record)
    if position is None:
        shown = seen(record)
        return undecided_but(shown.episodes, shown.level, NO_DISTANCE, record)
    blind = _blind_to_modes(record) if position.state == "good" else ""
    return undecided(blind) if blind else of_settling(position, record, lasting)


def _blind_to_modes(record: Record) -> str:
    """Why a lost mode could not have been seen; empty where it could."""
    counted, needed = record.series(SAMPLED), samples_for_modes(record)
    n = needed if counted is None or record.shares is None else typical_count(counted)
    if n >= needed:
        return ""
    modes = f"{len(record.expected.modes)} modes"
    return (
        f"not enough data: too few samples (n = {n:.0f} a log point) for {modes}; log {needed:.0f}"
    )


def _counts(episode: Episode, record: Record) -> bool:
    """Whether a lasting collapse counts: what began in the burn-in had time to end.

    A generator that was narrow from the start and still widens has not collapsed.
    """
    if not record.planned or episode.start >= BURN_IN * record.planned:
        return True
    return record.progress >= PATIENT and not _widens(record)


def _widens(record: Record) -> bool:
    """Whether more and more of the data is covered, over the last half of the length."""
    coverage, window = diversity(record), record.tail(PATIENT, TREND_POINTS)
    return any(_grows(values[window]) for values in (coverage.spread, coverage.held))


def _grows(values: Series) -> bool:
    """Whether a window rises; of few log points, whether it ends well above its middle."""
    few = len(values) < 2 * BLOCKS
    return bool(values[-1] > WIDENED * np.median(values)) if few else trend_direction(values) > 0


def _lacking(record: Record) -> str:
    """What a record lacks for any verdict; empty where it has enough."""
    if len(record) < FEWEST:
        return f"not enough data: {len(record)} of the {FEWEST} log points that a verdict needs"
    recorded = [record.columns[name] for name in SIGNS if name in record.columns]
    if not any(np.isfinite(values).sum() >= FEWEST for values in recorded):
        return "not enough data: neither losses nor samples were recorded often enough"
    return ""


def _too_few_samples(record: Record) -> str:
    counted = record.series(SAMPLED)
    n = FEWEST_SAMPLES if counted is None else typical_count(counted)
    if n >= FEWEST_SAMPLES:
        return ""
    return (
        f"not enough data: too few samples (n = {n} a log point); log {FEWEST_SAMPLES} or more, "
        "better 300"
    )


def _burning_in(record: Record) -> str:
    if record.planned:
        if record.progress < BURN_IN:
            return f"not enough data: the first {100 * BURN_IN:.0f} % of a run are not judged"
    elif len(record) < BURN_IN_POINTS:
        return (
            f"not enough data: {len(record)} of the {BURN_IN_POINTS} log points that a run of "
            "unknown length needs (with Monitor(iterations=...) it is judged earlier)"
        )
    return ""
