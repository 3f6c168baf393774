"""The Vendi score: the effective number of different samples."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, both_sides, vectors

MAX_RBF = 2000
"""The largest number of samples for the RBF kernel; the time grows with its cube."""

MEDIAN_OF = 1000
"""The largest number of real samples in the median distance."""


def vendi(
    *,
    fake: ArrayLike,
    real: ArrayLike | None = None,
    kernel: Literal["cosine", "rbf"] = "cosine",
    bandwidth: float | None = None,
    seed: int = 0,
) -> Estimate:
    """The exponential of the entropy of the eigenvalues of K / n (Friedman and Dieng 2023).

    K [n, n] is the matrix of the samples' similarities, 1 on its diagonal. The cosine kernel's
    eigenvalues are those of a matrix [d, d], so that n may be large. The RBF kernel is
    exp(-|x - y|^2 / (2 h^2)), with h by default the median distance of real samples; it uses at
    most 2000 samples, chosen at random.

    The floor is the score of n real samples, if there are that many: it is the value of a perfect
    generator, and a value *below* it is a loss of diversity. The standard error is the delta
    method's: the influence of a sample x on the entropy is -<x, log(R) x>, with R the mean of x x'
    in the kernel's feature space. It is .9 to 1.1 times the observed scatter if n is ten times the
    score or more, half of it if the score is near n, and up to 1.6 times it near the cosine
    kernel's maximum, where all directions are equally frequent.

    With the RBF kernel it was .5 to .9 of the scatter, and .03 to .2 with two modes of equal
    weight, where the median distance jumps when other real samples are drawn: give ``bandwidth``.

    How to read it: 1, all samples are the same; m, there are m clusters of identical samples of
    equal size; n, no two are similar. It misleads alone: noise is diverse, so read it together with
    precision. It grows with n, so compare at one n. The cosine kernel is blind to length and has
    at most d directions; non-negative features are all similar to it.

    Args:
        fake: The generator's samples [n, ...].
        real: Real samples [m, ...], for the floor and the bandwidth.
        kernel: The similarity: "cosine", or "rbf".
        bandwidth: h of the RBF kernel, in the unit of the samples.
        seed: The seed of the choice of samples, if not all are used.

    Returns:
        An estimate between 1 and n, without unit. NaN if a fake sample is not finite; ``n`` is the
        number of samples used.

    Raises:
        ValueError: An unknown kernel, no samples, different numbers of coordinates, real samples
            that are not finite, or an RBF kernel with neither bandwidth nor real samples.

    >>> round(vendi(fake=np.eye(5)).value, 6), round(vendi(fake=np.ones((5, 3))).value, 6)
    (5.0, 1.0)
    """
    if kernel not in ("cosine", "rbf"):
        raise ValueError(f'kernel must be "cosine" or "rbf", not {kernel!r}')
    fakes, reals = vectors(fake, "fake"), None
    if real is not None:
        reals, fakes = both_sides(real=real, fake=fake)
    width = _bandwidth(reals, bandwidth, seed) if kernel == "rbf" else None
    n = len(fakes) if width is None else min(len(fakes), MAX_RBF)
    rng = np.random.default_rng(seed)
    floor = None
    if reals is not None and len(reals) >= n:
        matrix, _ = _kernel_matrix(rng.permutation(reals)[:n], width)
        floor = _score(np.asarray(np.linalg.eigvalsh(matrix)))
    if not np.isfinite(fakes).all():
        return Estimate(math.nan, math.nan, floor, n)
    chosen = fakes if n == len(fakes) else rng.permutation(fakes)[:n]
    return Estimate(*_score_and_error(*_kernel_matrix(chosen, width)), floor, n)


def _kernel_matrix(x: Floats, bandwidth: float | None) -> tuple[Floats, Floats | None]:
    """A matrix with the eigenvalues of K / n; and the samples if it is [d, d]."""
    if bandwidth is not None:
        return np.exp(-_squares(x) / (2 * bandwidth**2)) / len(x), None
    x = _directions(x)
    if x.shape[1] < len(x):
        return x.T @ x / len(x), x
    return x @ x.T / len(x), None


def _score(weights: Floats) -> float:
    weights = _shares(weights)
    return math.exp(-float(weights @ _log(weights)))


def _score_and_error(matrix: Floats, x: Floats | None) -> tuple[float, float]:
    values, axes = np.linalg.eigh(matrix)
    weights = _shares(values)
    if x is not None:
        influence = (x @ axes) ** 2 @ _log(weights)
    else:
        influence = len(matrix) * axes**2 @ (weights * _log(weights))
    value = _score(values)
    return value, value * float(influence.std()) / math.sqrt(len(influence))


def _shares(weights: Floats) -> Floats:
    """Eigenvalues without negative rounding errors, normalized to sum 1."""
    weights = np.where(weights > 1e-14, weights, 0.0)
    return np.asarray(weights / weights.sum())


def _log(weights: Floats) -> Floats:
    return np.log(np.where(weights > 0, weights, 1.0))


def _directions(x: Floats) -> Floats:
    """Samples scaled to length 1; those of length 0 share an extra direction."""
    # Scaled first, so that no square overflows or vanishes.
    scale = np.abs(x).max(axis=1, keepdims=True)
    is_zero = scale == 0
    x = x / np.where(is_zero, 1.0, scale)
    x = np.hstack([x, is_zero]) if is_zero.any() else x
    return np.asarray(x / np.linalg.norm(x, axis=1, keepdims=True))


def _squares(x: Floats) -> Floats:
    """The squared distances of all pairs [n, n]."""
    from scipy.spatial.distance import pdist, squareform

    return np.asarray(squareform(pdist(x, "sqeuclidean")))


def _bandwidth(real: Floats | None, bandwidth: float | None, seed: int) -> float:
    if bandwidth is not None:
        if not 0 < bandwidth < math.inf:
            raise ValueError(f"bandwidth = {bandwidth} must be above 0 and finite")
        return float(bandwidth)
    if real is None:
        raise ValueError('kernel="rbf" needs bandwidth=, or real= to compute one')
    subset = np.random.default_rng(seed).permutation(real)[:MEDIAN_OF]
    squares = _squares(subset)[np.triu_indices(len(subset), 1)]
    median = float(np.sqrt(np.median(squares))) if squares.size else 0.0
    if not median:
        raise ValueError(
            "half of the real samples are equal, so the median distance is 0; give bandwidth="
        )
    return median
