"""The operations with the factors of every product rounded to bfloat16."""

from __future__ import annotations

from types import SimpleNamespace

import tensorflow as tf

from gandiag_tensorflow import operations


def matmul(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """The matrix product over the last two axes."""
    return tf.cast(tf.matmul(_short(a), _short(b)), a.dtype)


def conv(x: tf.Tensor, kernel: tf.Tensor, stride: int) -> tf.Tensor:
    """A cross-correlation."""
    return tf.cast(operations.conv(_short(x), _short(kernel), stride), x.dtype)


def conv_transpose(
    x: tf.Tensor, kernel: tf.Tensor, stride: int, sides: tuple[int, int]
) -> tf.Tensor:
    """The transpose of `conv`."""
    made = operations.conv_transpose(_short(x), _short(kernel), stride, sides)
    return tf.cast(made, x.dtype)


def _short(a: tf.Tensor) -> tf.Tensor:
    return tf.cast(a, tf.bfloat16)


OPERATIONS = SimpleNamespace(
    **{
        **vars(operations),
        "matmul": matmul,
        "conv": conv,
        "conv_transpose": conv_transpose,
    }
)
"""All of them."""
