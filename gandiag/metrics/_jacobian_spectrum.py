"""The eigenvalues that decide whether the game rotates, converges or diverges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.arrays import to_numpy
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats

DENSE = 1000
"""Up to this many parameters the full Jacobian is computed."""

DEFAULT_K = 20
"""The default number of eigenvalues beyond that."""


def jacobian_spectrum(
    *, jvp: Callable[[Any], ArrayLike], size: int, k: int | None = None, seed: int = 0
) -> Estimate:
    """The eigenvalues of the Jacobian of the game's vector field v = (-grad_d L_d, -grad_g L_g).

    Up to 1000 parameters without ``k`` they are all computed, from ``size`` products with the
    unit vectors. Otherwise Arnoldi's method (ARPACK) finds the k of largest magnitude; those that
    do not converge are NaN and come last.

    How to read it: simultaneous gradient descent with step h multiplies an eigenvector by
    1 + h lambda. A real part above 0 drives the players away from an equilibrium, one below 0
    pulls them towards it, and the imaginary part rotates them, once per 2 pi / (h |imag|) steps; it
    converges only if h < -2 real / |lambda|^2 (Mescheder et al. 2017). The Dirac-GAN has +-i / 2,
    which diverges at every step size. It misleads away from an equilibrium, where the field itself
    is not 0; on a small batch, whose Jacobian is not the mean one; and for momentum or Adam,
    which iterate another map.

    Args:
        jvp: The product of the Jacobian with v [size], of shape [size]; for instance
            ``Engine.field_jvp``.
        size: The number of parameters of both players.
        k: The number of eigenvalues; None for all, or for 20 beyond 1000 parameters.
        seed: The seed of the start vector of Arnoldi's method.

    Returns:
        An estimate whose value is complex [k], in descending order of real, then imaginary part.
        There is no standard error: on its batch it is exact. NaN if the products are NaN.

    Raises:
        ValueError: ``size`` or ``k`` is below 1, ``k`` is above ``size``, or a product has another
            shape.

    >>> jacobian_spectrum(jvp=lambda v: [-v[0] - v[1], v[0] - v[1]], size=2).value
    array([-1.+1.j, -1.-1.j])
    """
    if size < 1 or not 1 <= (1 if k is None else k) <= size:
        raise ValueError(f"k must be from 1 to size, and size at least 1; not k={k}, size={size}")

    def product(v: Floats) -> Floats:
        image = to_numpy(jvp(v)).astype(np.float64)
        if image.shape != (size,):
            raise ValueError(f"jvp must return shape {(size,)}, not {image.shape}")
        return image

    if k is None and size > DENSE:
        k = DEFAULT_K
    # ARPACK finds no more than size - 2 of a real matrix.
    if k is None or k > size - 2:
        eigenvalues = _all(product, size)[:k]
    else:
        eigenvalues = _largest(product, size, k, seed)
    # Rounding must not decide the order of a conjugate pair.
    return Estimate(eigenvalues[np.lexsort((-eigenvalues.imag, -eigenvalues.real.round(12)))])


def _all(product: Callable[[Floats], Floats], size: int) -> NDArray[np.complex128]:
    """All eigenvalues, in descending order of magnitude."""
    matrix = np.stack([product(row) for row in np.eye(size)], axis=1)
    if not np.isfinite(matrix).all():
        return np.full(size, complex(np.nan, np.nan))
    eigenvalues = np.linalg.eigvals(matrix).astype(np.complex128)
    return eigenvalues[np.argsort(-np.abs(eigenvalues), kind="stable")]


def _largest(
    product: Callable[[Floats], Floats], size: int, k: int, seed: int
) -> NDArray[np.complex128]:
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigs

    start = np.random.default_rng(seed).standard_normal(size)
    eigenvalues = np.full(k, complex(np.nan, np.nan))
    if not np.isfinite(product(start)).all():
        return eigenvalues
    operator = LinearOperator((size, size), matvec=product, dtype=np.float64)
    try:
        values: NDArray[Any] = eigs(operator, k, v0=start, return_eigenvectors=False)
    except ArpackNoConvergence as error:
        values = error.eigenvalues[:k]
    eigenvalues[: len(values)] = values
    return eigenvalues
