"""All that can be said of one run: its verdict, its episodes, and what the losses tell of it.

The top of the analysis: every question is asked here, and none asks another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gandiag.analysis.balance import d_blind, d_overpowering
from gandiag.analysis.collapse import collapses
from gandiag.analysis.decomposition import decomposition
from gandiag.analysis.divergence import Window, divergence, losses, score, windows
from gandiag.analysis.dynamics import dynamics
from gandiag.analysis.episode import Episode
from gandiag.analysis.equilibrium import equilibrium, lag
from gandiag.analysis.finding import Finding
from gandiag.analysis.gradients import vanishing_gradient
from gandiag.analysis.hopping import mode_hopping
from gandiag.analysis.moments import moments_over_time
from gandiag.analysis.oscillation import oscillations
from gandiag.analysis.precedence import first_mover
from gandiag.analysis.record import Record
from gandiag.analysis.regression import quality_regressions
from gandiag.analysis.running_away import blow_ups, not_finite
from gandiag.analysis.spikes import loss_spikes
from gandiag.analysis.stagnation import stagnations
from gandiag.analysis.standstill import standstills
from gandiag.analysis.thresholds import BURN_IN, PATIENT
from gandiag.analysis.verdict import Verdict, decide

DETECTORS = (
    *(not_finite, blow_ups, collapses, standstills, loss_spikes, d_overpowering, d_blind),
    *(vanishing_gradient, mode_hopping, quality_regressions, stagnations),
)
"""What finds episodes in a whole record; oscillations are looked for along the way."""

LOOKS = 10
"""At how many ends of the record oscillations are looked for, the last included."""


@dataclass(frozen=True)
class Divergence:
    """What one of G's losses has to do with the quality of the samples.

    Attributes:
        loss: The column.
        windows: The intervals in which it got better while they got worse.
        said: The same in a sentence; its value is the part of the run in such intervals.
        score: The rank correlation of the two over the run.
    """

    loss: str
    windows: tuple[Window, ...]
    said: Finding
    score: Finding


@dataclass(frozen=True)
class Diagnosis:
    """All that can be said of one run.

    Attributes:
        verdict: What it is; its evidence is in order of weight.
        episodes: The intervals of trouble, by their start.
        moments: How the moments came to their targets, and which one fails.
        divergence: Of every loss of G.
        losses: What else the losses tell: their equilibrium, whether D lags, which of their terms
            carried their change.
        dynamics: How the players move about each other, by question.
    """

    verdict: Verdict
    episodes: tuple[Episode, ...]
    moments: tuple[Finding, ...]
    divergence: tuple[Divergence, ...]
    losses: tuple[Finding, ...]
    dynamics: tuple[Finding, ...]


def diagnose(record: Record) -> Diagnosis:
    """Asks every question of a run, or of what there is of it so far.

    How to read it: the verdict's sentence begins with the verdict and goes on with what shows it;
    the rest is detail. What cannot be told says "not enough data" and why.
    """
    found = tuple(
        Divergence(loss, windows(record, loss), divergence(record, loss), score(record, loss))
        for loss in losses(record)
    )
    moments = tuple(moments_over_time(record))
    of_losses = (
        *(equilibrium(record), lag(record)),
        *(decomposition(record, "g"), decomposition(record, "d")),
    )
    return Diagnosis(
        verdict=_explained(decide(record), moments, of_losses, found),
        episodes=episodes(record),
        moments=moments,
        divergence=found,
        losses=of_losses,
        dynamics=tuple(dynamics(record).values()),
    )


def episodes(record: Record) -> tuple[Episode, ...]:
    """Every interval of trouble of a record, by its start, and who moved first in it.

    A collapse that began within the burn-in and ended in the first half of the length is left out:
    every generator starts narrow.
    """
    if record.trouble or len(record) < 2:
        return ()
    found = [episode for detect in DETECTORS for episode in detect(record)]
    found += _all_oscillations(record)
    told = (_with_mover(episode, record) for episode in found if _tells(episode, record))
    return tuple(sorted(told, key=lambda episode: (episode.start, episode.kind)))


def _tells(episode: Episode, record: Record) -> bool:
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
    standing: dict[str, Episode] = {}
    for end in ends[ends > 0]:
        last = int(record.iteration[end - 1])
        seen = {found.series: found for found in oscillations(record.prefix(last))}
        for series in sorted(standing.keys() - seen.keys()):
            yield replace(standing.pop(series), recovered=True)
        for series, found in seen.items():
            before = standing.get(series, found)
            standing[series] = replace(found, start=min(before.start, found.start))
    yield from standing.values()


def _explained(
    verdict: Verdict,
    moments: Sequence[Finding],
    of_losses: Sequence[Finding],
    found: Sequence[Divergence],
) -> Verdict:
    """The verdict with what the moments and the losses add to it, where they add something.

    The moments of samples that go round are those of a place on the way.
    """
    if verdict.name in ("healthy", "undecided"):
        return verdict
    turning = any("period" in finding.evidence for finding in verdict.evidence)
    more = [*([] if turning else _telling_moments(moments)), *_telling_losses(of_losses)]
    more += [each.said for each in found if each.windows]
    sentence = "; ".join([verdict.sentence, *(finding.sentence for finding in more)])
    return replace(verdict, sentence=sentence, evidence=(*verdict.evidence, *more))


def _telling_moments(moments: Sequence[Finding]) -> list[Finding]:
    """The one that says which moment fails while others are right."""
    return [finding for finding in moments if " while " in finding.sentence]


def _telling_losses(of_losses: Sequence[Finding]) -> Iterator[Finding]:
    at_rest, _, g_terms, _ = of_losses
    if at_rest.evidence.get("hidden"):
        yield at_rest
    if g_terms.value == g_terms.value:
        yield g_terms
