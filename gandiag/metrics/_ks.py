"""The Kolmogorov-Smirnov distance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.empirical import Empirical
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats
from gandiag.metrics.target import Target, noise, pair, spread

NULL_MEAN = math.sqrt(math.pi / 2) * math.log(2)
"""The mean of Kolmogorov's distribution, .8687."""


@np.errstate(all="ignore")
def ks(*, fake: Empirical | ArrayLike, real: Target | ArrayLike) -> Estimate:
    """The largest gap between the two cumulative distribution functions.

    D = sup |G(t) - F(t)|. The floor is .869 sqrt(1 / n + 1 / m), without 1 / m for an exact
    target: the mean of Kolmogorov's distribution, sqrt(pi / 2) log 2. It is 0 for a point
    mass, and an upper bound for other laws with atoms. The standard error is
    sqrt(G (1 - G) / n + F (1 - F) / m) at the point t where the gap is largest, the limit for
    a single such point (Raghavachari 1973) and a bound where several tie.

    How to read it: a share of probability, 0 to 1, the same for any unit. It sees a missing
    mode of weight w as at least w / 2, however near it lies; it cannot tell a mode a little
    away from one far away. It misleads as a test: at the n of a checkpoint every generator
    is "significantly" off, so no p-value is given. Where two gaps tie, as when a symmetric
    generator is too narrow, the standard error reads 1.3 to 1.6 times too large, and near the
    floor up to twice (the sd there is .26 / sqrt(n)). At D = 1, where the laws do not overlap,
    it is 0.

    Args:
        fake: The generator's samples [n], or lanes [..., n] of them as `Empirical`.
        real: An exact target, or real samples [m].

    Returns:
        An estimate, one number or [...], without unit.

    Raises:
        ValueError: The samples are empty, or the real ones not one finite sample.

    >>> ks(fake=[0.0, 1.0, 2.0, 3.0], real=[2.0, 3.0, 4.0, 5.0]).value
    0.5
    """
    samples, target = pair(fake=fake, real=real)
    value, g, f = _largest_gap(samples.values, target)
    variance = g * (1 - g) / samples.n
    if isinstance(target, Empirical):
        variance = variance + f * (1 - f) / target.n
    scale = NULL_MEAN if spread(target) > 0 else 0.0
    floor = scale * math.sqrt(noise(fake=samples, real=target))
    return Estimate(value, np.sqrt(variance), floor, samples.n)


def _largest_gap(x: Floats, real: Target) -> tuple[Floats, Floats, Floats]:
    """The gap [...], and both cdfs where it is: at a sample, or just below one."""
    n = x.shape[-1]
    f = real.cdf(x)
    at, above = _argmax(np.arange(1, n + 1) / n - f)
    f_below, (below, under) = f, _argmax(f - np.arange(n) / n)
    # F just below a sample is F there unless an atom of F meets the sample; it is enough to
    # look where the gap is largest.
    just_below = np.nextafter(_take(x, below), -np.inf)
    meets = ~np.isclose(real.cdf(just_below), _take(f, below), rtol=0, atol=1e-9)
    if meets.any():  # lane by lane: what one lane meets is nothing to its neighbours
        f_below = np.where(meets[..., None], real.cdf(np.nextafter(x, -np.inf)), f)
        below, under = _argmax(f_below - np.arange(n) / n)
    first = above >= under
    # A step cdf gives a number for NaN too.
    lost = np.where(np.isnan(x[..., 0]), np.nan, 0.0)
    return (
        np.maximum(above, under) + lost,
        np.where(first, (at + 1) / n, below / n) + lost,
        np.where(first, _take(f, at), _take(f_below, below)) + lost,
    )


def _argmax(gaps: Floats) -> tuple[NDArray[np.intp], Floats]:
    where = np.asarray(gaps.argmax(axis=-1))
    return where, _take(gaps, where)


def _take(values: Floats, where: NDArray[np.intp]) -> Floats:
    return np.asarray(np.take_along_axis(values, where[..., None], axis=-1)[..., 0])
