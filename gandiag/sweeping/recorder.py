"""What a worker does with a group: trains it, measures every log point, and writes the runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gandiag.group import Observation, Start, lane_of, lanes_of, log_points, train
from gandiag.measure import Row, measure
from gandiag.recorded import ours
from gandiag.runner import Runner, flatten, unflatten
from gandiag.store.checkpoint import Checkpoint
from gandiag.store.run import RunWriter
from gandiag.sweeping.job import Job, Message

SPEAK_EVERY_S = 0.2
"""How often progress is told at most, in seconds."""


class GroupRecorder:
    """The runs of one group, which stand at the same place.

    Args:
        writers: The runs.
        job: How they are trained.
        say: Tells the parent.
    """

    def __init__(
        self, writers: Sequence[RunWriter], job: Job, say: Callable[[Message], None]
    ) -> None:
        self._job = job
        self._say = say
        self._experiment = ours(writers[0].experiment)
        self._lanes = lanes_of([writer.seed for writer in writers], job.width)
        self._active = {lane_of(w.seed, job.width): w for w in writers}
        recording, game = self._experiment.recording, self._experiment.schedule
        self._frames = _spread(log_points(game.iterations, recording.every), recording.frames)
        self._before_s = max(w.checkpoint.wall_s if w.checkpoint else 0.0 for w in writers)
        self._began = self._saved = time.perf_counter()
        self._spoke = -np.inf

    def train(self, runner: Runner, start: Start) -> None:
        """Trains the group to its end, or until no run of it is left."""
        start = Start(start.phase, start.iteration, self._states())
        for observation in train(runner, self._experiment, self._job.setting, self._lanes, start):
            self._record(observation)
            if not self._active:
                return
        for lane in list(self._active):
            self._end(lane, "completed")

    def _record(self, observation: Observation) -> None:
        rows = measure(self._experiment, observation)
        for lane, writer in list(self._active.items()):
            self._append(writer, rows[lane])
            if observation.phase == "train" and observation.iteration in self._frames:
                samples = observation.values["samples"][lane].T
                writer.keep_frame(observation.iteration, np.asarray(samples, dtype=np.float32))
            failed_at = int(observation.values["failed_at"][lane])
            if failed_at >= 0:
                self._diverge(lane, observation, failed_at)
        self._save(observation)
        self._speak(observation, rows)

    def _append(self, writer: RunWriter, row: Row) -> None:
        identity = {"seed": writer.seed, "backend": self._job.backend}
        writer.append(identity | row | {"wall_s": round(self._wall_s(), 4)})

    def _diverge(self, lane: int, observation: Observation, failed_at: int) -> None:
        writer = self._active[lane]
        writer.event(event="diverged", phase=observation.phase, iteration=failed_at)
        if observation.phase == "train":
            samples = observation.values["samples"][lane].T
            writer.keep_frame(observation.iteration, np.asarray(samples, dtype=np.float32))
        self._end(lane, "diverged", diverged_at=failed_at, diverged_in=observation.phase)

    def _end(self, lane: int, status: Any, **changes: Any) -> None:
        writer = self._active.pop(lane)
        writer.finish(status, round(self._wall_s(), 3), **changes)
        self._say(Message(kind="ended", seed=writer.seed, status=status))

    def _save(self, observation: Observation) -> None:
        """Writes checkpoints, by the clock: they change no number."""
        now = time.perf_counter()
        if now - self._saved < self._job.checkpoint_every_s or not observation.iteration:
            return
        self._saved = now
        state = flatten(observation.state)
        for lane, writer in self._active.items():
            own = {name: value[lane] for name, value in state.items()}
            where = (observation.phase, observation.iteration, self._wall_s())
            writer.save(Checkpoint(*where, own, writer.frames))

    def _speak(self, observation: Observation, rows: list[Row]) -> None:
        now = time.perf_counter()
        last = observation.iteration == self._experiment.schedule.iterations
        if now - self._spoke < SPEAK_EVERY_S and not last:
            return
        self._spoke = now
        latest = {
            writer.seed: {name: rows[lane].get(name) for name in ("mean", "std")}
            for lane, writer in self._active.items()
        }
        where = {"phase": observation.phase, "iteration": observation.iteration}
        self._say(Message(kind="progress", latest=latest, **where))

    def _states(self) -> dict[str, Any] | None:
        """The lanes' states from the runs' checkpoints; a lane without a run repeats another."""
        found = {lane: writer.checkpoint for lane, writer in self._active.items()}
        first = next(iter(found.values()))
        if first is None:
            return None
        lanes = [found.get(lane) or first for lane in range(len(self._lanes))]
        return unflatten(
            {name: np.stack([lane.state[name] for lane in lanes]) for name in first.state}
        )

    def _wall_s(self) -> float:
        return self._before_s + time.perf_counter() - self._began


def _spread(points: list[int], count: int) -> set[int]:
    """Some of the log points, evenly, with the first and the last."""
    picked = np.linspace(0, len(points) - 1, min(count, len(points))).round().astype(int)
    return {points[k] for k in picked}
