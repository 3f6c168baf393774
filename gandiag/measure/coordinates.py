"""Metrics of the coordinates of samples: of one, of two or three, and of many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.measure.estimates import part, split
from gandiag.measure.known import DIRECTIONS, Known
from gandiag.metrics import (
    Empirical,
    Estimate,
    covariance,
    energy,
    ks,
    moments,
    sliced_wasserstein,
    spread,
    wasserstein,
)

MOMENTS = ("mean", "std", "skew", "kurtosis")

ON_THE_LINE = {"wasserstein": wasserstein, "ks": ks, "energy": energy}
"""The distances of samples of one coordinate, by column."""

Samples = NDArray[Any]
"""[lane, size, n]."""

Lanes = list[dict[str, Estimate]]
"""The estimates of every lane, by column."""


def each_moment(known: Known, samples: Samples) -> Lanes:
    """The mean, standard deviation, skewness and excess kurtosis of every coordinate.

    If the data are known by samples alone, the floors are the moments of the real samples.
    """
    on_a_line = known.size == 1
    computed = moments(fake=Empirical(samples[:, 0] if on_a_line else samples))
    estimates = {name: getattr(computed, name) for name in MOMENTS}
    if known.moments is not None:
        floors = {name: np.asarray(getattr(known.moments, name).value) for name in MOMENTS}
        estimates = {
            name: replace(estimate, floor=np.broadcast_to(
                floors[name][0] if on_a_line else floors[name], np.shape(estimate.value)
            ))
            for name, estimate in estimates.items()
        }  # fmt: skip
    return split(estimates, len(samples))


def distance_on_the_line(name: str, known: Known, samples: Samples) -> Lanes:
    """A distance from the exact distribution, or from the real samples where it is not known.

    Args:
        name: One of `ON_THE_LINE`.
        known: What is known of the data.
        samples: [lane, 1, n].
    """
    real = known.exact or known.sorted
    if real is None:
        return [{} for _ in samples]
    distance = ON_THE_LINE[name](fake=Empirical(samples[:, 0]), real=real)
    return split({name: distance}, len(samples))


def sliced(known: Known, samples: Samples) -> Lanes:
    """The sliced Wasserstein distance of every lane from the real samples, p = 1."""
    real = known.projected
    if real is None:
        return [{} for _ in samples]
    return [
        {
            "sliced_wasserstein": sliced_wasserstein(
                fake=lane.T, real=real, projections=DIRECTIONS, p=1
            )
        }
        for lane in samples
    ]


def covariances(known: Known, samples: Samples) -> Lanes:
    """The covariance of every two coordinates; their variances are the squares of the std."""
    above = np.transpose(np.triu_indices(samples.shape[1], 1))
    lanes = []
    for lane in samples:
        matrix = covariance(fake=lane.T)
        lanes.append({f"cov_{i}_{j}": part(matrix, i, j) for i, j in above})
    return lanes


def pooled_moments(known: Known, samples: Samples) -> Lanes:
    """The mean and standard deviation of all coordinates of all samples together.

    For images these are brightness and contrast. The coordinates of one sample are correlated,
    and so the standard errors are over samples: with a and b the means of a sample's coordinates
    and of their squares, m and s the pooled mean and std, they are sd(a) / sqrt(n) and
    sd(b - 2 m a) / (2 s sqrt(n)).
    """
    return [_pooled(lane.T) for lane in samples]


def each_spread(known: Known, samples: Samples) -> Lanes:
    """The spread of the samples of every lane about their mean."""
    return [{"spread": _spread(lane.T, known.spread)} for lane in samples]


def _pooled(samples: Samples) -> dict[str, Estimate]:
    n = len(samples)
    exact = samples.astype(np.float64)
    if not np.isfinite(exact).all():
        return dict.fromkeys(("mean", "std"), Estimate(np.nan, np.nan, n=n))
    means = exact.mean(axis=1)
    squares = np.einsum("ij,ij->i", exact, exact) / exact.shape[1]
    mean = float(means.mean())
    std = float(np.sqrt(max(squares.mean() - mean**2, 0.0)))
    deviation = float((squares - 2 * mean * means).std()) / (2 * std) if std else 0.0
    return {
        "mean": Estimate(mean, float(means.std()) / np.sqrt(n), n=n),
        "std": Estimate(std, deviation / np.sqrt(n), n=n),
    }


def _spread(samples: Samples, floor: float | None) -> Estimate:
    exact = samples.astype(np.float64)
    if not np.isfinite(exact).all():
        return Estimate(np.nan, np.nan, floor, n=len(samples))
    return replace(spread(fake=exact), floor=floor)
