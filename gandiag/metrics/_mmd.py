"""The maximum mean discrepancy with Gaussian kernels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.kernels import kernel_distance
from gandiag.metrics.samples import Floats, both_sides

SHARES = (0.5, 1.0, 2.0)
"""The default bandwidths, in units of the median distance between real samples."""

MEDIAN_OF = 2000
"""The largest number of real samples in the median distance."""

DIRECT_WIDTH = 8
"""Up to this many coordinates differences are as fast as products, and more accurate."""


def mmd(*, real: ArrayLike, fake: ArrayLike, bandwidths: Sequence[float] | None = None) -> Estimate:
    """The unbiased squared maximum mean discrepancy, with a mean of Gaussian kernels.

    MMD^2 = E k(X, X') + E k(Y, Y') - 2 E k(X, Y), every mean over distinct pairs (Gretton et
    al. 2012, eq. 3), where k(x, y) is the mean of exp(-|x - y|^2 / (2 h^2)) over the
    bandwidths h. By default these are .5, 1 and 2 times the median distance between at most 2000
    real samples, evenly spaced in the array: they depend on the data alone, so that values of
    different checkpoints are comparable.

    The floor is 0: an unbiased estimate scatters about it, and more than half of the values of
    a perfect generator are negative. The standard error has both orders of Hoeffding's
    decomposition, so that it is valid where the first one vanishes: within 10 % of the observed sd
    away from the floor, and 1.1 to 1.6 times it at the floor.

    It leaves out the scatter of the default bandwidths when other real samples are drawn. With two
    modes of equal weight the median distance jumps between the distance within a mode and that
    between both, and the error was .07 to 1 times the sd: compare checkpoints with the same real
    samples, or pass ``bandwidths``.

    How to read it: no unit, below 2; the true value is above 0 for every difference between
    distributions, and largest for one of the size of a bandwidth. It misleads across data sets,
    which have different bandwidths; and details much finer than the smallest bandwidth, such as
    a mode's width in a wide ring of modes, hardly count: then pass ``bandwidths`` of that size. At
    the floor the value is a weighted sum of chi-squares, not normal: values more than two ``se``
    above it are common.

    Args:
        real: Real samples [m] or [m, d], m >= 2.
        fake: The generator's samples [n] or [n, d], n >= 2.
        bandwidths: The bandwidths h, in the unit of the samples.

    Returns:
        An estimate, a single number without unit; NaN if a fake sample is not finite.

    Raises:
        ValueError: Too few samples, different numbers of coordinates, real samples that are not
            finite, or bandwidths that are not positive numbers.

    >>> round(mmd(real=[0.0, 0.0], fake=[3.0, 3.0], bandwidths=[1.0]).value, 4)
    1.9778
    """
    reals, fakes = both_sides(real=real, fake=fake, least=2)
    chosen = _median_distance(reals) * np.array(SHARES) if bandwidths is None else bandwidths
    widths = sorted(np.ravel(np.asarray(chosen, dtype=np.float64)), reverse=True)
    if not widths or not all(0 < width < np.inf for width in widths):
        raise ValueError(f"bandwidths must be one or more positive numbers, not {bandwidths!r}")

    def kernel(x: Floats, y: Floats) -> Floats:
        return _gaussians(_squares(x, y), widths)

    return kernel_distance(real=reals, fake=fakes, kernel=kernel)


def _gaussians(squares: Floats, widths: Sequence[float]) -> Floats:
    """The mean kernel [a, b] of squared distances; the widths in descending order."""
    each = np.exp(squares * (-0.5 / widths[0] ** 2))
    total = each.copy() if len(widths) > 1 else each
    for wider, width in pairwise(widths):
        if wider == 2 * width:  # a fourth power costs less than an exponential
            each *= each
            each *= each
        else:
            np.multiply(squares, -0.5 / width**2, out=each)
            np.exp(each, out=each)
        total += each
    total /= len(widths)
    return total


def _squares(x: Floats, y: Floats) -> Floats:
    """The squared distances [a, b] of samples [a, d] and [b, d]."""
    from scipy.spatial.distance import cdist

    if x.shape[1] <= DIRECT_WIDTH:
        return np.asarray(cdist(x, y, "sqeuclidean"))
    # Products lose the digits that all samples share, so the samples are centred first.
    centre = y.mean(axis=0)
    x, y = x - centre, y - centre
    squares = x @ (-2 * y).T
    squares += np.einsum("ij,ij->i", x, x)[:, None]
    squares += np.einsum("ij,ij->i", y, y)
    return np.maximum(squares, 0.0, out=squares)


def _median_distance(real: Floats) -> float:
    """The median distance; of distinct pairs if it is 0, and 1 if all samples are equal."""
    from scipy.spatial.distance import pdist

    subset = real[np.linspace(0, len(real) - 1, min(len(real), MEDIAN_OF)).astype(np.intp)]
    distances = pdist(subset)
    median = float(np.median(distances))
    if median == 0:
        median = float(np.median(distances[distances > 0])) if distances.any() else 1.0
    return median
