"""A network as a list of layers, and its weights as one row of numbers a lane.

All weights of a network stand in one array [lane, parameters]. So an optimiser, a norm or a
check for NaN is one operation on one array whatever the network's depth, which is most of the
time of a small GAN in an eager framework.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from gandiag.spec import Spec
from gandiag.training.initializers import Initializer
from gandiag.training.layers import Layer, Parameter
from gandiag.training.operations import Array, Operations


class Network(Spec):
    """The layers of one player.

    Attributes:
        layers: From the input to the output.
        weights: How the weights of its layers begin.
        biases: How their biases begin.
    """

    layers: Annotated[tuple[Layer, ...], Field(min_length=1, strict=False)]
    weights: Initializer
    biases: Initializer

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return self.layers[-1].units

    def parameters(self, inputs: int) -> list[tuple[Parameter, ...]]:
        """The arrays of every layer, given the number of inputs of the first."""
        table = []
        for layer in self.layers:
            table.append(layer.parameters(inputs))
            inputs = layer.units
        return table

    def count(self, inputs: int) -> int:
        """How many numbers the network holds in one lane."""
        return sum(math.prod(p.shape) for layer in self.parameters(inputs) for p in layer)

    def initial(self, inputs: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Draws the weights of one lane, shape [parameters], layer by layer."""
        pieces = []
        for layer, held in zip(self.layers, self.parameters(inputs), strict=True):
            for parameter in held:
                own = getattr(layer, parameter.role)
                piece = np.empty(parameter.shape, dtype=np.float32)
                (own or getattr(self, parameter.role)).fill(rng, piece, parameter.fans)
                pieces.append(piece.ravel())
        return np.concatenate(pieces)

    def apply(self, ops: Operations, weights: Array, x: Array) -> Array:
        """Maps x [lane, inputs, batch] to [lane, outputs, batch]."""
        held = self._unpack(ops, weights, x.shape[1])
        for layer, arrays in zip(self.layers, held, strict=True):
            x = layer.apply(ops, arrays, x)
        return x

    def named(self, inputs: int, weights: NDArray[np.floating]) -> dict[str, NDArray[np.floating]]:
        """The weights of one lane [parameters] by name, e.g. ``"0.weights"`` [outputs, inputs]."""
        named, start = {}, 0
        for index, layer in enumerate(self.parameters(inputs)):
            for parameter in layer:
                stop = start + math.prod(parameter.shape)
                named[f"{index}.{parameter.name}"] = weights[start:stop].reshape(parameter.shape)
                start = stop
        return named

    def _unpack(self, ops: Operations, weights: Array, inputs: int) -> list[Mapping[str, Array]]:
        table = self.parameters(inputs)
        sizes = [math.prod(p.shape) for layer in table for p in layer]
        pieces = iter(ops.split(weights, sizes))
        return [
            {p.name: ops.reshape(next(pieces), (-1, *p.shape)) for p in layer} for layer in table
        ]
