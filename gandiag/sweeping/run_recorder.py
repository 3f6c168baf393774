"""Records one run of a group in training: its rows, frames and weights, and when it ends."""

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
    """Records a run, which is one lane of a group.

    Args:
        writer: Writes the run.
        lane: Its lane.
        experiment: What is trained.
        frames: Which log points keep what.
    """

    def __init__(
        self, writer: RunWriter, lane: int, experiment: Experiment, frames: FramePlan
    ) -> None:
        self.writer = writer
        self.lane = lane
        self._frames = frames
        self._watch = _watch(writer, experiment)
        self._live = LiveVerdict(experiment)
        for earlier in writer.rows():
            self._note(earlier)
        self._rule, self._iterations = experiment.stopping, experiment.iterations

    @property
    def status(self) -> Status:
        """The run's status."""
        return self.writer.manifest.status

    @property
    def is_over(self) -> bool:
        """Whether the run has ended regularly."""
        return self.status in FINISHED

    def record(self, observation: Observation, row: Row) -> None:
        """Records a log point, which may be the run's last."""
        self.writer.append(row)
        if observation.phase == "train":
            self._keep(observation)
        failed_at = int(observation.values["failed_at"][self.lane])
        if failed_at >= 0:
            self._diverge(observation, failed_at, row["wall_s"])
        elif observation.phase == "train":
            self._note(row)
            self._check_stopping(observation, row)

    def end(self, place: Place, status: Status, wall_s: float, **changes: Any) -> None:
        """Ends the run and writes its weights; in pre-training there are not yet two players."""
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

    def _keep(self, observation: Observation) -> None:
        if observation.iteration in self._frames.kept:
            self._keep_frame(observation)
        if observation.iteration in self._frames.snapshots:
            self.writer.keep_weights(observation.iteration, self._weights(observation))

    def _keep_frame(self, observation: Observation) -> None:
        found = make_frame(observation.values, self.lane, self._frames.images)
        if found:
            self.writer.keep_frame(observation.iteration, **found)

    def _note(self, row: Row) -> None:
        """Passes a row to the live diagnosis; a new verdict becomes an event of the run."""
        verdict = self._live.take(row)
        if verdict is not None:
            self.writer.event(**event_of(row["iteration"], verdict))

    def _stop(self, observation: Observation, row: Row, **why: str) -> None:
        """Ends the run before its last iteration."""
        self._keep_frame(observation)
        event = {"event": "stopped", "phase": observation.phase, "iteration": observation.iteration}
        self.writer.event(**event, **why)
        self.end(observation, "completed", row["wall_s"], stopped_at=observation.iteration)

    def _check_stopping(self, observation: Observation, row: Row) -> None:
        """Keeps the weights if they are the best so far; ends the run if it has to stop."""
        watch, rule = self._watch, self._rule
        column = "" if watch is None else watch.rule.column or ""
        if watch is not None:
            watch.note(row.get(column), lambda: self._weights(observation))
        if (
            rule is not None
            and self._has_stopping_verdict(rule)
            and observation.iteration < self._iterations
        ):
            self._stop(observation, row, verdict=self._live.verdict.name)
        elif watch is not None and watch.is_over:
            self._stop(observation, row, column=column)

    def _has_stopping_verdict(self, rule: Stopping) -> bool:
        """Whether the verdict of this log point is one that ends the training."""
        live = self._live
        return live.judged and live.verdict.name in rule.verdicts and live.points > rule.after

    def _diverge(self, observation: Observation, failed_at: int, wall_s: float) -> None:
        self.writer.event(event="diverged", phase=observation.phase, iteration=failed_at)
        if observation.phase == "train":
            self._keep_frame(observation)
        self.end(
            observation, "diverged", wall_s, diverged_at=failed_at, diverged_in=observation.phase
        )

    def _weights(self, place: Place) -> Weights:
        return Weights.of_lane(place.state or {}, self.lane, place.iteration)


def _watch(writer: RunWriter, experiment: Experiment) -> StoppingWatch | None:
    """Follows the run's stopping rule, from the rows and the checkpoint that exist already."""
    wanted, found = experiment.stopping, writer.checkpoint
    rule = wanted.watching(columns_of(experiment)) if wanted else None
    if rule is None or rule.column is None:
        return None
    return StoppingWatch(rule, writer.recorded(rule.column), found.best if found else None)


class StoppingWatch:
    """Follows the column of a stopping rule: when to stop, and which weights are the best.

    It depends only on the run's journal, so an interrupted run stops where an uninterrupted one
    does.

    Args:
        rule: The stopping rule; it watches a column.
        recorded: The rule's column at the log points so far, None for a missing value.
        kept: The weights of the best of them, if weights are kept.

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
        """Takes a log point's value; calls ``weights`` only if it is the best so far."""
        self._values.append(_number(value))
        if self.rule.keep_best and best(self._values, self.rule) == len(self._values) - 1:
            self.best = weights()

    @property
    def is_over(self) -> bool:
        """Whether the run stops at this log point."""
        return stopped(self._values, self.rule) is not None


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
