"""The frameworks' own layers: from weights and input of a lane, in NumPy, to output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Held = Mapping[str, Floats]
Own = Callable[[Held, Floats], Floats]
"""Weights by name and x [features, batch] to y [..., batch]."""


def torch_dense(held: Held, x: Floats, activation: str) -> Floats:
    import torch
    from torch.nn import functional

    act: Callable[[Any], Any] = {
        "linear": torch.nn.Identity(),
        "tanh": torch.nn.Tanh(),
        "sigmoid": torch.nn.Sigmoid(),
        "softplus": torch.nn.Softplus(),
        "relu": torch.nn.ReLU(),
        "leaky-relu": torch.nn.LeakyReLU(0.25),
        "elu": torch.nn.ELU(),
    }[activation]
    weights, biases = (torch.from_numpy(held[f"held/0.{k}"]) for k in ("weights", "biases"))
    return act(functional.linear(torch.from_numpy(x.T), weights, biases[:, 0])).numpy().T


def torch_conv(
    held: Held, x: Floats, sides: tuple[int, int], stride: int, padding: tuple[int, int, int, int]
) -> Floats:
    """The padding is written by hand: left, right, top, bottom."""
    import torch
    from torch.nn import functional

    padded = functional.pad(_torch_images(x, sides), padding)
    y = functional.conv2d(padded, torch.from_numpy(held["held/1.weights"]), stride=stride)
    return _biased(y.permute(1, 2, 3, 0).numpy(), held)


def torch_up(
    held: Held, x: Floats, sides: tuple[int, int], stride: int, cut: tuple[int, int, int, int]
) -> Floats:
    """What stands over is cut by hand: top, height, left, width."""
    import torch
    from torch.nn import functional

    kernel = torch.from_numpy(held["held/1.weights"])
    y = functional.conv_transpose2d(_torch_images(x, sides), kernel, stride=stride)
    top, height, left, width = cut
    whole = y[:, :, top : top + height, left : left + width]
    assert whole.shape[2:] == (height, width)
    return _biased(whole.permute(1, 2, 3, 0).numpy(), held)


def torch_norm(held: Held, x: Floats, sides: tuple[int, ...] = ()) -> Floats:
    import torch

    layer = (torch.nn.BatchNorm2d if sides else torch.nn.BatchNorm1d)(
        2 if sides else len(x), eps=1e-3, dtype=torch.float64
    )
    index = 1 if sides else 0
    layer.weight.copy_(torch.from_numpy(held[f"held/{index}.weights"][:, 0]))
    layer.bias.copy_(torch.from_numpy(held[f"held/{index}.biases"][:, 0]))
    images = _torch_images(x, sides) if sides else torch.from_numpy(x.T)
    return np.moveaxis(layer(images).numpy(), 0, -1)


def torch_spectral(held: Held, x: Floats) -> Floats:
    import torch

    weights, biases = (torch.from_numpy(held[f"held/0.{k}"]) for k in ("weights", "biases"))
    layer = torch.nn.Linear(4, 3, dtype=torch.float64)
    layer.weight.copy_(weights)
    layer.bias.copy_(biases[:, 0])
    normed = torch.nn.utils.parametrizations.spectral_norm(layer, n_power_iterations=100)
    return normed(torch.from_numpy(x.T)).numpy().T


def keras_dense(held: Held, x: Floats, activation: str) -> Floats:
    import keras

    act: Any = (
        keras.layers.LeakyReLU(0.25, dtype="float64") if activation == "leaky-relu" else activation
    )
    layer = keras.layers.Dense(3, activation=act, dtype="float64")
    layer.build((None, len(x)))
    layer.set_weights([held["held/0.weights"].T, held["held/0.biases"][:, 0]])
    return np.asarray(layer(x.T)).T


def keras_conv(held: Held, x: Floats, sides: tuple[int, int], stride: int, up: bool) -> Floats:
    """Channels last; a transpose's kernel has its output channels before its input's."""
    import keras

    kernel = held["held/1.weights"]
    kind = keras.layers.Conv2DTranspose if up else keras.layers.Conv2D
    layer = kind(
        3, kernel.shape[-1], stride, padding="same", data_format="channels_last", use_bias=False,
        dtype="float64",
    )  # fmt: skip
    layer.build((None, *sides, 2))
    layer.set_weights([kernel.transpose(2, 3, 1, 0)])
    y = layer(x.reshape(2, *sides, -1).transpose(3, 1, 2, 0))
    return _biased(np.asarray(y).transpose(3, 1, 2, 0), held)


def keras_norm(held: Held, x: Floats, sides: tuple[int, ...] = ()) -> Floats:
    import keras

    index = 1 if sides else 0
    given = x.reshape(2, *sides, -1).transpose(3, 1, 2, 0) if sides else x.T
    layer = keras.layers.BatchNormalization(epsilon=1e-3, dtype="float64")
    layer.build(given.shape)
    factor, shift = (held[f"held/{index}.{k}"][:, 0] for k in ("weights", "biases"))
    layer.set_weights([factor, shift, np.zeros_like(factor), np.ones_like(factor)])
    y = np.asarray(layer(given, training=True))
    return y.transpose(3, 1, 2, 0) if sides else y.T


def keras_spectral(held: Held, x: Floats) -> Floats:
    import keras

    layer = keras.layers.Dense(3, dtype="float64")
    layer.build((None, 4))
    layer.set_weights([held["held/0.weights"].T, held["held/0.biases"][:, 0]])
    normed = keras.layers.SpectralNormalization(layer, power_iterations=100, dtype="float64")
    return np.asarray(normed(x.T, training=True)).T


def _torch_images(x: Floats, sides: tuple[int, ...]) -> Any:
    import torch

    return torch.from_numpy(np.ascontiguousarray(x.reshape(2, *sides, -1).transpose(3, 0, 1, 2)))


def _biased(y: Floats, held: Held) -> Floats:
    biases = held.get("held/1.biases")
    return y if biases is None else y + biases[:, :, None, None]


ACTIVATIONS = ("linear", "tanh", "sigmoid", "softplus", "relu", "leaky-relu", "elu")

OWN: dict[str, dict[str, Own]] = {
    "torch": {
        **{f"dense-{name}": partial(torch_dense, activation=name) for name in ACTIVATIONS},
        "conv-3-1": partial(torch_conv, sides=(5, 4), stride=1, padding=(1, 1, 1, 1)),
        "conv-3-2": partial(torch_conv, sides=(4, 7), stride=2, padding=(1, 1, 0, 1)),
        "conv-5-2": partial(torch_conv, sides=(7, 4), stride=2, padding=(1, 2, 2, 2)),
        "conv-4-3": partial(torch_conv, sides=(7, 8), stride=3, padding=(1, 1, 1, 2)),
        "conv-1-1": partial(torch_conv, sides=(3, 3), stride=1, padding=(0, 0, 0, 0)),
        "up-3-1": partial(torch_up, sides=(5, 4), stride=1, cut=(1, 5, 1, 4)),
        "up-3-2": partial(torch_up, sides=(2, 3), stride=2, cut=(0, 4, 0, 6)),
        "up-5-2": partial(torch_up, sides=(3, 2), stride=2, cut=(1, 6, 1, 4)),
        "up-4-3": partial(torch_up, sides=(2, 3), stride=3, cut=(0, 6, 0, 9)),
        "up-odd-5-2": partial(torch_up, sides=(3, 3), stride=2, cut=(2, 5, 2, 5)),
        "up-odd-4-3": partial(torch_up, sides=(2, 2), stride=3, cut=(1, 4, 1, 4)),
        "norm": torch_norm,
        "norm-images": partial(torch_norm, sides=(2, 3)),
        "spectral": torch_spectral,
    },
    "tensorflow": {
        **{f"dense-{name}": partial(keras_dense, activation=name) for name in ACTIVATIONS},
        "conv-3-1": partial(keras_conv, sides=(5, 4), stride=1, up=False),
        "conv-3-2": partial(keras_conv, sides=(4, 7), stride=2, up=False),
        "conv-5-2": partial(keras_conv, sides=(7, 4), stride=2, up=False),
        "conv-4-3": partial(keras_conv, sides=(7, 8), stride=3, up=False),
        "conv-1-1": partial(keras_conv, sides=(3, 3), stride=1, up=False),
        "up-3-1": partial(keras_conv, sides=(5, 4), stride=1, up=True),
        "up-3-2": partial(keras_conv, sides=(2, 3), stride=2, up=True),
        "up-5-2": partial(keras_conv, sides=(3, 2), stride=2, up=True),
        "up-4-3": partial(keras_conv, sides=(2, 3), stride=3, up=True),
        "norm": keras_norm,
        "norm-images": partial(keras_norm, sides=(2, 3)),
        "spectral": keras_spectral,
    },
}
"""By backend and the name of the case in layers.py."""
