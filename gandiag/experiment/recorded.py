"""A training by the user's own code, which gandiag records and diagnoses but does not run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from gandiag.experiment.experiment import Experiment, Name, Rule
from gandiag.spec import Spec

Goal = Literal["low", "high"]
"""Which values of a column are good."""

ADDED = ("quality", "d_loss")
"""Keys of later versions: left out where they are not set, so that the ids of runs stay."""


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
    quality: Mapping[Annotated[str, Field(min_length=1)], Goal] = Field(default_factory=dict)
    """Columns of your own that say how good the samples are, with the values that are good:
    ``{ fid = "low" }``. The verdict says where such a column was best and whether it got worse; it
    has no absolute scale, so that it makes no run healthy.
    """
    d_loss: Literal["sum", "mean", "critic"] | None = None
    """What ``d_loss`` is: the ``"sum"`` or the ``"mean"`` of the cross-entropies on real and
    generated samples, which are 2 ln 2 and ln 2 where D cannot tell them apart, or the loss of a
    ``"critic"``, which is 0 there. None where unknown.
    """

    def written(self) -> dict[str, object]:
        """The values that were written down, without defaults."""
        return self.model_dump(mode="json", exclude_unset=True) | {"kind": self.kind}

    def resolved(self) -> dict[str, object]:
        """Every value, defaults included, as plain data: what the run's id is made of."""
        unset = {key for key in ADDED if not getattr(self, key)}
        return self.model_dump(mode="json", exclude=unset)


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
