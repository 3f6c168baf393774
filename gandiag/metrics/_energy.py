"""The energy distance on the line, in its squared form."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.empirical import Empirical, mean_gaps, share_of_the_real
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats
from gandiag.metrics.target import Target, noise, pair


@np.errstate(all="ignore")
def energy(*, fake: Empirical | ArrayLike, real: Target | ArrayLike) -> Estimate:
    """The squared energy distance D^2 = 2 E|X - Y| - E|X - X'| - E|Y - Y'|.

    It is 2 times the integral of (G - F)^2 dx (Székely and Rizzo 2013). SciPy returns its
    square root, dcor this square. The generator's E|X - X'| is the V-statistic, every pair
    with a sample and itself included: then D^2 is the distance of the empirical law, never
    negative, and 0 only where the two agree; the U-statistic scatters about 0 and its root
    cannot be taken.

    The price is a floor, known exactly: E|Y - Y'| (1 / n + 1 / m), without 1 / m for an exact
    target; 1.128 std / n for a normal. The standard error is that of the Hoeffding
    projection: 2 sd(E|x - Y| - E|x - X|) / sqrt(n) over the samples x.

    How to read it: 0 is agreement; a small shift by d reads as d^2, so a distance half as
    large reads a quarter. Far outliers count by their distance and not its square. It
    misleads near the floor: the value is a weighted sum of chi-squares there, of an sd about
    .8 of the floor, and the standard error reads .4 to 2.3 times that. From ten times the
    floor on it holds within some 15 %.

    Args:
        fake: The generator's samples [n], or lanes [..., n] of them as `Empirical`.
        real: An exact target, or real samples [m].

    Returns:
        An estimate, one number or [...], in the unit of the samples.

    Raises:
        ValueError: The samples are empty, or the real ones not one finite sample.

    >>> energy(fake=[0.0, 0.0], real=[1.0, 1.0]).value
    2.0
    """
    samples, target = pair(fake=fake, real=real)
    away, gaps = target.mean_distance(samples.values), mean_gaps(samples.values)
    value = 2 * away.mean(axis=-1) - gaps.mean(axis=-1) - target.self_distance
    variance = (away - gaps).var(axis=-1) / samples.n
    variance = variance + share_of_the_real(_influence, fake=samples, real=target)
    floor = target.self_distance * noise(fake=samples, real=target)
    # Rounding may leave a distance of 0 a little below.
    return Estimate(np.maximum(value, 0.0), 2 * np.sqrt(variance), floor, samples.n)


def _influence(x: Floats, real: Target) -> Floats:
    return real.mean_distance(x) - mean_gaps(x)
