"""The same cases for the operations of NumPy and of every framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

KERNELS = [(3, 1), (5, 2), (4, 2), (2, 2), (1, 1), (5, 3)]
"""Side and stride; with images of 7 × 8 the zeros are even and odd, and none."""

UNARY = ("abs", "exp", "floor", "tanh", "sigmoid", "softplus", "relu", "elu", "isfinite",
         "zeros_like")  # fmt: skip


def cases(ops: Any, tensor: Callable[[NDArray[Any]], Any]) -> dict[str, Any]:
    """What every operation makes of the same numbers."""
    rng = np.random.default_rng(7)
    a, b, image = (
        tensor(3 * rng.standard_normal(shape)) for shape in ((2, 3, 5), (2, 5, 4), (2, 3, 7, 8, 6))
    )
    found = {name: getattr(ops, name)(a) for name in UNARY}
    found |= {name: getattr(ops, name)(ops.abs(a)) for name in ("sqrt", "log")}
    found |= {name: getattr(ops, name)(a, 0.3 * a - 1) for name in ("minimum", "maximum")}
    found |= {
        "matmul": ops.matmul(a, b),
        "transpose": ops.transpose(a),
        "reshape": ops.reshape(a, (-1, 15)),
        "split": ops.split(a, [1, 2])[1],
        "concat": ops.concat([a, 2 * a], 1),
        "repeat_last": ops.repeat_last(a[..., :1], 4),
        "mean": ops.mean(a, (0, 2)),
        "sum": ops.sum(a, (0, 2)),
        "max": ops.max(a, 1),
        "to_float": ops.to_float(a > 0, a),
        "where": ops.where(a > 0, a, 2 * a),
        "clip": ops.clip(a, -1.0, 2.0),
        "stop_gradient": ops.stop_gradient(a),
        "power": ops.power(0.7, a),
        "leaky_relu": ops.leaky_relu(a, 0.3),
    }
    for side, stride in KERNELS:
        kernel = tensor(rng.standard_normal((2, 4, 3, side, side)))
        made = ops.conv(image, kernel, stride)
        found[f"conv_{side}_{stride}"] = made
        found[f"conv_transpose_{side}_{stride}"] = ops.conv_transpose(made, kernel, stride, (7, 8))
    return found
