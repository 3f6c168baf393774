"""The Vendi score: how many different samples the generated ones amount to."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, both, vectors

MOST = 2000
"""Up to so many samples the RBF kernel is worked out; the time grows with their cube."""

MEDIAN_OF = 1000
"""Of so many real samples the median distance is taken."""


def vendi(
    *,
    fake: ArrayLike,
    real: ArrayLike | None = None,
    kernel: Literal["cosine", "rbf"] = "cosine",
    bandwidth: float | None = None,
    seed: int = 0,
) -> Estimate:
    """The exponential of the entropy of the eigenvalues of K / n (Friedman and Dieng 2023).

    K [n, n] holds the similarities of the samples, 1 on its diagonal. The cosine kernel's
    eigenvalues are those of a matrix [d, d], so that n may be large. The RBF kernel is
    exp(-|x - y|^2 / (2 h^2)), h being the median distance of real samples if not given; it
    takes 2000 samples at most, chosen at random.

    The floor is the score of as many real samples, where there are as many: with a right
    generator one reads that, and a value *below* it is worth a look. The standard error is the
    delta method's: a sample x adds -<x, log(R) x> to the entropy, R the mean of x x' in the
    kernel's space. Against the scatter seen it reads .9 to 1.1 where n is ten times the score
    or more, and half where the score is near n.

    How to read it: 1, all samples are alike; m, they are m groups of alike ones of equal
    size; n, none is like another. It misleads alone: noise is diverse, so read it beside
    precision. It grows with n, so compare at one n. The cosine kernel is blind to length and
    sees at most d directions; features that are never negative are all alike to it.

    Args:
        fake: The generator's samples [n, ...].
        real: Real samples [m, ...], for the floor and the bandwidth.
        kernel: The similarity: "cosine", or "rbf".
        bandwidth: h of the RBF kernel, in the unit of the samples.
        seed: Which samples are chosen, where not all are taken.

    Returns:
        An estimate between 1 and n. NaN where a fake sample is not finite; ``n`` is the number
        of samples taken.

    Raises:
        ValueError: The kernel is none of the two, the samples are empty or differ in width,
            real ones are not finite, or the RBF kernel has neither bandwidth nor real samples
            to take it from.

    >>> round(vendi(fake=np.eye(5)).value, 6), round(vendi(fake=np.ones((5, 3))).value, 6)
    (5.0, 1.0)
    """
    if kernel not in ("cosine", "rbf"):
        raise ValueError(f'kernel must be "cosine" or "rbf", not {kernel!r}')
    made, known = vectors(fake, "fake"), None
    if real is not None:
        known, made = both(real=real, fake=fake)
    width = _bandwidth(known, bandwidth, seed) if kernel == "rbf" else None
    n = len(made) if width is None else min(len(made), MOST)
    rng = np.random.default_rng(seed)
    floor = None
    if known is not None and len(known) >= n:
        matrix, _ = _compact(rng.permutation(known)[:n], width)
        floor = _score(np.asarray(np.linalg.eigvalsh(matrix)))
    if not np.isfinite(made).all():
        return Estimate(math.nan, math.nan, floor, n)
    chosen = made if n == len(made) else rng.permutation(made)[:n]
    return Estimate(*_score_and_error(*_compact(chosen, width)), floor, n)


def _compact(x: Floats, bandwidth: float | None) -> tuple[Floats, Floats | None]:
    """A matrix of the eigenvalues of K / n, and the samples where it is one of coordinates."""
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
    """Eigenvalues rid of the rounding below 0, of sum 1."""
    weights = np.where(weights > 1e-14, weights, 0.0)
    return np.asarray(weights / weights.sum())


def _log(weights: Floats) -> Floats:
    return np.log(np.where(weights > 0, weights, 1.0))


def _directions(x: Floats) -> Floats:
    """Samples of length 1; those of length 0 have a direction of their own, and are alike."""
    # Scaled first, so that no square overflows or vanishes.
    scale = np.abs(x).max(axis=1, keepdims=True)
    nothing = scale == 0
    x = x / np.where(nothing, 1.0, scale)
    x = np.hstack([x, nothing]) if nothing.any() else x
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
        raise ValueError('kernel="rbf" needs real= to take a bandwidth from, or bandwidth=')
    some = np.random.default_rng(seed).permutation(real)[:MEDIAN_OF]
    squares = _squares(some)[np.triu_indices(len(some), 1)]
    median = float(np.sqrt(np.median(squares))) if squares.size else 0.0
    if not median:
        raise ValueError("half the real samples are alike, at distance 0; give bandwidth=")
    return median
