"""Comparisons with real samples of any data: what is lost, what is misplaced, and how far off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.measure.known import Known
from gandiag.metrics import Empirical, Estimate, reach, total_variation, wasserstein
from gandiag.metrics.samples import Floats
from gandiag.metrics.scores import NormalScores

MOST = 1000
"""The most generated samples whose neighbours are searched."""

USUAL = 0.02
"""The share of real samples that count as far from the space of the components."""

PLANE = 2
"""Up to this number of coordinates the samples are counted in cells."""

Samples = NDArray[Any]
"""[lane, size, n]."""

Lanes = list[dict[str, Estimate | None]]
"""The estimates of every lane, by column; None for what was not computed."""


def shares(known: Known, samples: Samples, thorough: bool) -> Lanes:
    """The lost and the misplaced share, and of few coordinates the total variation over cells."""
    names = ["lost_share", "misplaced_share", "unmatched_share"]
    names += ["total_variation"] if known.size <= PLANE else []
    if not thorough:
        return [dict.fromkeys(names) for _ in samples]
    return [dict(zip(names, _shares(known, lane.T), strict=True)) for lane in samples]


def scores(known: Known, samples: Samples) -> Lanes:
    """Mean, standard deviation and distance of each coordinate's normal scores."""
    return [_scores(known, lane) for lane in samples]


def directions(known: Known, samples: Samples, thorough: bool) -> Lanes:
    """Distance and width of many coordinates: the mean over directions, and the worst of them."""
    names = ("score_distance", "worst_score_distance", "score_std", "least_score_std")
    if not thorough:
        return [dict.fromkeys(names) for _ in samples]
    return [dict(zip(names, _directions(known, lane.T), strict=True)) for lane in samples]


def _shares(known: Known, fake: NDArray[Any]) -> list[Estimate]:
    if known.neighbourhoods is None or not np.isfinite(fake).all():
        return [Estimate(np.nan, np.nan, 0.0, len(fake))] * (4 if known.size <= PLANE else 3)
    both = reach(real=known.neighbourhoods, fake=known.space.place(fake[:MOST]))
    along = known.bins.lost(known.space.directions(fake))
    lost = max(along, both.lost_share, key=lambda one: float(one.value))
    off = [both.misplaced_share, *_beside(known, fake[:MOST])]
    estimates = [lost, max(off, key=lambda one: float(one.value)), both.unmatched_share]
    if known.size <= PLANE:
        cells = known.cells
        estimates.append(total_variation(previous=cells.expected, current=cells.count(fake)))
    return estimates


def _beside(known: Known, fake: NDArray[Any]) -> Iterator[Estimate]:
    """The share of samples farther from the components' space than 98 % of the real ones.

    Noise and blur in many columns are there, where neighbours among the components are blind.
    """
    if not known.space.has_rest:
        return
    real, rest = (known.space.components(each)[:, -1] for each in (known.space.reference, fake))
    off, n = float((rest > np.quantile(real, 1 - USUAL)).mean()), len(rest)
    expected = (off * n + 1) / (n + 2)
    variance = expected * (1 - expected) / n + USUAL * (1 - USUAL) / len(real)
    yield Estimate((off - USUAL) / (1 - USUAL), np.sqrt(variance), 0.0, n)


def _scores(known: Known, lane: NDArray[Any]) -> dict[str, Estimate | None]:
    each = [_compared(score, real, x) for (score, real), x in zip(known.scores, lane, strict=True)]
    mean, std, distance = zip(*each, strict=True)
    if known.size == 1:
        return {"score_mean": mean[0], "score_std": std[0], "score_distance": distance[0]}
    return {
        "score_mean": _joined(mean),
        "score_std": _joined(std),
        "score_distance": _pooled(distance),
    }


def _directions(known: Known, fake: NDArray[Any]) -> list[Estimate]:
    """Over columns and principal components: mean and worst distance, and the least width."""
    finite = np.isfinite(fake).all()
    along = known.space.directions(fake if finite else np.zeros_like(fake))
    each = [_compared(score, real, x) for (score, real), x in zip(known.scores, along, strict=True)]
    _, std, distance = zip(*each, strict=True)
    worst = max(distance, key=lambda one: float(one.value))
    least = min(std, key=lambda one: float(one.value))
    estimates = [_pooled(distance), worst, _pooled(std), least]
    nothing = {"value": np.nan, "se": np.nan}
    return estimates if finite else [replace(one, **nothing) for one in estimates]


def _compared(
    score: NormalScores, real: Empirical, x: NDArray[Any]
) -> tuple[Estimate, Estimate, Estimate]:
    """The mean, the standard deviation and the Wasserstein distance of the scores of one axis."""
    z = score(x)
    n, mean, std = len(z), float(z.mean()), float(z.std())
    fourth = float(((z - mean) ** 4).mean())
    se = np.sqrt(max(fourth - std**4, 0.0) / n) / (2 * std) if std > 0 else 0.0
    known = float(real.values.std())
    return (
        Estimate(mean, std / np.sqrt(n), 0.0, n),
        Estimate(std, se if np.isfinite(std) else np.nan, known, n),
        wasserstein(real=real, fake=z),
    )


def _joined(estimates: Sequence[Estimate]) -> Estimate:
    """Single estimates as one vector."""
    value, se, floor = (
        np.array([getattr(one, part) for one in estimates], dtype=np.float64)
        for part in ("value", "se", "floor")
    )
    return Estimate(value, se, floor, estimates[0].n)


def _pooled(estimates: Sequence[Estimate]) -> Estimate:
    """The mean of distances; its error as if they all erred alike."""
    value, se, floor = (_mean([getattr(one, part) for one in estimates]) for part in
                        ("value", "se", "floor"))  # fmt: skip
    return Estimate(value, se, floor, estimates[0].n)


def _mean(numbers: Sequence[Any]) -> float:
    floats: Floats = np.array(numbers, dtype=np.float64)
    return float(floats.mean())
