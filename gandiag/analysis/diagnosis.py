"""The diagnosis of one run: its verdict, its episodes, and what its losses and moments show.

The top of the analysis: it calls every question, and no question calls another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gandiag.analysis.balance import d_blind, d_overpowering
from gandiag.analysis.collapse import collapses
from gandiag.analysis.contest import no_contests
from gandiag.analysis.decomposition import decomposition
from gandiag.analysis.divergence import Window, divergence, losses, score, windows
from gandiag.analysis.dynamics import dynamics
from gandiag.analysis.episode import Episode
from gandiag.analysis.equilibrium import equilibrium, lag
from gandiag.analysis.finding import Finding
from gandiag.analysis.gradients import vanishing_gradient
from gandiag.analysis.hopping import mode_hopping
from gandiag.analysis.loss_runaway import loss_runaways
from gandiag.analysis.moments import Moments, moments_over_time
from gandiag.analysis.not_finite import not_finite
from gandiag.analysis.oscillation import oscillations
from gandiag.analysis.own_quality import histories
from gandiag.analysis.own_regression import own_regressions, own_stagnations
from gandiag.analysis.precedence import first_mover
from gandiag.analysis.record import Record
from gandiag.analysis.regression import quality_regressions
from gandiag.analysis.running_away import blow_ups
from gandiag.analysis.separation import d_at_chance, d_overpowering_by_loss
from gandiag.analysis.spikes import loss_spikes
from gandiag.analysis.stagnation import stagnations
from gandiag.analysis.standstill import standstills
from gandiag.analysis.thresholds import BURN_IN, LOOKS, PATIENT
from gandiag.analysis.verdict import Verdict, decide

DETECTORS = (
    *(not_finite, blow_ups, collapses, standstills, loss_spikes, d_overpowering, d_blind),
    *(d_overpowering_by_loss, d_at_chance, no_contests, loss_runaways),
    *(vanishing_gradient, mode_hopping, quality_regressions, stagnations),
    *(own_regressions, own_stagnations),
)
"""What finds episodes in a whole record; oscillations are searched for in its prefixes."""


@dataclass(frozen=True)
class Divergence:
    """How one of G's losses goes with the quality of the samples.

    Attributes:
        loss: The column.
        windows: The intervals in which it got better while they got worse.
        summary: The part of the run in such intervals.
        score: The rank correlation of the two over the run.
    """

    loss: str
    windows: tuple[Window, ...]
    summary: Finding
    score: Finding


@dataclass(frozen=True)
class LossFindings:
    """What the losses show.

    Attributes:
        equilibrium: How far the samples are while the losses are, or are not, at equilibrium.
        lag: D's loss against the best that the modes' shares allow.
        g_terms: Which term of G's loss carried its change.
        d_terms: The same of D's.
    """

    equilibrium: Finding
    lag: Finding
    g_terms: Finding
    d_terms: Finding


@dataclass(frozen=True)
class Diagnosis:
    """All findings on one run.

    Attributes:
        verdict: What it is; its evidence is in order of weight.
        episodes: The intervals of trouble, by their start.
        moments: How the moments approached their targets, and which of them fail.
        divergence: Of every loss of G.
        losses: What else the losses show.
        dynamics: How the players move about each other, by question.
    """

    verdict: Verdict
    episodes: tuple[Episode, ...]
    moments: Moments
    divergence: tuple[Divergence, ...]
    losses: LossFindings
    dynamics: Mapping[str, Finding]


def diagnose(record: Record) -> Diagnosis:
    """Asks every question about a run, or about what there is of it so far.

    How to read it: the verdict's sentence begins with the verdict and goes on with what shows it;
    the rest is detail. Where an answer is not known, the sentence says "not enough data" and why.
    """
    parted = tuple(
        Divergence(loss, windows(record, loss), divergence(record, loss), score(record, loss))
        for loss in losses(record)
    )
    moments = moments_over_time(record)
    of_losses = LossFindings(
        equilibrium=equilibrium(record),
        lag=lag(record),
        g_terms=decomposition(record, "g"),
        d_terms=decomposition(record, "d"),
    )
    verdict, detected = decide(record), episodes(record)
    return Diagnosis(
        verdict=replace(
            verdict,
            added=(*_additions(verdict, moments, of_losses, parted), *_of_own(verdict, record)),
            episodes=_matched(verdict.episodes, detected),
        ),
        episodes=detected,
        moments=moments,
        divergence=parted,
        losses=of_losses,
        dynamics=dynamics(record),
    )


def episodes(record: Record) -> tuple[Episode, ...]:
    """Every interval of trouble of a record, by its start, with who moved first in it.

    A collapse that began within the burn-in and ended in the first half of the length is left out:
    every generator starts narrow.
    """
    if record.trouble or len(record) < 2:
        return ()
    found = [episode for detect in DETECTORS for episode in detect(record)]
    found += _all_oscillations(record)
    kept = (_with_mover(episode, record) for episode in found if _counts(episode, record))
    return tuple(sorted(kept, key=lambda episode: (episode.start, episode.kind)))


def _counts(episode: Episode, record: Record) -> bool:
    if episode.kind not in ("collapse", "partial-collapse") or not episode.recovered:
        return True
    length = record.planned or float(record.iteration[-1])
    return episode.start >= BURN_IN * length or episode.end > PATIENT * length


def _with_mover(episode: Episode, record: Record) -> Episode:
    mover = first_mover(record, episode.start, episode.peak)
    return episode if mover == "unknown" else replace(episode, first=mover)


def _all_oscillations(record: Record) -> Iterator[Episode]:
    """Those that go on at the end, and those that had ended before."""
    points = len(record)
    ends = np.unique(np.linspace(points / LOOKS, points, LOOKS).round().astype(int))
    ongoing: dict[str, Episode] = {}
    for end in ends[ends > 0]:
        last = int(record.iteration[end - 1])
        current = {found.series: found for found in oscillations(record.prefix(last))}
        for series in sorted(ongoing.keys() - current.keys()):
            yield replace(ongoing.pop(series), recovered=True)
        for series, found in current.items():
            before = ongoing.get(series, found)
            ongoing[series] = replace(found, start=min(before.start, found.start))
    yield from ongoing.values()


def _matched(cited: Sequence[Episode], detected: Sequence[Episode]) -> tuple[Episode, ...]:
    """The episodes that a verdict cites, as they are in the diagnosis."""
    return tuple(
        next((each for each in detected if each.continues(episode)), episode) for episode in cited
    )


def _of_own(verdict: Verdict, record: Record) -> tuple[Finding, ...]:
    """What became of the user's own measures of quality, which an undecided verdict says itself."""
    return () if verdict.name == "undecided" or record.trouble else histories(record)


def _additions(
    verdict: Verdict, moments: Moments, of_losses: LossFindings, parted: Sequence[Divergence]
) -> Iterator[Finding]:
    """The findings that add something to a verdict.

    The moments of samples that oscillate are left out: they are those of one point in time.
    """
    if verdict.name in ("healthy", "undecided"):
        return
    failing, oscillates = moments.failing, any(e.kind == "oscillation" for e in verdict.episodes)
    if 0 < failing.value < failing.n and not oscillates:
        yield failing
    if of_losses.equilibrium.evidence.get("hidden"):
        yield of_losses.equilibrium
    if not np.isnan(of_losses.g_terms.value):
        yield of_losses.g_terms
    yield from (each.summary for each in parted if each.windows)
