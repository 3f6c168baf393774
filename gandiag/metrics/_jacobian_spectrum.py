"""The eigenvalues that decide whether the game turns, settles or runs away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.arrays import to_numpy
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats

DENSE = 1000
"""Up to how many parameters the whole Jacobian is made."""

SOUGHT = 20
"""How many eigenvalues are looked for beyond, unless said."""


def jacobian_spectrum(
    *, jvp: Callable[[Any], ArrayLike], size: int, k: int | None = None, seed: int = 0
) -> Estimate:
    """The eigenvalues of the Jacobian of the game's vector field v = (-grad_d L_d, -grad_g L_g).

    Up to 1000 parameters without ``k`` they are all computed, from ``size`` products with the
    unit vectors. Otherwise Arnoldi's method (ARPACK) finds the k of the largest magnitude; what
    does not converge is NaN and stands last.

    How to read it: simultaneous gradient descent with step h multiplies an eigenvector by
    1 + h lambda. A real part above 0 drives the players away from an equilibrium, one below
    draws them in, and the imaginary part turns them, once in 2 pi / |imag| units of h steps; it
    settles for h < -2 real / |lambda|^2 only (Mescheder et al. 2017). The Dirac-GAN has +-i / 2,
    which diverges at every step. It misleads away from an equilibrium, where the field itself
    is not 0; on a small batch, whose Jacobian is not the mean one; and for momentum or Adam,
    whose map is another.

    Args:
        jvp: The product of the Jacobian with v [size], of shape [size]; as of
            ``Engine.field_jvp``.
        size: The number of parameters of both players.
        k: How many eigenvalues; None for all, or for 20 of more than 1000.
        seed: Of the start of Arnoldi's method.

    Returns:
        An estimate whose value is complex [k], by falling real part, then imaginary part. There
        is no standard error: on its batch it is exact. NaN where the products are NaN.

    Raises:
        ValueError: ``size`` or ``k`` is below 1, ``k`` above ``size``, or a product of another
            shape.

    >>> jacobian_spectrum(jvp=lambda v: [-v[0] - v[1], v[0] - v[1]], size=2).value
    array([-1.+1.j, -1.-1.j])
    """
    if size < 1 or not 1 <= (1 if k is None else k) <= size:
        raise ValueError(f"k must be from 1 to size, and size at least 1; not k={k}, size={size}")

    def product(v: Floats) -> Floats:
        moved = to_numpy(jvp(v)).astype(np.float64)
        if moved.shape != (size,):
            raise ValueError(f"jvp must give numbers of shape {(size,)}, not {moved.shape}")
        return moved

    if k is None and size > DENSE:
        k = SOUGHT
    # ARPACK finds no more than size - 2 of a real matrix.
    if k is None or k > size - 2:
        found = _all(product, size)[:k]
    else:
        found = _largest(product, size, k, seed)
    # Rounding must not decide which of a pair stands first.
    return Estimate(found[np.lexsort((-found.imag, -found.real.round(12)))])


def _all(product: Callable[[Floats], Floats], size: int) -> NDArray[np.complex128]:
    """All eigenvalues, by falling magnitude."""
    matrix = np.stack([product(row) for row in np.eye(size)], axis=1)
    if not np.isfinite(matrix).all():
        return np.full(size, complex(np.nan, np.nan))
    found = np.linalg.eigvals(matrix).astype(np.complex128)
    return found[np.argsort(-np.abs(found), kind="stable")]


def _largest(
    product: Callable[[Floats], Floats], size: int, k: int, seed: int
) -> NDArray[np.complex128]:
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigs

    start = np.random.default_rng(seed).standard_normal(size)
    found = np.full(k, complex(np.nan, np.nan))
    if not np.isfinite(product(start)).all():
        return found
    operator = LinearOperator((size, size), matvec=product, dtype=np.float64)
    try:
        values: NDArray[Any] = eigs(operator, k, v0=start, return_eigenvectors=False)
    except ArpackNoConvergence as error:
        values = error.eigenvalues[:k]
    found[: len(values)] = values
    return found
