"""What a metric is handed, brought to one form: samples on the first axis, float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.arrays import to_numpy

Floats = NDArray[np.float64]


def line(samples: ArrayLike, name: str) -> NDArray[Any]:
    """Samples of one coordinate, [n], of the float type that came where it is one.

    Args:
        samples: Samples [n] or [n, 1], of any framework.
        name: What to call them in an error.

    Raises:
        ValueError: There is none, or they have more than one coordinate.

    >>> line([[1.0], [2.0]], "fake")
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
    """Samples as vectors [n, d]: numbers become d = 1, images are laid out flat.

    Args:
        samples: Samples [n], [n, d] or [n, ...], of any framework.
        name: What to call them in an error.
        least: How many are needed at least.

    Raises:
        ValueError: There are fewer, or they have no coordinate.

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


def both(*, real: ArrayLike, fake: ArrayLike, least: int = 1) -> tuple[Floats, Floats]:
    """The two sides of a comparison as vectors of one width.

    Args:
        real: Real samples [m, ...].
        fake: The generator's samples [n, ...].
        least: How many of each are needed at least.

    Returns:
        The real [m, d] and the fake ones [n, d]. Fake ones that are not finite pass: a metric
        answers NaN to them, for a generator that diverges is an outcome.

    Raises:
        ValueError: Too few, of different width, one side 8-bit images and the other floats, or
            real samples that are not finite.

    >>> real, fake = both(real=[1, 2, 3], fake=[1.5])
    >>> real.shape, fake.shape
    ((3, 1), (1, 1))
    """
    kinds = {"real": to_numpy(real), "fake": to_numpy(fake)}
    one_is_8_bit = (kinds["real"].dtype == np.uint8) != (kinds["fake"].dtype == np.uint8)
    if one_is_8_bit and any(array.dtype.kind == "f" for array in kinds.values()):
        types = " and ".join(f"{name} {array.dtype}" for name, array in kinds.items())
        raise ValueError(
            f"one side is 8-bit integers, the other floats ({types}); scale them alike"
        )
    known = vectors(kinds["real"], "real", least)
    made = vectors(kinds["fake"], "fake", least)
    if known.shape[1] != made.shape[1]:
        raise ValueError(
            f"real has {known.shape[1]} coordinates a sample and fake has {made.shape[1]} (shapes "
            f"{kinds['real'].shape} and {kinds['fake'].shape}); bring them to one form"
        )
    if not np.isfinite(known).all():
        raise ValueError("real holds samples that are NaN or infinite; drop them first")
    return known, made
