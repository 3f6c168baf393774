"""The layers of a network: their arrays and what they compute, one kind a file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gandiag.training.layers.batch_norm import BatchNorm
from gandiag.training.layers.conv import Conv, ConvTranspose
from gandiag.training.layers.dense import Dense, Maxout
from gandiag.training.layers.layer import LayerArrays, LayerSpec, Parameter, Pass, Shape
from gandiag.training.layers.minibatch import Minibatch
from gandiag.training.layers.point import LearntPoint
from gandiag.training.layers.reshape import Flatten, Reshape

Layer = Annotated[
    Dense | Maxout | Conv | ConvTranspose | BatchNorm | Minibatch | Reshape | Flatten | LearntPoint,
    Field(discriminator="kind"),
]

__all__ = ["Layer", "LayerArrays", "LayerSpec", "Parameter", "Pass", "Shape"]
