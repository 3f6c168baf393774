"""Density and coverage of generated samples, from balls about the real ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.groups import at_least_one_sample, binomial_scale, error_from_groups
from gandiag.metrics.neighbours import Balls, balls_and_vectors
from gandiag.metrics.samples import Floats


@dataclass(frozen=True, eq=False)
class DensityCoverage:
    """The density and the coverage of the fake samples.

    Attributes:
        density: The mean number of real balls that contain a fake sample, divided by k.
        coverage: The share of the real balls that contain a fake sample.
    """

    density: Estimate
    coverage: Estimate


@np.errstate(all="ignore")
def density_coverage(*, real: Balls | ArrayLike, fake: ArrayLike, k: int = 5) -> DensityCoverage:
    """Density and coverage (Naeem et al. 2020).

    A ball about every real sample reaches to its k-th nearest real neighbour, edge included.
    Density is the mean number of balls that contain a fake sample, divided by k; coverage is the
    share of balls that contain a fake sample. Fake samples have no balls of their own, so that
    fake outliers do no harm.

    Here the floor, the value of a perfect generator, is the best value. Density: 1. Coverage, of m
    real and n fake samples: 1 - prod_{i=1..k} (m - i) / (m + n - i), about 1 - (m / (m + n))^k;
    .969 for m = n and k = 5. Both hold for any distribution without atoms.

    The standard error comes from groups of samples and is .7 to 1.4 times the observed scatter;
    that of density is .6 of it well above 1, and a fifth of it where the value depends on a few
    balls (all fake samples within a tenth of a standard deviation, or far away). Where every group
    has coverage 0, or 1, as with many more fake than real samples, it is the binomial one.

    How to read it: coverage is the one to watch for lost modes: without half of them it is
    about a half.
    Density above 1 means that samples concentrate where the data are dense, as when a
    generator is too narrow; below 1, that they lie outside the data. It misleads at small n: a low
    coverage may only mean that n is less than m, which the floor accounts for.

    Args:
        real: Real samples [m, ...], or `Balls` about them, to reuse at many checkpoints.
        fake: The generator's samples [n, ...].
        k: The number of the neighbour that a ball reaches to.

    Returns:
        Two estimates, density from 0 up and coverage between 0 and 1. NaN where a fake
        sample is not finite; no standard error if a side has fewer than 100 samples.

    Raises:
        ValueError: A side has k samples or fewer, the numbers of coordinates differ, or a real
            sample is not finite.

    >>> real = np.random.default_rng(0).normal(size=(200, 2))
    >>> round(density_coverage(real=real, fake=real[:20]).coverage.value, 2)
    0.47
    """
    balls, fakes = balls_and_vectors(real=real, fake=fake, k=k)
    n, m = len(fakes), len(balls.centres)
    before = np.arange(1, k + 1)
    floors = (1.0, 1 - float(np.prod((m - before) / (m + n - before))))
    values = np.full(2, math.nan)
    errors: Floats | None = values
    if np.isfinite(fakes).all():
        values = _values(balls, fakes)
        errors = error_from_groups(
            lambda x, y: _values(Balls(x, k), y),
            _scale,
            estimates=values,
            real=balls.centres,
            fake=fakes,
        )
        if errors is not None:
            errors[1:] = at_least_one_sample(errors[1:], values[1:], np.array([m]))
    se = (None, None) if errors is None else errors
    return DensityCoverage(*(Estimate(values[i], se[i], floors[i], n) for i in range(2)))


def _values(real: Balls, fake: Floats) -> Floats:
    held, met = real.holding(fake)
    return np.array([held.mean() / real.k, met.mean()])


def _scale(numbers: Floats) -> Floats:
    return np.array([numbers[0], binomial_scale(numbers[1])])
