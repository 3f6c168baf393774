"""A training of somebody's own: not ours to run, but ours to record and to judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from gandiag.experiment.experiment import Experiment, Name, Rule
from gandiag.spec import Spec


class Recorded(Spec):
    """What is known of a training whose code is the user's."""

    kind: Literal["recorded"] = "recorded"
    """Tells it from an `Experiment` in a store."""
    name: Name
    """A short name."""
    title: str = ""
    """One line for a report."""
    source: str = ""
    """Where it was published."""
    outcome: str = ""
    """What the source reports."""
    function: str = ""
    """``module:function`` that a sweep calls, or ``""`` for a loop that calls us."""
    options: Mapping[str, Any] = Field(default_factory=dict)
    """What that function is handed beside seed and monitor; a loop's own settings."""
    iterations: Annotated[int, Field(ge=1)] | None = None
    """How many are planned, where that is known."""
    success: Annotated[tuple[Rule, ...], Field(strict=False)] = ()
    """The bounds that a successful run keeps; none means that success is undefined."""

    def written(self) -> dict[str, object]:
        """The values that were written down, without defaults."""
        return self.model_dump(mode="json", exclude_unset=True) | {"kind": self.kind}

    def resolved(self) -> dict[str, object]:
        """Every value, defaults included, as plain data: what the run's id is made of."""
        return self.model_dump(mode="json")


Trained = Experiment | Recorded
"""What a store can hold runs of."""


def require_experiment(trained: Trained) -> Experiment:
    """An experiment, where it has to be one.

    Raises:
        TypeError: It is somebody's own training.
    """
    if not isinstance(trained, Experiment):
        raise TypeError(f"{trained.name} is no experiment of ours: its code is the user's")
    return trained
