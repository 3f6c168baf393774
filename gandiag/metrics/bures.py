"""The distance of two normal laws with the means and covariances of samples.

Its covariance part is the squared Bures distance, which needs no matrix square root: with
S = R R^T on either side, the trace of (S1 S2)^(1/2) is the sum of the singular values of R1^T R2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gandiag.metrics.samples import Floats


@dataclass(frozen=True, eq=False)
class Ellipsoid:
    """Samples by their mean and the axes of their covariance, with divisor n - 1.

    Attributes:
        mean: [d].
        centred: The samples less their mean [n, d].
        variances: Along the axes [r], r = min(n, d).
        axes: [d, r], orthonormal; 0 where there is no variance.
    """

    mean: Floats
    centred: Floats
    variances: Floats
    axes: Floats

    @classmethod
    def of(cls, samples: Floats) -> Ellipsoid:
        """Of finite samples [n, d], n >= 2."""
        n, d = samples.shape
        mean = samples.mean(axis=0)
        centred = samples - mean
        # The covariance, or where there are fewer samples than coordinates its other half.
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
        """R [d, r], with R R^T the covariance."""
        return self.axes * np.sqrt(self.variances)


def _inverse(values: Floats) -> Floats:
    """1 / value, and 0 of 0."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def transport(a: Ellipsoid, b: Ellipsoid) -> tuple[float, Floats, Floats]:
    """The squared distance, and the influence on it of every sample of either side.

    |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2). A sample at c from its mean has the
    influence 2 c.(m1 - m2) + c.c - c.Tc, less its mean, where T is the linear map that carries
    the one normal onto the other; it is the potential of the optimal transport.

    Args:
        a: One side, of n samples.
        b: The other, of m samples.

    Returns:
        The squared distance, and the influences [n] and [m], up to a constant.

    >>> a, b = Ellipsoid.of(np.array([[0.0], [2.0]])), Ellipsoid.of(np.array([[3.0], [3.0]]))
    >>> transport(a, b)[0]
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


def _potential(side: Ellipsoid, gap: Floats, turn: Floats, singular: Floats) -> Floats:
    half = (side.axes * _inverse(np.sqrt(side.variances))) @ (turn * np.sqrt(singular))
    pull = side.centred @ (np.eye(len(gap)) - half @ half.T)
    pull += 2 * gap
    return np.asarray(np.einsum("ij,ij->i", pull, side.centred))


def noise_rate(of: Ellipsoid) -> float:
    """What the squared distance of n from m samples of one law is, times 1 / (1 / n + 1 / m).

    To second order tr S + sum_ij V_ij / (l_i + l_j) / 2, with l the variances along the axes
    and V_ij the variance of the product of the i-th and j-th coordinate there; for a normal
    l_i l_j, twice that on the diagonal, hence d + d (d + 1) / 4 if S is the identity.

    Args:
        of: Samples of the law.

    Returns:
        The rate, in the squared unit of the samples; a few parts of d / n low, as the
        variances of few samples are more uneven than those of their law.
    """
    squares = (of.centred @ of.axes) ** 2
    products = squares.T @ squares / of.n
    products[np.diag_indices_from(products)] -= of.variances**2
    sums = of.variances[:, None] + of.variances
    return float(of.variances.sum() + (products * _inverse(sums)).sum() / 2)


def normal_noise_rate(variances: Floats) -> float:
    """The same for a normal law, by its variances along the axes [r]."""
    sums = variances[:, None] + variances
    means = np.outer(variances, variances) * _inverse(sums)
    return float(1.25 * variances.sum() + means.sum() / 2)


def noise_variance(of: Ellipsoid) -> float:
    """The variance of that distance, times 1 / (1 / n + 1 / m)^2, for a normal law.

    Args:
        of: Samples of the law.

    Returns:
        The variance, in the fourth power of the unit of the samples.
    """
    variances = of.variances
    means = np.outer(variances, variances) * _inverse(variances[:, None] + variances)
    return float(2.25 * (variances**2).sum() + (means**2).sum())
