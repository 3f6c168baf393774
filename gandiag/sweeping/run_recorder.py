"""One run of a group that trains: its rows, frames and weights, and when it is over."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from gandiag.analysis.stopping import best, stopped
from gandiag.diagnosis.live import LiveVerdict, event_of
from gandiag.diagnosis.outcome import finish
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.stopping import Stopping
from gandiag.measure import Row, columns_of
from gandiag.running.training_loop import Observation, StartPoint
from gandiag.store.checkpoint import Checkpoint
from gandiag.store.manifest import FINISHED, Status
from gandiag.store.run import RunWriter
from gandiag.store.weights import Weights
from gandiag.sweeping.frames import FramePlan, make_frame

Place = StartPoint | Observation
"""A phase, an iteration of it, and the state there."""


class RunRecorder:
    """A run and its place in the group.

    Args:
        writer: The run.
        lane: Its lane.
        experiment: What is trained.
        framing: Which log points keep what.
    """

    def __init__(
        self, writer: RunWriter, lane: int, experiment: Experiment, framing: FramePlan
    ) -> None:
        self.writer = writer
        self.lane = lane
        self._framing = framing
        self._watch = _watch(writer, experiment)
        self._live = LiveVerdict(experiment)
        for earlier in writer.rows():
            self._note(earlier)
        self._rule, self._iterations = experiment.stopping, experiment.iterations

    @property
    def status(self) -> Status:
        """How it stands."""
        return self.writer.manifest.status

    @property
    def is_over(self) -> bool:
        """Whether it came to its end."""
        return self.status in FINISHED

    def record(self, seen: Observation, row: Row) -> None:
        """Takes in a log point, which may be the run's last."""
        self.writer.append(row)
        if seen.phase == "train":
            self._keep(seen)
        failed_at = int(seen.values["failed_at"][self.lane])
        if failed_at >= 0:
            self._diverge(seen, failed_at, row["wall_s"])
        elif seen.phase == "train":
            self._note(row)
            self._consider(seen, row)

    def end(self, place: Place, status: Status, wall_s: float, **changes: Any) -> None:
        """Ends the run with the weights it has; there are no two players before the game."""
        if place.phase == "train":
            self.writer.keep_weights("last", self._weights(place))
        if self._watch is not None and self._watch.best is not None:
            self.writer.keep_weights("best", self._watch.best)
        finish(self.writer, status, round(wall_s, 3), **changes)

    def save(self, place: Place, state: Mapping[str, NDArray[Any]], wall_s: float) -> None:
        """Writes a checkpoint, from the state of all lanes by dotted name."""
        own = {name: value[self.lane] for name, value in state.items()}
        best = self._watch.best if self._watch else None
        kept = (self.writer.frames, self.writer.answers, best)
        self.writer.save(Checkpoint(place.phase, place.iteration, wall_s, own, *kept))

    def _keep(self, seen: Observation) -> None:
        if seen.iteration in self._framing.kept:
            self._keep_frame(seen)
        if seen.iteration in self._framing.snapshots:
            self.writer.keep_weights(seen.iteration, self._weights(seen))

    def _keep_frame(self, seen: Observation) -> None:
        found = make_frame(seen.values, self.lane, self._framing.images)
        if found:
            self.writer.keep_frame(seen.iteration, **found)

    def _note(self, row: Row) -> None:
        """Takes in a row; a new verdict is an event of the run."""
        verdict = self._live.take(row)
        if verdict is not None:
            self.writer.event(**event_of(row["iteration"], verdict))

    def _stop(self, seen: Observation, row: Row, **why: str) -> None:
        """Ends the run before its time."""
        self._keep_frame(seen)
        said = {"event": "stopped", "phase": seen.phase, "iteration": seen.iteration}
        self.writer.event(**said, **why)
        self.end(seen, "completed", row["wall_s"], stopped_at=seen.iteration)

    def _consider(self, seen: Observation, row: Row) -> None:
        """Keeps the weights if they are the best so far; ends the run if its experiment says so."""
        watch, rule = self._watch, self._rule
        column = "" if watch is None else watch.rule.column or ""
        if watch is not None:
            watch.note(row.get(column), lambda: self._weights(seen))
        if rule is not None and self._is_lost(rule) and seen.iteration < self._iterations:
            self._stop(seen, row, verdict=self._live.verdict.name)
        elif watch is not None and watch.is_over:
            self._stop(seen, row, column=column)

    def _is_lost(self, rule: Stopping) -> bool:
        """Whether this log point's verdict is one that ends the training."""
        live = self._live
        return live.judged and live.verdict.name in rule.verdicts and live.points > rule.after

    def _diverge(self, seen: Observation, failed_at: int, wall_s: float) -> None:
        self.writer.event(event="diverged", phase=seen.phase, iteration=failed_at)
        if seen.phase == "train":
            self._keep_frame(seen)
        self.end(seen, "diverged", wall_s, diverged_at=failed_at, diverged_in=seen.phase)

    def _weights(self, place: Place) -> Weights:
        return Weights.of_lane(place.state or {}, self.lane, place.iteration)


def _watch(writer: RunWriter, experiment: Experiment) -> StoppingWatch | None:
    """What follows the run, with what its journal and its checkpoint hold."""
    wanted, found = experiment.stopping, writer.checkpoint
    rule = wanted.watching(columns_of(experiment)) if wanted else None
    if rule is None or rule.column is None:
        return None
    return StoppingWatch(rule, writer.recorded(rule.column), found.best if found else None)


class StoppingWatch:
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
