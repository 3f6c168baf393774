"""The sliced Wasserstein distance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics._wasserstein import NULL_ABSOLUTE
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, both
from gandiag.metrics.slices import blocks, directions, potentials, powers, slices

SPLITS = 8
"""How often the real samples are split for a floor; on the line, where it costs little, 64."""

SEEN = 32
"""How many of the directions a floor is measured along, at most."""


@np.errstate(all="ignore")
def sliced_wasserstein(
    *, real: ArrayLike, fake: ArrayLike, projections: int = 128, p: int = 2, seed: int = 0
) -> Estimate:
    """The Wasserstein distance on the line, averaged over directions of space.

    It is the p-th root of the mean of W_p^p over the samples' projections on ``projections``
    directions (Bonneel et al. 2015), which ``seed`` fixes: the same at every checkpoint. On the
    line it is the distance itself. The standard error is the delta method's: the influence of a
    sample is the mean of its optimal-transport potentials over the directions. It counts both
    sides' samples and not the choice of directions.

    The floor for p = 1 is that of `wasserstein`, averaged. For p = 2 there is no formula that
    holds for separate modes as well; it is measured between random halves of the real samples
    and between quarters, and carried to n and m by the rate, 1 / sqrt(n) to 1 / n^(1/4), that
    the two show. On average it was right within 11 % for normal, uniform and multimodal laws;
    it scatters by 3 to 12 % from 400 real samples on, and by half where the tails are as long as
    those of Student's t with 4 degrees of freedom.

    How to read it: in the unit of the samples; a shift by a vector v reads |v| / sqrt(d) for
    p = 2. It misleads in many dimensions: laws that differ in a few directions alone are averaged
    with those where they do not. Near the floor the standard error reads .7 to 2 times what it
    should; from three times the floor on it holds within some 15 %.

    Args:
        real: Real samples [m] or [m, d].
        fake: The generator's samples [n] or [n, d].
        projections: The number of directions.
        p: 1 or 2; with 2, far away mass counts by the square of the way.
        seed: Of the directions, and of the floor's splits.

    Returns:
        An estimate, one number, in the unit of the samples; NaN where a fake sample is not
        finite. With p = 2 and fewer than 8 real samples there is no floor.

    Raises:
        ValueError: No samples, of different widths, real ones that are not finite, no
            projections, or a p other than 1 and 2.

    >>> sliced_wasserstein(real=[0.0, 1.0], fake=[3.0, 4.0]).value
    3.0
    """
    known, made = both(real=real, fake=fake)
    if p not in (1, 2) or projections < 1:
        raise ValueError(f"p must be 1 or 2 and projections at least 1, not {p} and {projections}")
    n, m = len(made), len(known)
    along = directions(known.shape[1], projections, seed)
    floor = _floor_of_first(known, along, n) if p == 1 else _floor(known, along[:SEEN], n, seed)
    if not np.isfinite(made).all():
        return Estimate(np.nan, np.nan, floor, n)
    total, of_fake, of_real = 0.0, np.zeros(n), np.zeros(m)
    for some in blocks(along, max(n, m)):
        (x, which), (y, those) = slices(made, some), slices(known, some)
        total += float(powers(x, y, p).sum())
        for row, potential in zip(which, potentials(x, y, p), strict=True):
            of_fake[row] += potential
        for row, potential in zip(those, potentials(y, x, p), strict=True):
            of_real[row] += potential
    value = (total / len(along)) ** (1 / p)
    se = math.sqrt(of_fake.var() / n + of_real.var() / m) / len(along)
    return Estimate(value, se / (p * value ** (p - 1)) if value else 0.0, floor, n)


def _floor_of_first(real: Floats, along: Floats, n: int) -> float:
    """Of W1: its scale is the integral of sqrt(F (1 - F)), over all directions."""
    m = len(real)
    share = np.arange(1, m) / m
    weights = np.sqrt(share * (1 - share))
    spread = sum(
        float((np.diff(np.sort(some @ real.T, axis=-1)) @ weights).sum())
        for some in blocks(along, m)
    )
    return NULL_ABSOLUTE * math.sqrt(1 / n + 1 / m) * spread / len(along)


def _floor(real: Floats, along: Floats, n: int, seed: int) -> float | None:
    """Of W2: between halves and between quarters, and from there on at the rate they show."""
    m = len(real)
    if m < 8:
        return None
    splits = _splits(m, SPLITS if real.shape[1] > 1 else 8 * SPLITS, seed)
    halves, quarters = np.zeros((2, len(splits)))
    for some in blocks(along, m):
        y, which = slices(real, some)
        for i, split in enumerate(splits):
            label = split[which]
            halves[i] += _between(y, label >> 1 == 0, label >> 1 == 1)
            quarters[i] += _between(y, label == 0, label == 2)
    half, quarter = (np.sqrt(each / len(along)).mean() for each in (halves, quarters))
    if half == 0:
        return 0.0
    rate = np.clip(np.log2(quarter / half), 0.25, 0.5)
    return float(half * ((1 / n + 1 / m) * (m // 4 * 2) / 2) ** rate)


def _splits(m: int, count: int, seed: int) -> NDArray[np.int8]:
    """For every split [count, m] the samples' quarters, 0 to 3; a rest of up to three is -1."""
    labels = np.repeat(np.arange(-1, 4, dtype=np.int8), [m % 4, *[m // 4] * 4])
    return np.asarray(np.random.default_rng(seed).permuted(np.tile(labels, (count, 1)), axis=1))


def _between(y: Floats, first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    x, y = (y[taken].reshape(len(y), -1) for taken in (first, second))
    return float(powers(x, y, 2).sum())
