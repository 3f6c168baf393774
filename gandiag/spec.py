"""The base of everything a user can write in TOML: frozen, and valid from birth."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    """A part of an experiment's definition.

    Strict: a number written as a string is refused rather than guessed at, and so is
    an unknown key.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True
    )
