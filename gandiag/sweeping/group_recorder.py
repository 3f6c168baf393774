"""What a worker does with a group: trains it, measures every log point, and writes the runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from gandiag.experiment.recorded import require_experiment
from gandiag.measure import Row, measure
from gandiag.running.runner import Runner, flatten, unflatten
from gandiag.running.training_loop import Observation, StartPoint, lane_of, lanes_of, train
from gandiag.store.run import RunWriter
from gandiag.sweeping.frames import plan_frames
from gandiag.sweeping.headline import headline_columns
from gandiag.sweeping.job import Job, Message
from gandiag.sweeping.run_recorder import Place, RunRecorder

SHARE = 0.02
"""The share of the training's time that saving may take."""

NEGLIGIBLE_S = 0.2
"""Saves of up to this duration, in seconds, do not lengthen the pause: 2 % of ten seconds."""

PROGRESS_EVERY_S = 0.2
"""The least time between two progress messages, in seconds."""


class GroupRecorder:
    """Trains and records the runs of one group, which start at the same iteration.

    Args:
        writers: Write the runs.
        job: How they are trained.
        send: Sends a message to the parent process.
    """

    def __init__(
        self, writers: Sequence[RunWriter], job: Job, send: Callable[[Message], None]
    ) -> None:
        self._job = job
        self._send = send
        self._experiment = require_experiment(writers[0].experiment)
        self._frames = plan_frames(self._experiment)
        self._lanes = lanes_of([writer.seed for writer in writers], job.width)
        self._active = [
            RunRecorder(w, lane_of(w.seed, job.width), self._experiment, self._frames)
            for w in writers
        ]
        self._headline = headline_columns(self._experiment)
        self._pace = Pace(job.checkpoint_every_s)
        self._before_s = max(w.checkpoint.wall_s if w.checkpoint else 0.0 for w in writers)
        self._began = time.perf_counter()
        self._reported = -np.inf

    def train(self, runner: Runner, start: StartPoint) -> None:
        """Trains the group to its end, or until no run of it is left."""
        start = StartPoint(start.phase, start.iteration, self._states())
        place: Place = start
        for place in train(runner, self._experiment, self._job.setting, self._lanes, start):
            self._record(place)
            if not self._active:
                return
        for member in self._active:
            member.end(place, "completed", self._wall_s())
            self._report_end(member)

    def _record(self, observation: Observation) -> None:
        thorough = observation.phase == "train" and observation.iteration in self._frames.thorough
        rows = measure(self._experiment, observation, thorough)
        for member in self._active:
            head = {"seed": member.writer.seed, "backend": self._job.backend}
            row = head | rows[member.lane] | {"wall_s": round(self._wall_s(), 4)}
            member.record(observation, row)
            if member.is_over:
                self._report_end(member)
        self._active = [member for member in self._active if not member.is_over]
        self._save(observation)
        self._report_progress(observation, rows)

    def _report_end(self, member: RunRecorder) -> None:
        self._send(Message(kind="ended", seed=member.writer.seed, status=member.status))

    def _save(self, observation: Observation) -> None:
        """Writes checkpoints, by the clock: they change no number."""
        if not self._pace.is_due or not observation.iteration or self._is_last(observation):
            return
        with self._pace.saving():
            state = flatten(observation.state)
            for member in self._active:
                member.save(observation, state, self._wall_s())

    def _report_progress(self, observation: Observation, rows: list[Row]) -> None:
        now = time.perf_counter()
        if now - self._reported < PROGRESS_EVERY_S and not self._is_last(observation):
            return
        self._reported = now
        latest = {
            member.writer.seed: {name: rows[member.lane].get(name) for name in self._headline}
            for member in self._active
        }
        where = {"phase": observation.phase, "iteration": observation.iteration}
        self._send(Message(kind="progress", latest=latest, **where))

    def _states(self) -> dict[str, Any] | None:
        """The states of the lanes from the runs' checkpoints; an empty lane copies another."""
        found = {member.lane: member.writer.checkpoint for member in self._active}
        first = next(iter(found.values()))
        if first is None:
            return None
        lanes = [found.get(lane) or first for lane in range(len(self._lanes))]
        return unflatten(
            {name: np.stack([lane.state[name] for lane in lanes]) for name in first.state}
        )

    def _is_last(self, observation: Observation) -> bool:
        return observation.phase == "train" and observation.iteration == self._experiment.iterations

    def _wall_s(self) -> float:
        return self._before_s + time.perf_counter() - self._began


class Pace:
    """Decides when a save is due; it does not influence the training.

    Args:
        every_s: The time between two saves that cost next to nothing, in seconds.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = self._wait_s = every_s
        self._saved = time.perf_counter()

    @property
    def is_due(self) -> bool:
        """Whether to save now."""
        return time.perf_counter() - self._saved >= self._wait_s

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Times a save; the next is due when that time is a small share of the training."""
        began = time.perf_counter()
        yield
        self._saved = time.perf_counter()
        self._wait_s = wait_s(self._every_s, self._saved - began)


def wait_s(every_s: float, cost_s: float) -> float:
    """How long to train until the next save, in seconds.

    Args:
        every_s: The minimum.
        cost_s: How long the last save took.

    >>> wait_s(10, 0.1), wait_s(10, 1.5)
    (10, 75.0)
    """
    return max(every_s, cost_s / SHARE) if cost_s > NEGLIGIBLE_S else every_s
