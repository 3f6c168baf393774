"""The verdict on a run: one name, since when, why, and what is missing where nothing can be said.

A pure function of a prefix of the record, live and afterwards alike.
"""

from __future__ import annotations

import numpy as np

from gandiag.analysis.collapse import collapses, diversity
from gandiag.analysis.episode import Episode
from gandiag.analysis.oscillation import is_growing, oscillations
from gandiag.analysis.record import Record, Series
from gandiag.analysis.running_away import blow_ups, not_finite
from gandiag.analysis.series import BLOCKS, trend_direction
from gandiag.analysis.settling import settling
from gandiag.analysis.standstill import standstills
from gandiag.analysis.thresholds import BURN_IN, BURN_IN_POINTS, CLEAN, FEWEST, PATIENT
from gandiag.analysis.verdict_text import Verdict, of_episodes, of_settling, undecided

__all__ = ["Verdict", "decide"]

SIGNS = ("d_loss", "g_loss", "mean", "mean_0", "spread")
"""What a verdict rests on: one of them must have been recorded."""


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
        return undecided(record.trouble)
    lost = not_finite(record)
    if lost:
        return of_episodes("diverging", lost, record)
    lacking = _lacking(record)
    if lacking:
        return undecided(lacking)
    still = standstills(record)
    if still:
        return of_episodes("dead", still, record)
    early = _burning_in(record)
    if early:
        return undecided(early)
    return _of_motion(record)


def _of_motion(record: Record) -> Verdict:
    """The verdict on a run that is finite, moves, and has left the burn-in behind."""
    grown = blow_ups(record)
    turning = [episode for episode in oscillations(record) if episode.first == "samples"]
    lasting = [episode for episode in collapses(record) if not episode.recovered]
    narrow = [episode for episode in lasting if _counts(episode, record)]
    if turning and is_growing(turning[0]):
        return of_episodes("diverging", turning, record)
    if grown:
        return of_episodes("diverging", grown, record)
    whole = [episode for episode in narrow if episode.kind == "collapse"]
    if whole:
        return of_episodes("collapsed", whole, record)
    if turning:
        return of_episodes("oscillating", turning, record)
    found = settling(record)
    if found is not None and found.clean < CLEAN:
        return of_settling(found, record, narrow)
    if narrow:
        return of_episodes("partially-collapsed", narrow, record)
    if found is None:
        return undecided(
            "not enough data: nothing tells how far the samples are from the data; record a "
            "distance (Monitor: pass real= and log samples)"
        )
    return of_settling(found, record, lasting)


def _counts(episode: Episode, record: Record) -> bool:
    """Whether a lasting collapse counts: what began in the burn-in had time to end.

    A generator that was narrow from the start and still widens has not collapsed.
    """
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
    return bool(values[-1] > 1.25 * np.median(values)) if few else trend_direction(values) > 0


def _lacking(record: Record) -> str:
    """What a record lacks for any verdict; empty where it has enough."""
    if len(record) < FEWEST:
        return f"not enough data: a verdict needs {FEWEST} log points, and this has {len(record)}"
    signs = [record.columns[name] for name in SIGNS if name in record.columns]
    if not any(np.isfinite(values).sum() >= FEWEST for values in signs):
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
