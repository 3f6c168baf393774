"""The distance of two normal distributions with the means and covariances of samples.

Its covariance part is the squared Bures distance, which needs no matrix square root: with
S = R R^T on either side, the trace of (S1 S2)^(1/2) is the sum of the singular values of R1^T R2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gandiag.metrics.samples import Floats


@dataclass(frozen=True, eq=False)
class Gaussian:
    """A normal distribution fitted to samples: mean and principal axes, with divisor n - 1.

    Attributes:
        mean: The mean [d].
        centred: The samples minus their mean [n, d].
        variances: The variances along the principal axes [r], r = min(n, d).
        axes: The principal axes [d, r], orthonormal; 0 where there is no variance.
    """

    mean: Floats
    centred: Floats
    variances: Floats
    axes: Floats

    @classmethod
    def of(cls, samples: Floats) -> Gaussian:
        """Fits finite samples [n, d], n >= 2."""
        n, d = samples.shape
        mean = samples.mean(axis=0)
        centred = samples - mean
        # The covariance, or with fewer samples than coordinates the Gram matrix of the samples.
        product = centred.T @ centred if d <= n else centred @ centred.T
        variances, axes = np.linalg.eigh(product / (n - 1))
        kept = variances > variances[-1] * max(n, d) * np.finfo(np.float64).eps
        variances = np.where(kept, variances, 0.0)
        if d > n:
            axes = centred.T @ (axes * _inverse(np.sqrt(variances * (n - 1))))
        return cls(mean, centred, variances, axes * kept)

    @property
    def n(self) -> int:
        """The number of samples."""
        return len(self.centred)

    @property
    def root(self) -> Floats:
        """A root R [d, r] of the covariance R R^T."""
        return self.axes * np.sqrt(self.variances)


def _inverse(values: Floats) -> Floats:
    """1 / value, and 0 for 0."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def distance_and_influences(a: Gaussian, b: Gaussian) -> tuple[float, Floats, Floats]:
    """The squared distance, and the influence of every sample on it.

    |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2). A sample at c from its mean has the
    influence 2 c.(m1 - m2) + c.c - c.Tc, minus its mean, where T is the linear optimal transport
    map from one normal to the other; it is the transport potential.

    Args:
        a: One side, from n samples.
        b: The other, from m samples.

    Returns:
        The squared distance, and the influences [n] and [m], up to a constant.

    >>> a, b = Gaussian.of(np.array([[0.0], [2.0]])), Gaussian.of(np.array([[3.0], [3.0]]))
    >>> distance_and_influences(a, b)[0]
    6.0
    """
    gap = a.mean - b.mean
    left, singular, right = np.linalg.svd(a.root.T @ b.root, full_matrices=False)
    value = gap @ gap + a.variances.sum() + b.variances.sum() - 2 * singular.sum()
    return (
        max(float(value), 0.0),
        _potential(a, gap, left, singular),
        _potential(b, -gap, right.T, singular),
    )


def _potential(side: Gaussian, gap: Floats, rotation: Floats, singular: Floats) -> Floats:
    factor = (side.axes * _inverse(np.sqrt(side.variances))) @ (rotation * np.sqrt(singular))
    displacement = side.centred @ (np.eye(len(gap)) - factor @ factor.T)
    displacement += 2 * gap
    return np.asarray(np.einsum("ij,ij->i", displacement, side.centred))


def bias_rate(gaussian: Gaussian) -> float:
    """The expected squared distance of n and m samples of one distribution, over 1 / n + 1 / m.

    To second order it is tr S + sum_ij V_ij / (l_i + l_j) / 2, with l the variances along the axes
    and V_ij the variance of the product of the i-th and j-th coordinate there; V_ij is l_i l_j for
    a normal distribution, twice that on the diagonal, hence d + d (d + 1) / 4 if S is the identity.

    Args:
        gaussian: Samples of the distribution.

    Returns:
        The rate, in the squared unit of the samples; too low by a few times d / n of it, as the
        variances of few samples are more uneven than the true ones.
    """
    squares = (gaussian.centred @ gaussian.axes) ** 2
    products = squares.T @ squares / gaussian.n
    products[np.diag_indices_from(products)] -= gaussian.variances**2
    sums = gaussian.variances[:, None] + gaussian.variances
    return float(gaussian.variances.sum() + (products * _inverse(sums)).sum() / 2)


def normal_bias_rate(variances: Floats) -> float:
    """The same for a normal distribution, from its variances along the axes [r]."""
    sums = variances[:, None] + variances
    means = np.outer(variances, variances) * _inverse(sums)
    return float(1.25 * variances.sum() + means.sum() / 2)


def second_order_variance(gaussian: Gaussian) -> float:
    """The variance of that distance over (1 / n + 1 / m)^2, for a normal distribution.

    Args:
        gaussian: Samples of the distribution.

    Returns:
        The variance, in the fourth power of the unit of the samples.
    """
    variances = gaussian.variances
    means = np.outer(variances, variances) * _inverse(variances[:, None] + variances)
    return float(2.25 * (variances**2).sum() + (means**2).sum())
