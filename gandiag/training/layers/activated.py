"""The activations, by name, and the part of a layer that names one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gandiag.spec import Spec
from gandiag.training.operations import Array, Operations


class Activated(Spec):
    """A layer with an activation."""

    activation: Literal["linear", "tanh", "sigmoid", "softplus", "relu", "leaky-relu", "elu"] = (
        "linear"
    )
    """What is applied to the outputs."""
    slope: Annotated[float, Field(ge=0, lt=1)] = 0.2
    """The slope of ``"leaky-relu"`` below 0."""

    def activate(self, ops: Operations, y: Array) -> Array:
        """Applies it."""
        if self.activation == "linear":
            return y
        if self.activation == "leaky-relu":
            return ops.leaky_relu(y, self.slope)
        return getattr(ops, self.activation)(y)
