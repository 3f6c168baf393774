"""A standard error from disjoint groups, for numbers that no formula has one for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gandiag.metrics.samples import Floats

GROUPS, SMALLEST, ROUNDS = 10, 50, 2


def error_from_groups(
    read: Callable[[Floats, Floats], Floats],
    scale: Callable[[Floats], Floats],
    *,
    whole: Floats,
    real: Floats,
    fake: Floats,
) -> Floats | None:
    """The standard error of numbers read from both sides, from how groups of them differ.

    Both sides are cut at random, twice, into up to ten groups of at least 50. The variance of
    the groups' readings, in units of ``scale`` squared, is carried over to the whole as
    1 / n. Where samples share neighbours this sees what a binomial formula leaves out, and it
    does not count twice, as a jackknife does, what three and more samples do together.

    Args:
        read: Takes real [., d] and fake samples [., d] and gives numbers [q].
        scale: Takes the numbers [q] and gives what their standard error is proportional to.
        whole: What ``read`` gives for all samples [q].
        real: The real samples [m, d].
        fake: The generator's samples [n, d].

    Returns:
        The standard errors [q]; None where there are less than 100 samples on a side.

    >>> x = np.arange(99.0)[:, None]
    >>> error_from_groups(lambda *_: x[0], np.sqrt, whole=x[0], real=x, fake=x) is None
    True
    """
    groups = min(GROUPS, min(len(real), len(fake)) // SMALLEST)
    if groups < 2:
        return None
    rng = np.random.default_rng(0)
    rounds = []
    for _ in range(ROUNDS):
        known = np.array_split(rng.permutation(real), groups)
        made = np.array_split(rng.permutation(fake), groups)
        rounds.append([read(x, y) for x, y in zip(known, made, strict=True)])
    parts = np.array(rounds)
    variance = parts.var(axis=1, ddof=1).mean(axis=0) / groups
    typical, seen = scale(parts.mean(axis=(0, 1))), scale(whole)
    ratio = np.divide(seen, typical, out=np.ones_like(seen), where=typical > 0)
    return np.asarray(np.sqrt(variance) * ratio)


def of_a_share(share: Floats) -> Floats:
    """What the standard error of a share [q] is proportional to: sqrt(p (1 - p))."""
    return np.sqrt(share * (1 - share))
