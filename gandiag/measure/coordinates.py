"""Samples by their coordinates: on the line, in the plane and in space, and beyond."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.data import Data
from gandiag.measure.lanes import part, split
from gandiag.metrics import (
    Empirical,
    Estimate,
    Target,
    covariance,
    energy,
    ks,
    moments,
    spread,
    wasserstein,
)

MOMENTS = ("mean", "std", "skew", "kurtosis")

Samples = NDArray[Any]
"""[lane, size, n]."""


def line(data: Data, samples: Samples) -> list[dict[str, Estimate]]:
    """On the line: moments, and distances from the exact law where it is known."""
    fake = Empirical(samples[:, 0])
    shape = moments(fake=fake)
    estimates = {name: getattr(shape, name) for name in MOMENTS}
    if isinstance(data, Target):
        for name, metric in (("wasserstein", wasserstein), ("ks", ks), ("energy", energy)):
            estimates[name] = metric(fake=fake, real=data)
    return split(estimates, len(samples))


def plane(samples: Samples) -> list[dict[str, Estimate]]:
    """In the plane and in space: the moments of every coordinate, and the covariances."""
    shape = moments(fake=Empirical(samples))
    found = split({name: getattr(shape, name) for name in MOMENTS}, len(samples))
    above = np.transpose(np.triu_indices(samples.shape[1], 1))
    for estimates, lane in zip(found, samples, strict=True):
        matrix = covariance(fake=lane.T)
        estimates |= {f"cov_{i}_{j}": part(matrix, i, j) for i, j in above}
    return found


def pooled(samples: Samples) -> list[dict[str, Estimate]]:
    """Beyond: the mean and std of all numbers of all samples, and the spread about their mean.

    Of images these are how bright they are, how much contrast they have, and how much they
    differ from each other. The numbers of one sample hang together, and so the standard errors
    are over samples: with a and b the means of a sample's numbers and of their squares, m and s
    the pooled mean and std, they are sd(a) / sqrt(n) and sd(b - 2 m a) / (2 s sqrt(n)).
    """
    return [_pooled(lane.T) for lane in samples]


def _pooled(samples: Samples) -> dict[str, Estimate]:
    n = len(samples)
    exact = samples.astype(np.float64)
    if not np.isfinite(exact).all():
        return dict.fromkeys(("mean", "std", "spread"), Estimate(np.nan, np.nan, n=n))
    means = exact.mean(axis=1)
    squares = np.einsum("ij,ij->i", exact, exact) / exact.shape[1]
    mean = float(means.mean())
    std = float(np.sqrt(max(squares.mean() - mean**2, 0.0)))
    bend = float((squares - 2 * mean * means).std()) / (2 * std) if std else 0.0
    return {
        "mean": Estimate(mean, float(means.std()) / np.sqrt(n), n=n),
        "std": Estimate(std, bend / np.sqrt(n), n=n),
        "spread": spread(fake=exact),
    }
