"""A run under a stopping rule: what it was worth at every log point, and its best weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from gandiag.analysis.stopping import best, stopped
from gandiag.experiment.stopping import Stopping
from gandiag.store.weights import Weights


class Watch:
    """Follows one run.

    It decides on what the run's journal holds, so a run that was interrupted decides as one that
    was not.

    Args:
        rule: The stopping rule; it watches a column.
        recorded: The rule's column at the log points so far, None where it has no value.
        kept: The weights of the best of them, where weights are kept.

    Attributes:
        rule: The stopping rule.
        best: The weights of the best log point so far; None where none are kept.
    """

    def __init__(
        self, rule: Stopping, recorded: Sequence[float | None] = (), kept: Weights | None = None
    ) -> None:
        self.rule = rule
        self.best = kept
        self._values = [_number(value) for value in recorded]

    def note(self, value: float | None, weights: Callable[[], Weights]) -> None:
        """Takes in a log point; its weights are asked for only if it is the best so far."""
        self._values.append(_number(value))
        if self.rule.keep_best and best(self._values, self.rule) == len(self._values) - 1:
            self.best = weights()

    @property
    def is_over(self) -> bool:
        """Whether the run has to end here."""
        return stopped(self._values, self.rule) is not None


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
