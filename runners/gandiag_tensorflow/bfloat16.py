"""The operations with every product rounded to bfloat16, its factors and its result.

Within a product the processor sums in float32, and so are the parts of a transposed convolution.
"""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import tensorflow as tf

from gandiag_tensorflow import operations


def matmul(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """The matrix product over the last two axes."""
    short = tf.matmul(tf.cast(a, tf.bfloat16), tf.cast(b, tf.bfloat16))
    return tf.cast(short, a.dtype)


OPERATIONS = SimpleNamespace(
    **{
        **vars(operations),
        "matmul": matmul,
        "conv": partial(operations.conv, product=matmul),
        "conv_transpose": partial(operations.conv_transpose, product=matmul),
    }
)
"""All operations, those with a product rounded."""
