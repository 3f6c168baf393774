"""The array operations of the GAN mathematics, as TensorFlow's own functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf

Product = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""A product of matrices over the last two axes."""

abs = tf.abs
elu = tf.nn.elu
exp = tf.exp
floor = tf.floor
isfinite = tf.math.is_finite
log = tf.math.log
matmul = tf.matmul
relu = tf.nn.relu
reshape = tf.reshape
sigmoid = tf.sigmoid
softplus = tf.nn.softplus
stop_gradient = tf.stop_gradient
sqrt = tf.sqrt
tanh = tf.tanh
where = tf.where
zeros_like = tf.zeros_like


def clip(a: tf.Tensor, low: float, high: float) -> tf.Tensor:
    """``a`` brought between two constants, NaN where it is NaN; XLA's own may forget a NaN."""
    low, high = tf.constant(low, a.dtype), tf.constant(high, a.dtype)
    return tf.where(a < low, low, tf.where(a > high, high, a))


def concat(arrays: Sequence[tf.Tensor], axis: int) -> tf.Tensor:
    """Joins arrays along an axis."""
    return tf.concat(arrays, axis)


def conv(x: tf.Tensor, kernel: tf.Tensor, stride: int, product: Product = tf.matmul) -> tf.Tensor:
    """A cross-correlation padded as SAME, as one product of matrices a lane.

    XLA's own convolution on a CPU, and its gradients above all, took ten times as long.
    """
    height, width = (-(-side // stride) for side in x.shape[2:4])
    padded = _padded(x, kernel.shape[-1], stride)
    patches = [
        _part(padded, i, j, (height, width), stride)
        for i in range(kernel.shape[-1])
        for j in range(kernel.shape[-1])
    ]
    columns = tf.reshape(tf.stack(patches, 2), (x.shape[0], -1, height * width * x.shape[-1]))
    rows = tf.reshape(kernel, (x.shape[0], kernel.shape[1], -1))
    return tf.reshape(
        product(rows, columns), (x.shape[0], kernel.shape[1], height, width, x.shape[-1])
    )


def conv_transpose(
    x: tf.Tensor,
    kernel: tf.Tensor,
    stride: int,
    sides: tuple[int, int],
    product: Product = tf.matmul,
) -> tf.Tensor:
    """The transpose of `conv`: the parts of every patch go back to where they came from."""
    lanes, inputs, height, width, batch = x.shape
    side = kernel.shape[-1]
    rows = tf.reshape(kernel, (lanes, inputs, -1))
    flat = tf.reshape(x, (lanes, inputs, -1))
    parts = tf.reshape(
        product(tf.linalg.matrix_transpose(rows), flat),
        (lanes, kernel.shape[2], side * side, height, width, batch),
    )
    full = [_full(h, side, stride) for h in sides]
    made = tf.add_n(
        [
            _spread(parts[:, :, i * side + j], i, j, full, stride)
            for i in range(side)
            for j in range(side)
        ]
    )
    top, left = (_padding(h, side, stride)[0] for h in sides)
    return made[:, :, top : top + sides[0], left : left + sides[1]]


def leaky_relu(a: tf.Tensor, slope: float) -> tf.Tensor:
    """``a`` where it is positive, else ``slope`` times ``a``; TensorFlow's rounds the slope."""
    return tf.where(a > 0, a, slope * a)


def max(a: tf.Tensor, axis: int) -> tf.Tensor:
    """The largest over an axis, which vanishes; the gradient is shared by equal ones."""
    return tf.reduce_max(a, axis)


def maximum(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """The larger of two, NaN where either is; XLA's own may forget a NaN."""
    return tf.where(tf.math.is_nan(b), b, tf.where(tf.math.is_nan(a), a, tf.maximum(a, b)))


def mean(a: tf.Tensor, axis: int | tuple[int, ...]) -> tf.Tensor:
    """The mean over axes, which stay with length 1."""
    return tf.reduce_mean(a, axis, keepdims=True)


def minimum(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """The smaller of two, NaN where either is; XLA's own may forget a NaN."""
    return tf.where(tf.math.is_nan(b), b, tf.where(tf.math.is_nan(a), a, tf.minimum(a, b)))


def power(a: float, b: tf.Tensor) -> tf.Tensor:
    """A constant to the power of an array."""
    return tf.pow(tf.constant(a, b.dtype), b)


def repeat_last(a: tf.Tensor, count: int) -> tf.Tensor:
    """Repeats an array whose last axis has length 1."""
    return tf.repeat(a, count, axis=-1)


def split(a: tf.Tensor, sizes: Sequence[int]) -> Sequence[tf.Tensor]:
    """Cuts axis 1 into pieces of the given sizes."""
    pieces: Sequence[tf.Tensor] = tf.split(a, list(sizes), axis=1)
    return pieces


def sum(a: tf.Tensor, axis: int | tuple[int, ...]) -> tf.Tensor:
    """The sum over axes, which vanish."""
    return tf.reduce_sum(a, axis)


def to_float(a: tf.Tensor, like: tf.Tensor) -> tf.Tensor:
    """Booleans or counts as numbers of the type of ``like``."""
    return tf.cast(a, like.dtype)


def transpose(a: tf.Tensor) -> tf.Tensor:
    """Swaps the last two axes."""
    return tf.linalg.matrix_transpose(a)


def _padding(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """How many zeros pad a side before and behind: SAME puts an odd one behind."""
    total = (-(-side // stride) - 1) * stride + kernel - side
    total = total if total > 0 else 0
    return total // 2, total - total // 2


def _full(side: int, kernel: int, stride: int) -> int:
    before, behind = _padding(side, kernel, stride)
    return side + before + behind


def _padded(x: tf.Tensor, kernel: int, stride: int) -> tf.Tensor:
    rows, columns = (_padding(side, kernel, stride) for side in x.shape[2:4])
    return tf.pad(x, ((0, 0), (0, 0), rows, columns, (0, 0)))


def _part(x: tf.Tensor, i: int, j: int, sides: tuple[int, int], stride: int) -> tf.Tensor:
    """The value at row i and column j of every patch, [lane, channel, height, width, batch]."""
    down, right = ((side - 1) * stride + 1 for side in sides)
    return x[:, :, i : i + down : stride, j : j + right : stride]


def _spread(part: tf.Tensor, i: int, j: int, full: list[int], stride: int) -> tf.Tensor:
    """The transpose of `_part`."""
    lanes, channels, height, width, batch = part.shape
    down, right = ((side - 1) * stride + 1 for side in (height, width))
    return tf.raw_ops.StridedSliceGrad(
        shape=(lanes, channels, *full, batch),
        begin=(0, 0, i, j, 0),
        end=(lanes, channels, i + down, j + right, batch),
        strides=(1, 1, stride, stride, 1),
        dy=part,
    )
