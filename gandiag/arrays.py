"""Converts arrays of any framework to NumPy: the only place that touches a framework's tensors.

No framework is imported; tensors are recognised by their methods.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_numpy(value: Any) -> NDArray[Any]:
    """An array on the host, from any of these: NumPy, PyTorch, TensorFlow, JAX, pandas, a list.

    A tensor that requires a gradient is detached, one on a GPU is fetched, and a type that NumPy
    does not know (bfloat16) becomes float32. Copies only if necessary.

    Args:
        value: Anything with ``__array__`` or DLPack, or that NumPy reads as numbers.

    Returns:
        The array, of bools, integers or floats.

    Raises:
        ValueError: It contains no numbers, or its rows are of different lengths.

    >>> to_numpy([1, 2]).dtype.kind
    'i'
    """
    if hasattr(value, "detach"):  # PyTorch, on any device
        value = value.detach().cpu()
    try:
        array = _read(value)
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        raise ValueError(f"cannot read {type(value).__name__} as numbers: {error}") from None
    if array.dtype.kind not in "biuf":
        array = _as_floats(array, value)
    return array


def _read(value: Any) -> NDArray[Any]:
    if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
        return _from_dlpack(value)
    try:
        return np.asarray(value)
    except TypeError:
        if hasattr(value, "float"):  # PyTorch's bfloat16
            return np.asarray(value.float())
        if hasattr(value, "__dlpack__"):  # NumPy cannot read from a GPU directly
            return _from_dlpack(value)
        raise


def _from_dlpack(value: Any) -> NDArray[Any]:
    try:
        return np.from_dlpack(value, device="cpu")
    except TypeError:  # NumPy 2.0, or a value of DLPack's first version: neither accepts `device=`
        return np.from_dlpack(value)


def _as_floats(array: NDArray[Any], value: Any) -> NDArray[Any]:
    """Numbers of a type that NumPy has no dtype for: bfloat16 of TensorFlow and JAX, or objects."""
    what = f"{type(value).__name__} of {array.dtype}"
    has_text = array.dtype.kind == "O" and any(isinstance(x, str | bytes) for x in array.flat)
    if array.dtype.kind not in "OV" or array.dtype.names or has_text:
        raise ValueError(f"cannot read {what} as real numbers")
    try:
        return array.astype(np.float32 if array.dtype.kind == "V" else np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"cannot read {what} as real numbers") from None
