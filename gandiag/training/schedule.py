"""Which player is updated when, and on which batch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from gandiag.spec import Spec

Count = Annotated[int, Field(ge=1)]


class Schedule(Spec):
    """The updates of an iteration, and the number of iterations."""

    iterations: Annotated[int, Field(ge=1, le=10**9)]
    """The number of iterations."""
    batch: Count
    """The number of samples in a batch."""
    d_steps: Count = 1
    """The discriminator's updates in an iteration; they come first."""
    g_steps: Count = 1
    """The generator's updates in an iteration."""
    updates: Literal["alternating", "simultaneous", "worse"] = "alternating"
    """``"alternating"``; ``"simultaneous"`` where both gradients are taken before either player
    moves; or ``"worse"``, where after that only the player moves whose loss is further above its
    value at the equilibrium, separately for each seed.
    """
    real: Literal["fresh", "shared"] = "fresh"
    """``"fresh"`` for every D update, or ``"shared"`` by those of an iteration."""
    latent: Literal["fresh", "shared"] = "fresh"
    """``"fresh"`` for every update, or ``"shared"`` by all of an iteration, D's and G's."""
    chunk: Count = 100
    """How many iterations' random numbers are drawn at a time. It addresses the streams, so that
    another value is another training.
    """

    @model_validator(mode="after")
    def _can_be_simultaneous(self) -> Schedule:
        if self.updates != "alternating" and (self.d_steps, self.g_steps) != (1, 1):
            raise ValueError(
                f"{self.updates} updates are one of each, not d_steps = {self.d_steps} and "
                f"g_steps = {self.g_steps}; set schedule.d_steps=1 and schedule.g_steps=1"
            )
        return self
