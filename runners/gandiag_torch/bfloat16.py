"""The operations with every product rounded to bfloat16, its factors and its result.

Within a product the processor sums in float32.
"""

from __future__ import annotations

from types import SimpleNamespace

import torch
from torch import Tensor

from gandiag_torch import operations


def matmul(a: Tensor, b: Tensor) -> Tensor:
    """The matrix product over the last two axes."""
    return torch.matmul(a.bfloat16(), b.bfloat16()).to(a.dtype)


def conv(x: Tensor, kernel: Tensor, stride: int) -> Tensor:
    """A cross-correlation."""
    return operations.conv(x.bfloat16(), kernel.bfloat16(), stride).to(x.dtype)


def conv_transpose(x: Tensor, kernel: Tensor, stride: int, sides: tuple[int, int]) -> Tensor:
    """The transpose of `conv`."""
    return operations.conv_transpose(x.bfloat16(), kernel.bfloat16(), stride, sides).to(x.dtype)


OPERATIONS = SimpleNamespace(
    **{
        **vars(operations),
        "matmul": matmul,
        "conv": conv,
        "conv_transpose": conv_transpose,
    }
)
"""All operations, those with a product rounded."""
