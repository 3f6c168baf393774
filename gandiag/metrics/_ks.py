"""The Kolmogorov-Smirnov distance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.empirical import Empirical
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats
from gandiag.metrics.target import Target, empirical_and_target, inverse_sizes, spread

NULL_MEAN = math.sqrt(math.pi / 2) * math.log(2)
"""The mean of Kolmogorov's distribution, .8687."""


@np.errstate(all="ignore")
def ks(*, fake: Empirical | ArrayLike, real: Target | ArrayLike) -> Estimate:
    """The largest gap between the two cumulative distribution functions.

    D = sup |G(t) - F(t)|. The floor is .869 sqrt(1 / n + 1 / m), without 1 / m for an exact
    target: the mean of Kolmogorov's distribution, sqrt(pi / 2) log 2. It is 0 for a point mass,
    and an upper bound for other distributions with atoms. The standard error is
    sqrt(G (1 - G) / n + F (1 - F) / m) at the point t of the largest gap, the limit for a unique
    such point (Raghavachari 1973) and an upper bound if several tie.

    How to read it: a difference of probabilities, 0 to 1, independent of the unit. A missing mode
    of weight w gives at least w / 2, however near it lies; a mode displaced a little and one far
    away give the same. It misleads as a test: at the n of a checkpoint every generator is
    "significantly" wrong, so there is no p-value. Where two gaps tie, as when a symmetric
    generator is too narrow, the standard error is 1.3 to 1.6 times too large, and near the floor
    up to twice (the sd there is .26 / sqrt(n)). At D = 1, where the distributions do not overlap,
    it is 0.

    Args:
        fake: The generator's samples [n], or a batch [..., n], one row per seed, as `Empirical`.
        real: An exact target, or real samples [m].

    Returns:
        An estimate, a number or [...], dimensionless.

    Raises:
        ValueError: The samples are empty, or ``real`` is not one finite sample.

    >>> ks(fake=[0.0, 1.0, 2.0, 3.0], real=[2.0, 3.0, 4.0, 5.0]).value
    0.5
    """
    samples, target = empirical_and_target(fake=fake, real=real)
    value, g, f = _largest_gap(samples.values, target)
    variance = g * (1 - g) / samples.n
    if isinstance(target, Empirical):
        variance = variance + f * (1 - f) / target.n
    scale = NULL_MEAN if spread(target) > 0 else 0.0
    floor = scale * math.sqrt(inverse_sizes(fake=samples, real=target))
    return Estimate(value, np.sqrt(variance), floor, samples.n)


def _largest_gap(x: Floats, real: Target) -> tuple[Floats, Floats, Floats]:
    """The gap [...] and both cdfs at its location, a sample or just below one."""
    n = x.shape[-1]
    f = real.cdf(x)
    at, above = _argmax(np.arange(1, n + 1) / n - f)
    f_below, (below, under) = f, _argmax(f - np.arange(n) / n)
    # F just below a sample equals F at the sample unless F has an atom there; it is enough to
    # check where the gap is largest.
    just_below = np.nextafter(_take(x, below), -np.inf)
    at_atom = ~np.isclose(real.cdf(just_below), _take(f, below), rtol=0, atol=1e-9)
    if at_atom.any():  # an atom in one lane does not affect the others
        f_below = np.where(at_atom[..., None], real.cdf(np.nextafter(x, -np.inf)), f)
        below, under = _argmax(f_below - np.arange(n) / n)
    above_is_larger = above >= under
    # searchsorted gives a number for NaN, so NaN lanes are restored.
    nan_lanes = np.where(np.isnan(x[..., 0]), np.nan, 0.0)
    return (
        np.maximum(above, under) + nan_lanes,
        np.where(above_is_larger, (at + 1) / n, below / n) + nan_lanes,
        np.where(above_is_larger, _take(f, at), _take(f_below, below)) + nan_lanes,
    )


def _argmax(gaps: Floats) -> tuple[NDArray[np.intp], Floats]:
    where = np.asarray(gaps.argmax(axis=-1))
    return where, _take(gaps, where)


def _take(values: Floats, where: NDArray[np.intp]) -> Floats:
    return np.asarray(np.take_along_axis(values, where[..., None], axis=-1)[..., 0])
