"""Fully connected layers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gandiag.training.initializers import Initializer
from gandiag.training.layers.activated import Activated
from gandiag.training.layers.layer import LayerArrays, LayerSpec, Parameter, Pass, Shape, features
from gandiag.training.layers.spectral import Normed
from gandiag.training.operations import Array

Units = Annotated[int, Field(ge=1)]


class Dense(Activated, Normed, LayerSpec):
    """A fully connected layer, ``activation(W x + b)``."""

    kind: Literal["dense"]
    units: Units
    """The number of outputs."""
    bias: bool = True
    """Whether there is a bias."""
    weights: Initializer | None = None
    """The initial weights, if different from the network's."""
    biases: Initializer | None = None
    """The initial biases, if different from the network's."""

    def shape(self, given: Shape) -> Shape:
        """The shape of its output."""
        features(given, self.kind)
        return (self.units,)

    def parameters(self, given: Shape) -> tuple[Parameter, ...]:
        """Its weights."""
        inputs = features(given, self.kind)
        fans = (inputs, self.units)
        matrix = Parameter("weights", (self.units, inputs), fans, "weights", self.weights)
        if not self.bias:
            return (matrix,)
        return (matrix, Parameter("biases", (self.units, 1), fans, "biases", self.biases))

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """Maps x [lane, inputs, batch] to [lane, units, batch]."""
        matrix, buffers = self.normed(run, arrays, (self.units, -1))
        y = run.ops.matmul(matrix, x)
        if self.bias:
            y = y + arrays["biases"]
        return self.activate(run.ops, y), buffers


class Maxout(LayerSpec):
    """The largest of several linear functions, unit by unit (Goodfellow et al. 2013)."""

    kind: Literal["maxout"]
    units: Units
    """The number of outputs."""
    pieces: Annotated[int, Field(ge=2)]
    """The number of linear functions of each."""
    weights: Initializer | None = None
    """The initial weights, if different from the network's."""
    biases: Initializer | None = None
    """The initial biases, if different from the network's."""

    def shape(self, given: Shape) -> Shape:
        """The shape of its output."""
        features(given, self.kind)
        return (self.units,)

    def parameters(self, given: Shape) -> tuple[Parameter, ...]:
        """Its weights; the pieces of a unit are neighbours."""
        inputs, rows = features(given, self.kind), self.units * self.pieces
        fans = (inputs, rows)
        return (
            Parameter("weights", (rows, inputs), fans, "weights", self.weights),
            Parameter("biases", (rows, 1), fans, "biases", self.biases),
        )

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """Maps x [lane, inputs, batch] to [lane, units, batch]."""
        y = run.ops.matmul(arrays["weights"], x) + arrays["biases"]
        return run.ops.max(run.ops.reshape(y, (-1, self.units, self.pieces, y.shape[-1])), 2), []
