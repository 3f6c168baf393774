"""A point that is learnt."""

from __future__ import annotations

from typing import ClassVar, Literal

from gandiag.training.initializers import Initializer
from gandiag.training.layers.dense import Units
from gandiag.training.layers.layer import LayerArrays, LayerSpec, Parameter, Pass, Shape, features
from gandiag.training.operations import Array


class LearntPoint(LayerSpec):
    """A point that is learnt and does not look at its input: the Dirac-GAN's generator."""

    accepts_labels: ClassVar[bool] = False

    kind: Literal["point"]
    units: Units
    """The number of coordinates."""
    weights: Initializer | None = None
    """The initial coordinates, if different from the network's."""

    def shape(self, given: Shape) -> Shape:
        """The shape of its output."""
        features(given, self.kind)
        return (self.units,)

    def parameters(self, given: Shape) -> tuple[Parameter, ...]:
        """Its weights: the point."""
        fans = (features(given, self.kind), self.units)
        return (Parameter("weights", (self.units, 1), fans, "weights", self.weights),)

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """The point for every input, shape [lane, units, batch]."""
        return run.ops.repeat_last(arrays["weights"], x.shape[-1]), []
