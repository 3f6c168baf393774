"""A network as a list of layers, and its weights as one row of numbers a lane.

All weights of a network are in one array [lane, parameters]. So an optimiser, a norm or a
check for NaN is one operation on one array whatever the network's depth, which is most of the
time of a small GAN in an eager framework. What its layers keep without learning it (moving
averages, singular vectors) is in another such row, its buffers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from gandiag.spec import Spec
from gandiag.training.initializers import Initializer
from gandiag.training.layers import Layer, Parameter, Pass, Shape
from gandiag.training.operations import Array, Operations

Table = list[tuple[Parameter, ...]]
"""The arrays of every layer."""


class Network(Spec):
    """The layers of one player."""

    layers: Annotated[tuple[Layer, ...], Field(min_length=1, strict=False)]
    """From the input to the output."""
    weights: Initializer
    """The initial weights of its layers."""
    biases: Initializer
    """The initial biases of its layers."""
    labels: Literal["none", "first", "every"] = "none"
    """Whether one-hot labels are appended to the input of the ``"first"`` layer, of ``"every"``
    layer with weights, or of ``"none"``.
    """

    def shapes(self, inputs: int, classes: int = 0) -> list[Shape]:
        """The shape of the input of every layer with its labels, and of the last one's output.

        Args:
            inputs: The number of features of the first layer's input.
            classes: The number of classes of the labels.

        Raises:
            ValueError: A layer cannot take what the one before it makes.
        """
        shapes: list[Shape] = []
        shape: Shape = (inputs,)
        for index, layer in enumerate(self.layers):
            if index in self._labelled:
                shape = (shape[0] + classes, *shape[1:])
            shapes.append(shape)
            shape = layer.shape(shape)
        return [*shapes, shape]

    @property
    def uses_batch_statistics(self) -> bool:
        """Whether what it makes of a sample depends on the rest of the batch."""
        return any(layer.uses_batch_statistics for layer in self.layers)

    @property
    def convolutional(self) -> bool:
        """Whether it has convolutions."""
        return any(layer.convolves for layer in self.layers)

    @property
    def compares_samples(self) -> bool:
        """Whether what it makes of a sample depends on the others even in sampling."""
        return any(layer.compares_samples for layer in self.layers)

    def parameters(self, inputs: int, classes: int = 0) -> Table:
        """The weights of every layer."""
        shapes = self.shapes(inputs, classes)
        return [layer.parameters(s) for layer, s in zip(self.layers, shapes, strict=False)]

    def buffers(self, inputs: int, classes: int = 0) -> Table:
        """The buffers of every layer."""
        shapes = self.shapes(inputs, classes)
        return [layer.buffers(s) for layer, s in zip(self.layers, shapes, strict=False)]

    def count(self, inputs: int, classes: int = 0) -> int:
        """How many weights the network has in one lane."""
        return sum(_sizes(self.parameters(inputs, classes)))

    def initial(
        self, inputs: int, rng: np.random.Generator, classes: int = 0
    ) -> NDArray[np.float32]:
        """Draws the weights of one lane, shape [parameters], layer by layer."""
        return self._draw(self.parameters(inputs, classes), rng)

    def initial_buffers(
        self, inputs: int, rng: np.random.Generator, classes: int = 0
    ) -> NDArray[np.float32]:
        """Draws the first buffers of one lane, shape [n]; most networks have none."""
        return self._draw(self.buffers(inputs, classes), rng)

    def apply(self, weights: Array, x: Array, run: Pass) -> Array:
        """Maps x [lane, inputs, batch] to [lane, outputs, batch]."""
        inputs, classes = x.shape[1], 0 if run.labels is None else run.labels.shape[1]
        weights_of = _unpack(run.ops, self.parameters(inputs, classes), weights)
        buffers_of = _unpack(run.ops, self.buffers(inputs, classes), run.buffers)
        new_buffers: list[Array] = []
        for index, layer in enumerate(self.layers):
            if index in self._labelled and run.labels is not None:
                x = _append_labels(run.ops, x, run.labels)
            x, after = layer.apply(run, weights_of[index] | buffers_of[index], x)
            new_buffers += after
        if run.buffers is not None and new_buffers and not run.sampling:
            run.buffers = _row(run.ops, new_buffers)
        return x

    def squares(self, ops: Operations, weights: Array, inputs: int, classes: int = 0) -> Array:
        """The sum of the squared weights [lane]; biases do not count."""
        table = self.parameters(inputs, classes)
        pieces = ops.split(weights, _sizes(table))
        roles = [p.role for layer in table for p in layer]
        return sum(
            ops.sum(piece * piece, 1)
            for piece, role in zip(pieces, roles, strict=True)
            if role == "weights"
        )

    def named(
        self, inputs: int, weights: NDArray[np.floating], classes: int = 0
    ) -> dict[str, NDArray[np.floating]]:
        """The weights of one lane [parameters] by name, e.g. ``"0.weights"`` [outputs, inputs]."""
        return _named(self.parameters(inputs, classes), weights)

    def named_buffers(
        self, inputs: int, buffers: NDArray[np.floating], classes: int = 0
    ) -> dict[str, NDArray[np.floating]]:
        """The buffers of one lane [n] by name, e.g. ``"1.mean"`` [features, 1]."""
        return _named(self.buffers(inputs, classes), buffers)

    @property
    def _labelled(self) -> tuple[int, ...]:
        """The layers whose input has labels appended."""
        candidates = tuple(i for i, layer in enumerate(self.layers) if layer.accepts_labels)
        return {"none": (), "first": candidates[:1], "every": candidates}[self.labels]

    def _draw(self, table: Table, rng: np.random.Generator) -> NDArray[np.float32]:
        pieces = [np.empty(0, dtype=np.float32)]
        for parameter in (p for layer in table for p in layer):
            start = parameter.start or getattr(self, parameter.role)
            piece = np.empty(parameter.shape, dtype=np.float32)
            start.fill(rng, piece, parameter.fans)
            pieces.append(piece.ravel())
        return np.concatenate(pieces)


def _sizes(table: Table) -> list[int]:
    return [math.prod(p.shape) for layer in table for p in layer]


def _unpack(ops: Operations, table: Table, row: Array | None) -> list[dict[str, Array]]:
    """The arrays of every layer [lane, ...] out of one row [lane, n]."""
    sizes = _sizes(table)
    if row is None or not sizes:
        return [{} for _ in table]
    pieces = iter(ops.split(row, sizes))
    return [{p.name: ops.reshape(next(pieces), (-1, *p.shape)) for p in layer} for layer in table]


def _row(ops: Operations, arrays: Sequence[Array]) -> Array:
    """Arrays [lane, ...] as one row [lane, n] that is constant to every gradient."""
    flat = [ops.reshape(a, (-1, math.prod(a.shape[1:]))) for a in arrays]
    return ops.stop_gradient(ops.concat(flat, 1))


def _append_labels(ops: Operations, x: Array, labels: Array) -> Array:
    """Appends labels [lane, classes, batch] to features, or as constant channels to images."""
    if len(x.shape) == 3:
        return ops.concat([x, labels], 1)
    plain = ops.zeros_like(x[:, :1])  # [lane, 1, height, width, batch]
    return ops.concat([x, labels[:, :, None, None, :] + plain], 1)


def _named(table: Table, row: NDArray[np.floating]) -> dict[str, NDArray[np.floating]]:
    named, start = {}, 0
    for index, layer in enumerate(table):
        for parameter in layer:
            stop = start + math.prod(parameter.shape)
            named[f"{index}.{parameter.name}"] = row[start:stop].reshape(parameter.shape)
            start = stop
    return named
