"""The energy distance in one dimension, in its squared form."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.empirical import Empirical, mean_distances, variance_of_real
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats
from gandiag.metrics.target import Target, empirical_and_target, inverse_sizes


@np.errstate(all="ignore")
def energy(*, fake: Empirical | ArrayLike, real: Target | ArrayLike) -> Estimate:
    """The squared energy distance D^2 = 2 E|X - Y| - E|X - X'| - E|Y - Y'|.

    It is 2 times the integral of (G - F)^2 dx (Székely and Rizzo 2013). SciPy returns its
    square root, dcor this square. The generator's E|X - X'| is the V-statistic, which includes the
    pairs of a sample with itself: then D^2 is the distance of the empirical distribution, never
    negative, and 0 only if the two agree; the U-statistic scatters about 0, so that it may have no
    root.

    The cost is a floor, which is known exactly: E|Y - Y'| (1 / n + 1 / m), without 1 / m for an
    exact target; 1.128 std / n for a normal distribution. The standard error is that of the
    Hoeffding projection: 2 sd(E|x - Y| - E|x - X|) / sqrt(n) over the samples x.

    How to read it: 0 is agreement; a small shift by d gives a value proportional to d^2, so half
    the shift gives a quarter. Outliers count by their distance and not by its square. It misleads
    near the floor: there the value is a weighted sum of chi-squares with an sd of about .8 of the
    floor, and the standard error is .4 to 2.3 times that sd. Above ten times the floor it is
    correct to within some 15 %.

    Args:
        fake: The generator's samples [n], or lanes [..., n] as `Empirical`.
        real: An exact target, or real samples [m].

    Returns:
        An estimate, a number or [...], in the unit of the samples.

    Raises:
        ValueError: The samples are empty, or ``real`` is not one finite sample.

    >>> energy(fake=[0.0, 0.0], real=[1.0, 1.0]).value
    2.0
    """
    samples, target = empirical_and_target(fake=fake, real=real)
    to_real, to_fake = target.mean_distance(samples.values), mean_distances(samples.values)
    value = 2 * to_real.mean(axis=-1) - to_fake.mean(axis=-1) - target.self_distance
    variance = (to_real - to_fake).var(axis=-1) / samples.n
    variance = variance + variance_of_real(_influence, fake=samples, real=target)
    floor = target.self_distance * inverse_sizes(fake=samples, real=target)
    # Rounding may make a distance of 0 slightly negative.
    return Estimate(np.maximum(value, 0.0), 2 * np.sqrt(variance), floor, samples.n)


def _influence(x: Floats, real: Target) -> Floats:
    return real.mean_distance(x) - mean_distances(x)
