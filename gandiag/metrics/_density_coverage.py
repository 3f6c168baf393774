"""Density and coverage of generated samples, by balls to the k-th neighbour of real ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.groups import error_from_groups, of_a_share
from gandiag.metrics.neighbours import Balls, prepared
from gandiag.metrics.samples import Floats


@dataclass(frozen=True, eq=False)
class DensityCoverage:
    """How densely real samples lie about the fake ones, and how many of them are reached.

    Attributes:
        density: The mean number of real balls a fake sample lies in, over k.
        coverage: The share of the real balls that a fake sample lies in.
    """

    density: Estimate
    coverage: Estimate


@np.errstate(all="ignore")
def density_coverage(*, real: Balls | ArrayLike, fake: ArrayLike, k: int = 5) -> DensityCoverage:
    """Density and coverage (Naeem et al. 2020).

    A ball about every real sample reaches to its k-th nearest real neighbour, edge included.
    Density is the number of balls a fake sample lies in, on average, over k; coverage is the
    share of balls that hold a fake sample. Fake samples have no balls of their own, so that
    one far out does no harm.

    Here the floor is what to expect of a generator that is right, so it stands high. Density:
    1. Coverage, of m real and n fake samples: 1 - prod_{i=1..k} (m - i) / (m + n - i), about
    1 - (m / (m + n))^k; .969 for m = n and k = 5. Both hold for any law without atoms.

    The standard error is taken from groups of samples. Against the scatter seen it reads .8 to
    1.15; that of density reads a fifth where the value hangs on a few balls (all
    fake samples within a tenth of a standard deviation, or far off).

    How to read it: coverage is the one to watch for lost modes: half of them reads about half.
    Density above 1 says that samples crowd where the data are dense, as when a generator is
    too narrow; below 1, that they lie off the data. It misleads at small n: a coverage of
    less than its floor may only mean that n is less than m, which the floor tells.

    Args:
        real: Real samples [m, ...], or `Balls` about them, to use at many checkpoints.
        fake: The generator's samples [n, ...].
        k: Which neighbour a ball reaches to.

    Returns:
        Two estimates, density from 0 up and coverage between 0 and 1. NaN where a fake
        sample is not finite; without a standard error where there are less than 100 samples on
        a side.

    Raises:
        ValueError: Either side has not more than k samples, they differ in width, or real
            ones are not finite.

    >>> real = np.random.default_rng(0).normal(size=(200, 2))
    >>> round(density_coverage(real=real, fake=real[:20]).coverage.value, 2)
    0.47
    """
    known, made = prepared(real=real, fake=fake, k=k)
    n, m = len(made), len(known.centres)
    before = np.arange(1, k + 1)
    floors = (1.0, 1 - float(np.prod((m - before) / (m + n - before))))
    values = np.full(2, math.nan)
    errors: Floats | None = values
    if np.isfinite(made).all():
        values = _read(known, made)
        errors = error_from_groups(
            lambda x, y: _read(Balls(x, k), y),
            _scale,
            whole=values,
            real=known.centres,
            fake=made,
        )
    se = (None, None) if errors is None else errors
    return DensityCoverage(*(Estimate(values[i], se[i], floors[i], n) for i in range(2)))


def _read(real: Balls, fake: Floats) -> Floats:
    held, met = real.holding(fake)
    return np.array([held.mean() / real.k, met.mean()])


def _scale(numbers: Floats) -> Floats:
    return np.array([numbers[0], of_a_share(numbers[1])])
