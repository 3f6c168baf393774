"""From features to images and back."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gandiag.training.layers.layer import LayerArrays, LayerSpec, Pass, Shape
from gandiag.training.operations import Array

Side = Annotated[int, Field(ge=1)]


class Reshape(LayerSpec):
    """Takes features as images, channel by channel and row by row."""

    accepts_labels: ClassVar[bool] = False

    kind: Literal["reshape"]
    to: Annotated[tuple[Side, Side, Side], Field(strict=False)]
    """[channels, height, width]."""

    def shape(self, given: Shape) -> Shape:
        """The shape of its output."""
        if math.prod(given) != math.prod(self.to):
            raise ValueError(
                f"{math.prod(given)} numbers cannot be taken as images of {list(self.to)}, "
                f"which are {math.prod(self.to)}"
            )
        return self.to

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """Maps to [lane, channel, height, width, batch]."""
        return run.ops.reshape(x, (-1, *self.to, x.shape[-1])), []


class Flatten(LayerSpec):
    """Takes images as features, channel by channel and row by row."""

    accepts_labels: ClassVar[bool] = False

    kind: Literal["flatten"]

    def shape(self, given: Shape) -> Shape:
        """The shape of its output."""
        return (math.prod(given),)

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """Maps to [lane, features, batch]."""
        return run.ops.reshape(x, (-1, math.prod(x.shape[1:-1]), x.shape[-1])), []
