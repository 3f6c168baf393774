"""The data sets, one a file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gandiag.data.normal import MultivariateNormal, Normal
from gandiag.data.point import Point

Data = Annotated[Normal | MultivariateNormal | Point, Field(discriminator="kind")]


__all__ = ["Data", "MultivariateNormal", "Normal", "Point"]
