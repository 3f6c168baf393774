"""A standard error from disjoint groups of samples, for metrics without a formula for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gandiag.metrics.samples import Floats

GROUPS, SMALLEST, ROUNDS = 10, 50, 2
"""The largest number of groups, their smallest size, and the number of random splits."""


def error_from_groups(
    metric: Callable[[Floats, Floats], Floats],
    scale: Callable[[Floats], Floats],
    *,
    estimates: Floats,
    real: Floats,
    fake: Floats,
) -> Floats | None:
    """The standard error of estimates from both sides, from the variance between groups.

    Both sides are split at random, twice, into up to ten groups of at least 50. The variance of
    the groups' estimates, in units of ``scale`` squared, is scaled to all samples as 1 / n. Where
    samples share neighbours this covers the dependence that a binomial formula omits, and unlike a
    jackknife it does not count twice the joint effects of three and more samples.

    Args:
        metric: Takes real [., d] and fake samples [., d] and returns estimates [q].
        scale: Takes estimates [q] and returns what their standard errors are proportional to [q].
        estimates: The estimates of ``metric`` from all samples [q].
        real: The real samples [m, d].
        fake: The generator's samples [n, d].

    Returns:
        The standard errors [q]; None if a side has fewer than 100 samples.

    >>> x = np.arange(99.0)[:, None]
    >>> error_from_groups(lambda *_: x[0], np.sqrt, estimates=x[0], real=x, fake=x) is None
    True
    """
    groups = min(GROUPS, min(len(real), len(fake)) // SMALLEST)
    if groups < 2:
        return None
    rng = np.random.default_rng(0)
    results = []
    for _ in range(ROUNDS):
        reals = np.array_split(rng.permutation(real), groups)
        fakes = np.array_split(rng.permutation(fake), groups)
        results.append([metric(x, y) for x, y in zip(reals, fakes, strict=True)])
    values = np.array(results)
    variance = values.var(axis=1, ddof=1).mean(axis=0) / groups
    group_scale, whole_scale = scale(values.mean(axis=(0, 1))), scale(estimates)
    ratio = np.divide(
        whole_scale, group_scale, out=np.ones_like(whole_scale), where=group_scale > 0
    )
    return np.asarray(np.sqrt(variance) * ratio)


def at_least_one_sample(errors: Floats, shares: Floats, trials: Floats) -> Floats:
    """Standard errors of shares where 0, as all groups agree, is replaced by the binomial one.

    It is taken at half a sample from the end: (hits + 1 / 2) / (trials + 1).

    Args:
        errors: The standard errors [q].
        shares: The shares [q].
        trials: The number of samples that each share is of [q].

    >>> at_least_one_sample(np.zeros(1), np.ones(1), np.array([100])).round(4)
    array([0.007])
    """
    inside = (shares * trials + 0.5) / (trials + 1)
    return np.where(errors > 0, errors, binomial_scale(inside) / np.sqrt(trials))


def binomial_scale(share: Floats) -> Floats:
    """The scale of the standard error of a proportion p [q]: sqrt(p (1 - p))."""
    return np.sqrt(share * (1 - share))
