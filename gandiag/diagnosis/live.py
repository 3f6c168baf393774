"""The verdict on a run during its training: the same function, at fixed fractions of the length."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gandiag.analysis.record import Record
from gandiag.analysis.scope import Scope
from gandiag.analysis.verdict import Verdict, decide, undecided
from gandiag.diagnosis.records import NO_SERIES, made, number
from gandiag.experiment.recorded import Trained

FRACTIONS = 50
"""A run is judged at so many fixed fractions of its planned length."""

MORE = 20
"""Where the length is unknown, it is judged whenever the record is 1/20 longer."""

NOTHING = undecided("not enough data: the run has not been judged yet")


def judge(record: Callable[[], Record]) -> Verdict:
    """The verdict; undecided where the diagnosis itself fails, which must not stop a training run.

    Args:
        record: Makes the record; it may fail as well.
    """
    try:
        with np.errstate(all="ignore"):
            return decide(record())
    except Exception as error:
        missing = f"the diagnosis failed, please report it: {type(error).__name__}: {error}"
        return undecided(missing)


def not_finite_since(iteration: int, scope: Scope | None = None) -> Verdict:
    """The verdict on a run that logs a value that is not finite."""
    statements = ("a logged value is infinite or NaN",)
    since = f"since iteration {iteration:,}"
    return Verdict("diverging", iteration, since, statements, scope=scope)


def event_of(iteration: int, verdict: Verdict) -> dict[str, Any]:
    """The event of a verdict during the training, on all rows up to an iteration."""
    fields = {"verdict": verdict.name, "onset": verdict.onset, "sentence": verdict.sentence}
    return {"event": "verdict", "phase": "train", "iteration": iteration} | fields


class LiveVerdict:
    """Takes in the rows of a run and judges it now and then.

    It is judged at the first log point at or after each fiftieth of the planned length, on what
    was recorded until then: whoever has the journal comes to the same verdict at that prefix.

    Args:
        trained: What is trained.

    Attributes:
        verdict: The latest verdict.
        judged: Whether the row that was taken in last was one to judge at.
    """

    def __init__(self, trained: Trained) -> None:
        self.verdict = NOTHING
        self.judged = False
        self._trained = trained
        self._iterations: list[int] = []
        self._columns: dict[str, list[float]] = {}
        self._next = self._after(0)

    def take(self, row: Mapping[str, Any]) -> Verdict | None:
        """Takes in a row; the verdict, where it is time for one and it is another than before."""
        self.judged = False
        if row.get("phase", "train") != "train":
            return None
        due = self._reaches(int(row["iteration"]))
        self._hold(row)
        if not due:
            return None
        self.judged = True
        before, self.verdict = self.verdict, judge(self.record)
        self._next = self._after(int(row["iteration"]))
        return None if self.verdict.name == before.name else self.verdict

    def is_due_at(self, iteration: int) -> bool:
        """Whether the run is judged when the next row, at that iteration, is taken in.

        The first row counts too: an onset may lie there.
        """
        return not self._iterations or self._reaches(iteration)

    def _reaches(self, iteration: int) -> bool:
        return (iteration if self._trained.iterations else self.points + 1) >= self._next

    @property
    def points(self) -> int:
        """How many log points were taken in."""
        return len(self._iterations)

    def conclude(self, finished: bool) -> None:
        """Judges all that was taken in; of a run that came to its end the length is known."""
        if self._iterations:
            self.verdict = judge(lambda: self.record().ended() if finished else self.record())

    def record(self) -> Record:
        """All that was taken in."""
        columns = {name: np.array(values) for name, values in self._columns.items()}
        return made(np.array(self._iterations, dtype=np.int64), columns, self._trained)

    def _hold(self, row: Mapping[str, Any]) -> None:
        points = len(self._iterations)
        self._iterations.append(int(row["iteration"]))
        for name in row:
            if name not in NO_SERIES and name not in self._columns:
                self._columns[name] = [np.nan] * points
        for name, values in self._columns.items():
            values.append(number(row.get(name)))

    def _after(self, iteration: int) -> int:
        planned = self._trained.iterations
        if planned:
            return -(-(iteration * FRACTIONS // planned + 1) * planned // FRACTIONS)
        return len(self._iterations) + max(1, len(self._iterations) // MORE)
