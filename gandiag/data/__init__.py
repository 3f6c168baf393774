"""The data sets, one a file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gandiag.data.array import Array
from gandiag.data.function import Function
from gandiag.data.mixtures import Grid, Ring
from gandiag.data.mnist import Mnist
from gandiag.data.normal import MultivariateNormal, Normal
from gandiag.data.point import Point
from gandiag.data.stacked_mnist import StackedMnist

Data = Annotated[
    Normal | MultivariateNormal | Point | Ring | Grid | Mnist | StackedMnist | Array | Function,
    Field(discriminator="kind"),
]


__all__ = [
    "Array",
    "Data",
    "Function",
    "Grid",
    "Mnist",
    "MultivariateNormal",
    "Normal",
    "Point",
    "Ring",
    "StackedMnist",
]
