"""Convolutions and their transposes, padded so that the stride divides the sides."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from gandiag.training.initializers import Initializer
from gandiag.training.layers.activated import Activated
from gandiag.training.layers.layer import LayerArrays, LayerSpec, Parameter, Pass, Shape, channels
from gandiag.training.layers.spectral import Normed
from gandiag.training.operations import Array

Count = Annotated[int, Field(ge=1)]


class _Filters(Activated, Normed, LayerSpec):
    """What a convolution and its transpose have in common."""

    convolves: ClassVar[bool] = True

    channels: Count
    """The number of output channels."""
    kernel: Count
    """The side of the square kernel."""
    stride: Count = 1
    """The step."""
    bias: bool = True
    """Whether there is a bias a channel."""
    weights: Initializer | None = None
    """The initial weights, if different from the network's."""
    biases: Initializer | None = None
    """The initial biases, if different from the network's."""

    @model_validator(mode="after")
    def _steps_within_the_kernel(self) -> _Filters:
        if self.stride > self.kernel:
            raise ValueError(f"stride = {self.stride} leaves out what kernel = {self.kernel} spans")
        return self

    def _held(self, kernel: Shape, inputs: int) -> tuple[Parameter, ...]:
        area = self.kernel * self.kernel
        fans = (inputs * area, self.channels * area)
        weights = Parameter("weights", kernel, fans, "weights", self.weights)
        if not self.bias:
            return (weights,)
        return (weights, Parameter("biases", (self.channels, 1), fans, "biases", self.biases))

    def _finish(
        self, run: Pass, arrays: LayerArrays, y: Array, buffers: list[Array]
    ) -> tuple[Array, list[Array]]:
        if self.bias:
            y = y + run.ops.reshape(arrays["biases"], (-1, self.channels, 1, 1, 1))
        return self.activate(run.ops, y), buffers


class Conv(_Filters):
    """A convolution; the sides of the images are divided by the stride, as TensorFlow's SAME."""

    kind: Literal["conv"]

    def shape(self, given: Shape) -> Shape:
        """The shape of its output."""
        _, height, width = channels(given, self.kind)
        return (self.channels, math.ceil(height / self.stride), math.ceil(width / self.stride))

    def parameters(self, given: Shape) -> tuple[Parameter, ...]:
        """Its weights."""
        inputs = channels(given, self.kind)[0]
        return self._held((self.channels, inputs, self.kernel, self.kernel), inputs)

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """Maps images [lane, channel, height, width, batch]."""
        kernel, buffers = self.normed(run, arrays, (self.channels, -1))
        return self._finish(run, arrays, run.ops.conv(x, kernel, self.stride), buffers)


class ConvTranspose(_Filters):
    """The transpose of a convolution; the sides of the images are multiplied by the stride."""

    kind: Literal["conv-transpose"]
    side: Count | None = None
    """The side of the square images that it makes, where that is not the product; the convolution
    by the stride has to lead back from it.
    """

    def shape(self, given: Shape) -> Shape:
        """The shape of its output."""
        _, height, width = channels(given, self.kind)
        sides = [self.side or side * self.stride for side in (height, width)]
        if [math.ceil(side / self.stride) for side in sides] != [height, width]:
            raise ValueError(
                f"stride = {self.stride} does not lead back from side = {self.side} to "
                f"{height} × {width}"
            )
        return (self.channels, *sides)

    def parameters(self, given: Shape) -> tuple[Parameter, ...]:
        """Its weights."""
        inputs = channels(given, self.kind)[0]
        return self._held((inputs, self.channels, self.kernel, self.kernel), inputs)

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """Maps images [lane, channel, height, width, batch]."""
        kernel, buffers = self.normed(run, arrays, (x.shape[1], -1))
        output = self.shape(tuple(x.shape[1:4]))
        y = run.ops.conv_transpose(x, kernel, self.stride, (output[1], output[2]))
        return self._finish(run, arrays, y, buffers)
