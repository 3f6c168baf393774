"""The array operations of the GAN mathematics, as PyTorch's own functions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

abs = torch.abs
elu = torch.nn.functional.elu
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


def clip(a: Tensor, low: float, high: float) -> Tensor:
    """``a`` brought between two constants, NaN where it is NaN."""
    return torch.clamp(a, low, high)


def concat(arrays: Sequence[Tensor], axis: int) -> Tensor:
    """Joins arrays along an axis."""
    return torch.cat(tuple(arrays), axis)


def conv(x: Tensor, kernel: Tensor, stride: int) -> Tensor:
    """A cross-correlation padded as TensorFlow's SAME; a lane is a group of channels."""
    lanes, _, height, width, _ = x.shape
    top, bottom = _padding(height, kernel.shape[-1], stride)
    left, right = _padding(width, kernel.shape[-1], stride)
    images = torch.nn.functional.pad(_images(x), (left, right, top, bottom))
    kernels = kernel.reshape(-1, *kernel.shape[2:])
    y = torch.nn.functional.conv2d(images, kernels, stride=stride, groups=lanes)
    return _lanes(y, lanes)


def conv_transpose(x: Tensor, kernel: Tensor, stride: int, sides: tuple[int, int]) -> Tensor:
    """The transpose of `conv`; a lane is a group of channels."""
    lanes, height, width = x.shape[0], *sides
    kernels = kernel.reshape(-1, *kernel.shape[2:])
    y = torch.nn.functional.conv_transpose2d(_images(x), kernels, stride=stride, groups=lanes)
    top, _ = _padding(height, kernel.shape[-1], stride)
    left, _ = _padding(width, kernel.shape[-1], stride)
    return _lanes(y[:, :, top : top + height, left : left + width], lanes)


def leaky_relu(a: Tensor, slope: float) -> Tensor:
    """``a`` where it is positive, else ``slope`` times ``a``."""
    return torch.nn.functional.leaky_relu(a, slope)


def max(a: Tensor, axis: int) -> Tensor:
    """The largest over an axis, which vanishes; the gradient is shared by equal ones."""
    return torch.amax(a, axis)


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


def stop_gradient(a: Tensor) -> Tensor:
    """The same values, as a constant to every gradient."""
    return a.detach()


def sum(a: Tensor, axis: int | tuple[int, ...]) -> Tensor:
    """The sum over axes, which vanish."""
    return torch.sum(a, axis)


def to_float(a: Tensor, like: Tensor) -> Tensor:
    """Booleans or counts as numbers of the type of ``like``."""
    return a.to(like.dtype)


def transpose(a: Tensor) -> Tensor:
    """Swaps the last two axes."""
    return a.transpose(-1, -2)


def _padding(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """How many zeros pad a side before and behind: SAME puts an odd one behind."""
    total = (-(-side // stride) - 1) * stride + kernel - side
    total = total if total > 0 else 0
    return total // 2, total - total // 2


def _images(x: Tensor) -> Tensor:
    """[lane, channel, height, width, batch] as [batch, lane · channel, height, width]."""
    return x.permute(4, 0, 1, 2, 3).flatten(1, 2)


def _lanes(images: Tensor, lanes: int) -> Tensor:
    """The inverse of `_images`."""
    batch, channels, height, width = images.shape
    split = images.reshape(batch, lanes, channels // lanes, height, width)
    return split.permute(1, 2, 3, 4, 0)
