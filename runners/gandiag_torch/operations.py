"""The array operations of the GAN mathematics, as PyTorch's own functions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

exp = torch.exp
floor = torch.floor
isfinite = torch.isfinite
log = torch.log
matmul = torch.matmul
maximum = torch.maximum
minimum = torch.minimum
power = torch.pow
relu = torch.relu
reshape = torch.reshape
sigmoid = torch.sigmoid
sqrt = torch.sqrt
tanh = torch.tanh
where = torch.where
zeros_like = torch.zeros_like


def all(a: Tensor, axis: int) -> Tensor:
    """Whether all are true, over an axis, which vanishes."""
    return torch.all(a, axis)


def concat(arrays: Sequence[Tensor], axis: int) -> Tensor:
    """Joins arrays along an axis."""
    return torch.cat(tuple(arrays), axis)


def mean(a: Tensor, axis: int | tuple[int, ...]) -> Tensor:
    """The mean over axes, which stay with length 1."""
    return torch.mean(a, axis, keepdim=True)


def repeat_last(a: Tensor, count: int) -> Tensor:
    """Repeats an array whose last axis has length 1."""
    return a.expand(*a.shape[:-1], count)


def softplus(a: Tensor) -> Tensor:
    """log(1 + exp(a)), without overflow.

    PyTorch's turns linear above 20 by default, where float64 still sees a difference of 2e-9.
    """
    return torch.nn.functional.softplus(a, 1.0, 50.0)


def split(a: Tensor, sizes: Sequence[int]) -> Sequence[Tensor]:
    """Cuts axis 1 into pieces of the given sizes."""
    return torch.split(a, list(sizes), 1)


def sum(a: Tensor, axis: int | tuple[int, ...]) -> Tensor:
    """The sum over axes, which vanish."""
    return torch.sum(a, axis)


def to_float(a: Tensor, like: Tensor) -> Tensor:
    """Booleans or counts as numbers of the type of ``like``."""
    return a.to(like.dtype)


def transpose(a: Tensor) -> Tensor:
    """Swaps the last two axes."""
    return a.transpose(-1, -2)
