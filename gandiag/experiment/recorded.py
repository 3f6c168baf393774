"""A training by the user's own code, which gandiag records and diagnoses but does not run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from gandiag.experiment.experiment import Experiment, Name, Rule
from gandiag.spec import Spec


class Recorded(Spec):
    """The description of a training by the user's own code."""

    kind: Literal["recorded"] = "recorded"
    """Distinguishes it from an `Experiment` in a store."""
    name: Name
    """A short name."""
    title: str = ""
    """One line for a report."""
    source: str = ""
    """Where it was published."""
    outcome: str = ""
    """What the source reports."""
    function: str = ""
    """``module:function`` that a sweep calls, or ``""`` for a loop that calls the monitor."""
    options: Mapping[str, Any] = Field(default_factory=dict)
    """The arguments of that function besides seed and monitor, or a loop's own settings."""
    iterations: Annotated[int, Field(ge=1)] | None = None
    """The planned number, where it is known."""
    success: Annotated[tuple[Rule, ...], Field(strict=False)] = ()
    """The bounds that a successful run keeps; none means that success is undefined."""

    def written(self) -> dict[str, object]:
        """The values that were written down, without defaults."""
        return self.model_dump(mode="json", exclude_unset=True) | {"kind": self.kind}

    def resolved(self) -> dict[str, object]:
        """Every value, defaults included, as plain data: what the run's id is made of."""
        return self.model_dump(mode="json")


Trained = Experiment | Recorded
"""What the runs of a store can be of."""


def require_experiment(trained: Trained) -> Experiment:
    """The training as an experiment, which it has to be.

    Raises:
        TypeError: It is a training by the user's own code.
    """
    if not isinstance(trained, Experiment):
        raise TypeError(f"{trained.name} is no experiment of ours: its code is the user's")
    return trained
