"""When to stop a training early, and which of its weights to keep."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, model_validator

from gandiag.analysis.names import Alarm
from gandiag.columns import DISTANCES, current
from gandiag.spec import Spec


class Stopping(Spec):
    """What is monitored in a training, and for how long it may fail to improve.

    The rule judges what is recorded at the log points, and nothing between them. A training that
    it stops is completed: its success is judged on what was recorded until then. Losses are poor
    columns to watch, for in a game they need not fall while the samples get better.
    """

    column: str | None = None
    """The recorded column; one that has a value at every log point. None where only the verdict is
    watched.
    """
    goal: Literal["low", "high"] = "low"
    """Whether ``"low"`` or ``"high"`` values are good; required with a column."""
    threshold: Annotated[float, Field(ge=0)] = 0.0
    """The least improvement that counts as one, in units of the column; of 0 any improvement does.
    It is best above the column's noise (its ``_se``), for the lowest of many noisy values falls for
    ever.
    """
    patience: Annotated[int, Field(ge=1)] | None = None
    """After how many log points without an improvement the training stops; None for never, and then
    only the best weights are kept.
    """
    keep_best: bool = True
    """Whether the weights of the best log point are kept beside the last; without a column, of that
    where the samples are the nearest to the data.
    """
    verdicts: Annotated[tuple[Alarm, ...], Field(strict=False)] = ()
    """The live verdicts that end the training, e.g. ``["diverging", "dead"]``; the diagnosis is
    made at 50 fixed fractions of the length.
    """
    after: Annotated[int, Field(ge=0)] = 0
    """The number of log points before which nothing stops, e.g. for a transient in which the column
    first moves the wrong way.
    """

    @model_validator(mode="after")
    def _does_something(self) -> Stopping:
        if self.column is not None and "goal" not in self.model_fields_set:
            raise ValueError('stopping needs goal = "low" or "high" with its column')
        if self.column is None and (self.patience is not None or not self.verdicts):
            raise ValueError("stopping needs a column to watch, or verdicts that end the training")
        if not (self.patience or self.keep_best or self.verdicts):
            raise ValueError("stopping needs patience, keep_best = true, verdicts or all of them")
        return self

    def _renamed(self) -> Stopping:
        """The rule with the column's name of today."""
        column = None if self.column is None else current(self.column)
        return self if column == self.column else self.model_copy(update={"column": column})

    def watching(self, columns: Collection[str]) -> Stopping | None:
        """The rule with the column that it watches, or None where there is none to watch.

        Args:
            columns: Those that are recorded. A rule that names none keeps the weights that are
                the nearest to the data, by the distance that the diagnosis goes by.
        """
        if self.column is not None or not self.keep_best:
            return self._renamed() if self._renamed().column in columns else None
        column = next((each for each in DISTANCES if each.name in columns), None)
        if column is None:
            return None
        return self.model_copy(update={"column": column.name, "goal": column.better})
