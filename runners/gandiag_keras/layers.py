"""A layer of a trained network as Keras' own layers, images with their channels last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from gandiag import UsageError
from gandiag.sampling.part import Part

Stage = tuple[Any, list[Any]]
"""A layer, and the weights to set once it is built."""

NOT_DRAWN = {"kernel_initializer": "zeros"}
"""Weights that are to be set take no random number from the user's program."""


def stages(part: Part, kind: str) -> list[Stage]:
    """The layers that do what a part does, in a row, computing with numbers of a kind.

    Raises:
        UsageError: Keras has no plain layers for it.
    """
    spec: Any = part.layer
    if spec.kind not in BUILDERS:
        raise UsageError(
            f"Keras has no plain layer for {spec.kind!r}; gandiag_torch.modules has one of its own"
        )
    found = BUILDERS[spec.kind](part, kind)
    return [*found, *_activation(spec, kind)] if hasattr(spec, "activation") else found


def beside(x: Any, labels: Any, kind: str) -> Any:
    """One-hot labels [batch, classes] beside features, or as constant channels beside images."""
    if len(x.shape) == 4:
        labels = keras.layers.Reshape((1, 1, labels.shape[1]), dtype=kind)(labels)
        labels = keras.layers.UpSampling2D(x.shape[1:3], dtype=kind)(labels)
    return keras.layers.Concatenate(dtype=kind)([x, labels])


def _dense(part: Part, kind: str) -> list[Stage]:
    weights, *biases = _held(part)
    layer = keras.layers.Dense(len(weights), use_bias=bool(biases), dtype=kind, **NOT_DRAWN)
    return [(layer, [weights.T, *biases])]


def _maxout(part: Part, kind: str) -> list[Stage]:
    """All linear functions, and the largest of those of a unit."""
    units, rows = part.made[0], len(part.arrays["weights"])
    return [
        *_dense(part, kind),
        (keras.layers.Reshape((units, rows // units), dtype=kind), []),
        (keras.layers.Permute((2, 1), dtype=kind), []),
        (keras.layers.GlobalMaxPooling1D(dtype=kind), []),
    ]


def _conv(part: Part, kind: str) -> list[Stage]:
    """A convolution with its zeros set around before, on every backend of Keras alike."""
    pad = keras.layers.ZeroPadding2D(part.margins, dtype=kind)
    return [(pad, []), _filters(part, keras.layers.Conv2D, kind)]


def _conv_transpose(part: Part, kind: str) -> list[Stage]:
    """Its transpose, with what is too much cut off afterwards."""
    cut = keras.layers.Cropping2D(part.margins, dtype=kind)
    return [_filters(part, keras.layers.Conv2DTranspose, kind), (cut, [])]


def _filters(part: Part, layer: Any, kind: str) -> Stage:
    """A layer of filters; for Keras the last axis of a kernel is what its transpose is given."""
    spec: Any = part.layer
    kernel, *biases = _held(part)
    how = {"strides": spec.stride, "use_bias": bool(biases), "dtype": kind} | NOT_DRAWN
    return layer(spec.channels, spec.kernel, **how), [kernel.transpose(2, 3, 1, 0), *biases]


def _batch_norm(part: Part, kind: str) -> list[Stage]:
    spec: Any = part.layer
    names = ["weights", "biases", "mean", "variance"]
    how = {"momentum": spec.decay, "epsilon": spec.epsilon, "scale": spec.scale, "dtype": kind}
    held = [part.arrays[name].ravel() for name in names if name in part.arrays]
    return [(keras.layers.BatchNormalization(**how), held)]


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


def _held(part: Part) -> list[Any]:
    """The weights, and the biases as a row, where there are any."""
    arrays = part.arrays
    return [arrays["weights"], *([arrays["biases"].ravel()] if "biases" in arrays else [])]


def _activation(spec: Any, kind: str) -> list[Stage]:
    if spec.activation == "linear":
        return []
    if spec.activation == "leaky-relu":
        return [(keras.layers.LeakyReLU(spec.slope, dtype=kind), [])]
    return [(keras.layers.Activation(spec.activation, dtype=kind), [])]
