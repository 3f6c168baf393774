"""The array operations of the GAN mathematics, as TensorFlow's own functions."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

exp = tf.exp
floor = tf.floor
isfinite = tf.math.is_finite
log = tf.math.log
matmul = tf.matmul
relu = tf.nn.relu
reshape = tf.reshape
sigmoid = tf.sigmoid
softplus = tf.nn.softplus
sqrt = tf.sqrt
tanh = tf.tanh
where = tf.where
zeros_like = tf.zeros_like


def all(a: tf.Tensor, axis: int) -> tf.Tensor:
    """Whether all are true, over an axis, which vanishes."""
    return tf.reduce_all(a, axis)


def concat(arrays: Sequence[tf.Tensor], axis: int) -> tf.Tensor:
    """Joins arrays along an axis."""
    return tf.concat(arrays, axis)


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
