"""The array operations that the GAN mathematics is written over.

Each runner supplies them from its framework's own functions; nothing is wrapped. Arithmetic,
comparison and indexing are the tensors' own. Arrays have the shape [lane, feature, batch]
unless a function says otherwise: with the batch last, the innermost loop runs over it,
which made a compiled update 2.3 times faster than [lane, batch, feature].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

Array: TypeAlias = Any
"""A tensor of any framework; the mathematics does not depend on which."""

Axes: TypeAlias = int | tuple[int, ...]


class Operations(Protocol):
    """The functions of a runner's ``operations`` module."""

    def matmul(self, a: Array, b: Array) -> Array:
        """The matrix product over the last two axes."""

    def transpose(self, a: Array) -> Array:
        """Swaps the last two axes."""

    def reshape(self, a: Array, shape: Sequence[int]) -> Array:
        """The same values in another shape."""

    def split(self, a: Array, sizes: Sequence[int]) -> Sequence[Array]:
        """Cuts axis 1 into pieces of the given sizes."""

    def concat(self, arrays: Sequence[Array], axis: int) -> Array:
        """Joins arrays along an axis."""

    def repeat_last(self, a: Array, count: int) -> Array:
        """Repeats an array whose last axis has length 1."""

    def mean(self, a: Array, axis: Axes) -> Array:
        """The mean over axes, which stay with length 1."""

    def sum(self, a: Array, axis: Axes) -> Array:
        """The sum over axes, which vanish."""

    def max(self, a: Array, axis: int) -> Array:
        """The largest over an axis, which vanishes."""

    def to_float(self, a: Array, like: Array) -> Array:
        """Booleans or counts as numbers of the type of ``like``."""

    def where(self, condition: Array, a: Array, b: Array) -> Array:
        """``a`` where the condition holds, else ``b``."""

    def minimum(self, a: Array, b: Array) -> Array:
        """The smaller of two, NaN where either is."""

    def maximum(self, a: Array, b: Array) -> Array:
        """The larger of two, NaN where either is."""

    def isfinite(self, a: Array) -> Array:
        """Which values are finite."""

    def zeros_like(self, a: Array) -> Array:
        """Zeros of the same shape and type."""

    def clip(self, a: Array, low: float, high: float) -> Array:
        """``a`` brought between two constants, NaN where it is NaN."""

    def stop_gradient(self, a: Array) -> Array:
        """The same values, as a constant to every gradient."""

    def abs(self, a: Array) -> Array:
        """The absolute value."""

    def exp(self, a: Array) -> Array:
        """E to the power of ``a``."""

    def log(self, a: Array) -> Array:
        """The natural logarithm."""

    def sqrt(self, a: Array) -> Array:
        """The square root."""

    def floor(self, a: Array) -> Array:
        """The largest whole number not above."""

    def power(self, a: float, b: Array) -> Array:
        """A constant to the power of an array."""

    def tanh(self, a: Array) -> Array:
        """The hyperbolic tangent."""

    def sigmoid(self, a: Array) -> Array:
        """1 / (1 + exp(-a))."""

    def softplus(self, a: Array) -> Array:
        """log(1 + exp(a)), without overflow."""

    def relu(self, a: Array) -> Array:
        """The larger of ``a`` and 0."""

    def leaky_relu(self, a: Array, slope: float) -> Array:
        """``a`` where it is positive, else ``slope`` times ``a``."""

    def elu(self, a: Array) -> Array:
        """``a`` where it is positive, else exp(a) - 1."""

    def conv(self, x: Array, kernel: Array, stride: int) -> Array:
        """A cross-correlation with zeros around, padded as TensorFlow's SAME does.

        Args:
            x: Images [lane, channel, height, width, batch].
            kernel: [lane, output channel, input channel, side, side].
            stride: The step, which divides height and width.

        Returns:
            [lane, output channel, height / stride, width / stride, batch].
        """

    def conv_transpose(self, x: Array, kernel: Array, stride: int, sides: tuple[int, int]) -> Array:
        """The transpose of `conv`, which makes images larger.

        Args:
            x: Images [lane, channel, height, width, batch].
            kernel: [lane, input channel, output channel, side, side].
            stride: The step.
            sides: Height and width of what it makes, from which `conv` would lead back.

        Returns:
            [lane, output channel, *sides, batch].
        """


PerLane: TypeAlias = Callable[[Array], Array]
"""A function whose result has one value a lane, shape [lane]."""

Gradient: TypeAlias = Callable[[PerLane], Callable[[Array], tuple[Array, Array]]]
"""Turns f: [lane, ...] -> [lane] into x -> (f(x), df/dx); composable, so that f may itself
contain a gradient (R1, unrolled discriminators), which then keeps the graph."""
