"""Converts the samples passed to a metric to one form: samples on the first axis, float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.arrays import to_numpy

Floats = NDArray[np.float64]


def scalars(samples: ArrayLike, name: str) -> NDArray[Any]:
    """Samples of one coordinate [n]; float32 and float64 keep their dtype.

    Args:
        samples: Samples [n] or [n, 1], of any framework.
        name: Their name in error messages.

    Raises:
        ValueError: There are no samples, or they have more than one coordinate.

    >>> scalars([[1.0], [2.0]], "fake")
    array([1., 2.])
    """
    array = to_numpy(samples)
    if array.ndim > 1 and array.shape[0] == array.size > 0:
        array = array.reshape(-1)
    if array.ndim != 1 or not array.size:
        raise ValueError(
            f"{name} must be samples of one coordinate [n] or [n, 1] with n >= 1, not of shape "
            f"{array.shape}; for several coordinates there are sliced_wasserstein, mmd and frechet"
        )
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def vectors(samples: ArrayLike, name: str, least: int = 1) -> Floats:
    """Samples as vectors [n, d]: numbers become d = 1, images are flattened.

    Args:
        samples: Samples [n], [n, d] or [n, ...], of any framework.
        name: Their name in error messages.
        least: The smallest allowed number of samples.

    Raises:
        ValueError: There are fewer samples, or they have no coordinate.

    >>> vectors(np.zeros((5, 28, 28)), "fake").shape
    (5, 784)
    """
    array = to_numpy(samples)
    n = len(array) if array.ndim else 0
    if n < least or not array.size:
        raise ValueError(
            f"{name} must be samples on the first axis [n, ...] with n >= {least}, not of shape "
            f"{array.shape}"
        )
    return np.ascontiguousarray(array.reshape(n, -1), dtype=np.float64)


def both_sides(*, real: ArrayLike, fake: ArrayLike, least: int = 1) -> tuple[Floats, Floats]:
    """The two sides of a comparison as vectors with the same number of coordinates.

    Args:
        real: Real samples [m, ...].
        fake: The generator's samples [n, ...].
        least: The smallest allowed number of samples on each side.

    Returns:
        The real [m, d] and the fake samples [n, d]. Fake samples may be not finite: metrics return
        NaN for them, as a generator may diverge.

    Raises:
        ValueError: Too few samples, different numbers of coordinates, 8-bit integers on one side
            and floats on the other, or real samples that are not finite.

    >>> real, fake = both_sides(real=[1, 2, 3], fake=[1.5])
    >>> real.shape, fake.shape
    ((3, 1), (1, 1))
    """
    arrays = {"real": to_numpy(real), "fake": to_numpy(fake)}
    one_is_8_bit = (arrays["real"].dtype == np.uint8) != (arrays["fake"].dtype == np.uint8)
    if one_is_8_bit and any(array.dtype.kind == "f" for array in arrays.values()):
        types = " and ".join(f"{name} {array.dtype}" for name, array in arrays.items())
        raise ValueError(
            f"one side is 8-bit integers, the other floats ({types}); scale them alike"
        )
    reals = vectors(arrays["real"], "real", least)
    fakes = vectors(arrays["fake"], "fake", least)
    if reals.shape[1] != fakes.shape[1]:
        raise ValueError(
            f"real has {reals.shape[1]} coordinates a sample and fake has {fakes.shape[1]} (shapes "
            f"{arrays['real'].shape} and {arrays['fake'].shape}); reshape them alike"
        )
    if not np.isfinite(reals).all():
        raise ValueError("real has samples that are NaN or infinite; drop them first")
    return reals, fakes
