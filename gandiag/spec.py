"""The base class of all that a user can write in TOML: frozen and validated."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator


class Spec(BaseModel):
    """A part of an experiment's definition.

    Strict: a number written as a string is refused, not converted, and so is
    an unknown key. The docstring behind a field is what `gandiag keys` prints of it.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_default=True,
    )


class Interval(Spec):
    """An interval."""

    low: float
    """The lower end."""
    high: float
    """The upper end."""

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low = {self.low} is not below high = {self.high}")
        return self
