"""A layer of a trained network as PyTorch's own layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gandiag.errors import UsageError, must_be_one_of
from gandiag.sampling.part import Part

Built = TypeVar("Built", bound=Callable[..., Any])


class Maxout(nn.Module):
    """The largest of several linear functions, unit by unit."""

    def __init__(self, linear: nn.Module, units: int) -> None:
        super().__init__()
        self.linear = linear
        self.units = units

    def forward(self, x: Tensor) -> Tensor:
        """Maps [batch, inputs] to [batch, units]."""
        largest: Tensor = self.linear(x).unflatten(1, (self.units, -1)).amax(2)
        return largest


class Minibatch(nn.Module):
    """Minibatch discrimination: appends how near the other samples of the batch are."""

    def __init__(self, linear: nn.Module, kernels: int) -> None:
        super().__init__()
        self.linear = linear
        self.kernels = kernels

    def forward(self, x: Tensor) -> Tensor:
        """Maps [batch, inputs] to [batch, inputs + kernels]."""
        m = self.linear(x).unflatten(1, (self.kernels, -1))
        near = torch.exp(-(m[:, None] - m[None]).abs().sum(3)).sum(1)
        return torch.cat([x, near], 1)


class LearntPoint(nn.Module):
    """A point that is learnt and does not look at its input."""

    def __init__(self, point: Tensor) -> None:
        super().__init__()
        self.point = nn.Parameter(point)

    def forward(self, x: Tensor) -> Tensor:
        """The point for every input, [batch, coordinates]."""
        return self.point.expand(len(x), -1)


def layers(part: Part) -> list[nn.Module]:
    """The PyTorch layers that compute what one of ours does; no random number is drawn for them.

    Raises:
        UsageError: There is none for this kind of layer or for its activation.
    """
    spec: Any = part.layer
    built = _of_kind("kind of layer", spec.kind, BUILDERS)(part)
    return [*built, *_activation(spec)] if hasattr(spec, "activation") else built


def _of_kind(what: str, name: str, known: dict[str, Built]) -> Built:
    if name not in known:
        raise UsageError(
            f"PyTorch modules cannot be built of this run: {must_be_one_of(what, name, known)}. "
            "Sample it with gandiag.sampling instead, or add it to gandiag_torch.layers"
        )
    return known[name]


def _dense(part: Part) -> list[nn.Module]:
    return [_linear(part)]


def _maxout(part: Part) -> list[nn.Module]:
    return [Maxout(_linear(part), part.made[0])]


def _minibatch(part: Part) -> list[nn.Module]:
    return [Minibatch(_linear(part), part.made[0] - part.given[0])]


def _point(part: Part) -> list[nn.Module]:
    return [LearntPoint(_tensor(part.arrays["weights"]).flatten())]


def _conv(part: Part) -> list[nn.Module]:
    """A convolution with its zeros set around before: more behind, where their number is odd."""
    (above, below), (left, right) = part.margins
    return [nn.ZeroPad2d((left, right, above, below)), _filters(part, nn.Conv2d)]


def _conv_transpose(part: Part) -> list[nn.Module]:
    """Its transpose, with what is too much cut off afterwards."""
    (above, below), (left, right) = part.margins
    return [_filters(part, nn.ConvTranspose2d), nn.ZeroPad2d((-left, -right, -above, -below))]


def _batch_norm(part: Part) -> list[nn.Module]:
    spec: Any = part.layer
    kind = nn.BatchNorm1d if len(part.given) == 1 else nn.BatchNorm2d
    held = {name: array.ravel() for name, array in part.arrays.items()}
    norm = kind(part.given[0], spec.epsilon, 1 - spec.decay, dtype=_tensor(held["mean"]).dtype)
    arrays = {"bias": held["biases"], "running_mean": held["mean"], "running_var": held["variance"]}
    if spec.scale:
        arrays["weight"] = held["weights"]
    return [_filled(norm, **arrays)]


def _reshape(part: Part) -> list[nn.Module]:
    return [nn.Flatten(), nn.Unflatten(1, part.made)]


def _flatten(part: Part) -> list[nn.Module]:
    return [nn.Flatten()]


BUILDERS: dict[str, Callable[[Part], list[nn.Module]]] = {
    "dense": _dense,
    "maxout": _maxout,
    "minibatch": _minibatch,
    "point": _point,
    "conv": _conv,
    "conv-transpose": _conv_transpose,
    "batch-norm": _batch_norm,
    "reshape": _reshape,
    "flatten": _flatten,
}


def _activation(spec: Any) -> list[nn.Module]:
    makers: dict[str, Callable[[], nn.Module]] = {
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
        "softplus": lambda: nn.Softplus(threshold=50.0),  # by default linear from 20 on
        "relu": nn.ReLU,
        "leaky-relu": lambda: nn.LeakyReLU(spec.slope),
        "elu": nn.ELU,
    }
    if spec.activation == "linear":
        return []
    return [_of_kind("activation", spec.activation, makers)()]


def _linear(part: Part) -> nn.Module:
    return _filters(part, nn.Linear)


def _filters(part: Part, kind: Any) -> nn.Module:
    """A layer with weights, and biases where there are any."""
    spec: Any = part.layer
    arrays = {"weight": part.arrays["weights"]}
    if "biases" in part.arrays:
        arrays["bias"] = part.arrays["biases"].ravel()
    sides = {} if kind is nn.Linear else {"kernel_size": spec.kernel, "stride": spec.stride}
    outputs, inputs = arrays["weight"].shape[:2]
    if kind is nn.ConvTranspose2d:
        inputs, outputs = outputs, inputs
    kinds = {"bias": "bias" in arrays, "dtype": _tensor(arrays["weight"]).dtype}
    empty = kind(inputs, outputs, **sides, **kinds, device="meta")  # nothing is drawn there
    return _filled(empty.to_empty(device="cpu"), **arrays)


def _filled(module: nn.Module, **arrays: NDArray[np.floating]) -> nn.Module:
    """A module with its arrays set; those not named stay as they are."""
    module.load_state_dict({name: _tensor(a) for name, a in arrays.items()}, strict=False)
    return module


def _tensor(array: NDArray[np.floating]) -> Tensor:
    """A copy of an array."""
    return torch.from_numpy(np.array(array))
