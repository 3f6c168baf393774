"""Converts a layer of a trained network to Keras' own layers, with channels last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from gandiag import UsageError
from gandiag.sampling.part import Part

Stage = tuple[Any, list[Any]]
"""A layer of Keras, and the weights to set once it is built."""

ZEROS = {"kernel_initializer": "zeros"}
"""Weights that will be set need no random numbers, which belong to the user's program."""


def stages(part: Part, kind: str) -> list[Stage]:
    """The layers that together compute what a part computes, in a floating-point type.

    Raises:
        UsageError: Keras has no plain layers for it.
    """
    spec: Any = part.layer
    if spec.kind not in BUILDERS:
        raise UsageError(
            f"Keras has no plain layer for {spec.kind!r}; gandiag_torch.modules has one of its own"
        )
    layers = BUILDERS[spec.kind](part, kind)
    return [*layers, *_activation(spec, kind)] if hasattr(spec, "activation") else layers


def append_labels(x: Any, labels: Any, kind: str) -> Any:
    """Appends one-hot labels [batch, classes]: as features, or to images as constant channels."""
    if len(x.shape) == 4:
        labels = keras.layers.Reshape((1, 1, labels.shape[1]), dtype=kind)(labels)
        labels = keras.layers.UpSampling2D(x.shape[1:3], dtype=kind)(labels)
    return keras.layers.Concatenate(dtype=kind)([x, labels])


def _dense(part: Part, kind: str) -> list[Stage]:
    weights, *biases = _arrays(part)
    layer = keras.layers.Dense(len(weights), use_bias=bool(biases), dtype=kind, **ZEROS)
    return [(layer, [weights.T, *biases])]


def _maxout(part: Part, kind: str) -> list[Stage]:
    """All linear functions, and the maximum of those of each unit."""
    units, rows = part.made[0], len(part.arrays["weights"])
    return [
        *_dense(part, kind),
        (keras.layers.Reshape((units, rows // units), dtype=kind), []),
        (keras.layers.Permute((2, 1), dtype=kind), []),
        (keras.layers.GlobalMaxPooling1D(dtype=kind), []),
    ]


def _conv(part: Part, kind: str) -> list[Stage]:
    """A convolution after explicit padding, the same on every backend of Keras."""
    pad = keras.layers.ZeroPadding2D(part.margins, dtype=kind)
    return [(pad, []), _filters(part, keras.layers.Conv2D, kind)]


def _conv_transpose(part: Part, kind: str) -> list[Stage]:
    """A transposed convolution, and a crop to the right size."""
    cut = keras.layers.Cropping2D(part.margins, dtype=kind)
    return [_filters(part, keras.layers.Conv2DTranspose, kind), (cut, [])]


def _filters(part: Part, layer: Any, kind: str) -> Stage:
    """A layer of filters; Keras has the kernel's axes in reverse order."""
    spec: Any = part.layer
    kernel, *biases = _arrays(part)
    options = {"strides": spec.stride, "use_bias": bool(biases), "dtype": kind} | ZEROS
    return layer(spec.channels, spec.kernel, **options), [kernel.transpose(2, 3, 1, 0), *biases]


def _batch_norm(part: Part, kind: str) -> list[Stage]:
    spec: Any = part.layer
    names = ["weights", "biases", "mean", "variance"]
    options = {"momentum": spec.decay, "epsilon": spec.epsilon, "scale": spec.scale, "dtype": kind}
    arrays = [part.arrays[name].ravel() for name in names if name in part.arrays]
    return [(keras.layers.BatchNormalization(**options), arrays)]


def _reshape(part: Part, kind: str) -> list[Stage]:
    before = _flatten(part, kind) if len(part.given) == 3 else []
    return [
        *before,
        (keras.layers.Reshape(part.made, dtype=kind), []),
        (keras.layers.Permute((2, 3, 1), dtype=kind), []),
    ]


def _flatten(part: Part, kind: str) -> list[Stage]:
    flat: list[Stage] = [(keras.layers.Flatten(dtype=kind), [])]
    if len(part.given) == 1:
        return flat
    return [(keras.layers.Permute((3, 1, 2), dtype=kind), []), *flat]


BUILDERS: dict[str, Callable[[Part, str], list[Stage]]] = {
    "dense": _dense,
    "maxout": _maxout,
    "conv": _conv,
    "conv-transpose": _conv_transpose,
    "batch-norm": _batch_norm,
    "reshape": _reshape,
    "flatten": _flatten,
}


def _arrays(part: Part) -> list[Any]:
    """The weights, and the biases as a vector, if there are any."""
    arrays = part.arrays
    return [arrays["weights"], *([arrays["biases"].ravel()] if "biases" in arrays else [])]


def _activation(spec: Any, kind: str) -> list[Stage]:
    if spec.activation == "linear":
        return []
    if spec.activation == "leaky-relu":
        return [(keras.layers.LeakyReLU(spec.slope, dtype=kind), [])]
    return [(keras.layers.Activation(spec.activation, dtype=kind), [])]
