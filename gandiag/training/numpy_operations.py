"""The array operations of the GAN mathematics in NumPy: no framework is needed.

There are no gradients: this runs trained networks, and the reference of `gandiag.testing`. NumPy
warns of a log of 0 or an overflow where frameworks do not; the caller may silence it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Axes = int | tuple[int, ...]

abs = np.abs
concat = np.concatenate
exp = np.exp
floor = np.floor
isfinite = np.isfinite
log = np.log
matmul = np.matmul
maximum = np.maximum
minimum = np.minimum
power = np.power
reshape = np.reshape
sqrt = np.sqrt
tanh = np.tanh
where = np.where
zeros_like = np.zeros_like
clip = np.clip
max = np.max
all = np.all
sum = np.sum


def mean(a: Array, axis: Axes) -> Array:
    """The mean over axes, which stay with length 1."""
    return np.asarray(np.mean(a, axis, keepdims=True))


def split(a: Array, sizes: Sequence[int]) -> Sequence[Array]:
    """Cuts axis 1 into pieces of the given sizes."""
    return np.split(a, np.cumsum(sizes)[:-1], axis=1)


def repeat_last(a: Array, count: int) -> Array:
    """Repeats an array whose last axis has length 1."""
    return np.repeat(a, count, axis=-1)


def to_float(a: Array, like: Array) -> Array:
    """Booleans or counts as numbers of the type of ``like``."""
    return a.astype(like.dtype)


def transpose(a: Array) -> Array:
    """Swaps the last two axes."""
    return np.swapaxes(a, -1, -2)


def stop_gradient(a: Array) -> Array:
    """The same values; nothing has a gradient here."""
    return a


def softplus(a: Array) -> Array:
    """log(1 + exp(a)), without overflow."""
    return np.asarray(np.logaddexp(0.0, a))


def sigmoid(a: Array) -> Array:
    """1 / (1 + exp(-a)), without overflow."""
    return np.asarray(np.exp(-softplus(-a)))


def relu(a: Array) -> Array:
    """The larger of ``a`` and 0."""
    return np.asarray(np.maximum(a, 0.0))


def leaky_relu(a: Array, slope: float) -> Array:
    """``a`` where it is positive, else ``slope`` times ``a``."""
    return np.where(a > 0, a, slope * a)


def elu(a: Array) -> Array:
    """``a`` where it is positive, else exp(a) - 1."""
    return np.where(a > 0, a, np.expm1(np.minimum(a, 0.0)))


def conv(x: Array, kernel: Array, stride: int) -> Array:
    """A cross-correlation padded as TensorFlow's SAME, as one product of matrices a lane."""
    side, batch = kernel.shape[-1], x.shape[-1]
    rows, columns = (padding(length, side, stride) for length in x.shape[2:4])
    padded = np.pad(x, ((0, 0), (0, 0), rows, columns, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), (2, 3))
    windows = windows[:, :, ::stride, ::stride]  # [lane, channel, height, width, batch, i, j]
    lanes, channels, height, width = windows.shape[:4]
    patches = windows.transpose(0, 1, 5, 6, 2, 3, 4).reshape(lanes, channels * side * side, -1)
    made = kernel.reshape(lanes, kernel.shape[1], -1) @ patches
    return np.asarray(made.reshape(lanes, kernel.shape[1], height, width, batch))


def conv_transpose(x: Array, kernel: Array, stride: int, sides: tuple[int, int]) -> Array:
    """The transpose of `conv`: the parts of every patch are added up where they came from."""
    lanes, inputs, height, width, batch = x.shape
    outputs, side = kernel.shape[2], kernel.shape[-1]
    parts = transpose(kernel.reshape(lanes, inputs, -1)) @ x.reshape(lanes, inputs, -1)
    parts = parts.reshape(lanes, outputs, side, side, height, width, batch)
    down, right = ((length - 1) * stride + 1 for length in (height, width))
    full = np.zeros((lanes, outputs, down + side - 1, right + side - 1, batch), parts.dtype)
    for i, j in np.ndindex(side, side):
        full[:, :, i : i + down : stride, j : j + right : stride] += parts[:, :, i, j]
    top, left = (padding(length, side, stride)[0] for length in sides)
    return full[:, :, top : top + sides[0], left : left + sides[1]]


def padding(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """How many zeros pad a side before and behind: SAME puts an odd one behind.

    >>> padding(28, 5, 2)
    (1, 2)
    """
    total = (-(-side // stride) - 1) * stride + kernel - side
    total = total if total > 0 else 0
    return total // 2, total - total // 2
