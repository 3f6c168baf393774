"""The layers of a network: what they hold and what they compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from gandiag.spec import Spec
from gandiag.training.initializers import Initializer
from gandiag.training.operations import Array, Operations

Activation = Literal["linear", "tanh", "sigmoid", "softplus", "relu"]
Units = Annotated[int, Field(ge=1)]


@dataclass(frozen=True)
class Parameter:
    """One array of weights of a layer.

    Attributes:
        name: Its name in the layer.
        shape: Its shape in one lane.
        fans: How many inputs and outputs its layer has, for the initialisers.
        role: Whether the network's initialiser for weights or for biases applies.
    """

    name: str
    shape: tuple[int, ...]
    fans: tuple[int, int]
    role: Literal["weights", "biases"]


class Dense(Spec):
    """A fully connected layer, ``activation(W x + b)``.

    Attributes:
        units: The number of outputs.
        activation: What is applied to them.
        bias: Whether there is a bias.
        weights: How its weights begin, where that differs from the network's.
        biases: How its biases begin, likewise.
    """

    kind: Literal["dense"]
    units: Units
    activation: Activation = "linear"
    bias: bool = True
    weights: Initializer | None = None
    biases: Initializer | None = None

    def parameters(self, inputs: int) -> tuple[Parameter, ...]:
        """The arrays it holds, given the number of inputs."""
        fans = (inputs, self.units)
        matrix = Parameter("weights", (self.units, inputs), fans, "weights")
        if not self.bias:
            return (matrix,)
        return (matrix, Parameter("biases", (self.units, 1), fans, "biases"))

    def apply(self, ops: Operations, held: Mapping[str, Array], x: Array) -> Array:
        """Maps x [lane, inputs, batch] to [lane, units, batch]."""
        y = ops.matmul(held["weights"], x)
        if self.bias:
            y = y + held["biases"]
        return activate(ops, self.activation, y)


class LearntPoint(Spec):
    """A point that is learnt and does not look at its input: the Dirac-GAN's generator.

    Attributes:
        units: The number of coordinates.
        weights: How they begin, where that differs from the network's.
    """

    kind: Literal["point"]
    units: Units
    weights: Initializer | None = None
    biases: None = None

    def parameters(self, inputs: int) -> tuple[Parameter, ...]:
        """The arrays it holds: the point."""
        return (Parameter("weights", (self.units, 1), (inputs, self.units), "weights"),)

    def apply(self, ops: Operations, held: Mapping[str, Array], x: Array) -> Array:
        """The point for every input, shape [lane, units, batch]."""
        return ops.repeat_last(held["weights"], x.shape[-1])


Layer = Annotated[Dense | LearntPoint, Field(discriminator="kind")]


def activate(ops: Operations, name: Activation, y: Array) -> Array:
    """Applies an activation by name."""
    if name == "linear":
        return y
    return getattr(ops, name)(y)
