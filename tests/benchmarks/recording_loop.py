"""What a worker's time goes into, training devnag-1d: ``recording_loop.py BACKEND MODE``.

The engine and the draws are timed inside a worker at its ordinary work; all else from one log
point to the next is recording: observing, measuring, the journal, frames and checkpoints.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from gandiag.experiment.loading import read_experiment
from gandiag.plugins import runner
from gandiag.running.streams import Feed
from gandiag.running.training_loop import StartPoint
from gandiag.store.run import RunWriter
from gandiag.sweeping.execution import make_plan
from gandiag.sweeping.group_recorder import GroupRecorder
from gandiag.sweeping.request import Request

ITERATIONS, WARM = 1000, 8


class Stopwatch:
    """Adds up the time spent in some functions."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""

        def timed(*arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*arguments)
            finally:
                self.seconds += time.perf_counter() - began

        return timed


def main(backend: str, mode: str) -> None:
    """Prints the median share of recording in the time of training."""
    found, watch, marks = runner(backend), Stopwatch(), []
    make_engine = found.engine

    class Timed:
        """The runner, with a watch on its engine."""

        def engine(self, *arguments: Any) -> Any:
            engine = make_engine(*arguments)
            engine.advance = watch.around(engine.advance)
            return engine

    Feed.of_chunk = watch.around(Feed.of_chunk)  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        recorder = prepared(backend, mode, Path(folder))
        record = recorder._record

        def marked(observation: Any) -> None:
            record(observation)
            marks.append((time.perf_counter(), watch.seconds))

        recorder._record = marked  # type: ignore[method-assign]
        recorder.train(Timed(), StartPoint("train"))  # type: ignore[arg-type]
    pairs = list(zip(marks[WARM:], marks[WARM + 1 :], strict=False))
    training = [b[1] - a[1] for a, b in pairs]
    recording = [b[0] - a[0] - spent for (a, b), spent in zip(pairs, training, strict=True)]
    print(median(recording) / median(training))


def prepared(backend: str, mode: str, folder: Path) -> GroupRecorder:
    """A recorder of one group in a store of its own."""
    settings = {"schedule.iterations": ITERATIONS}
    experiment = read_experiment("devnag-1d", settings)
    width = runner(backend).setting(experiment, "cpu", mode).width
    request = Request(experiment, width, backend, "cpu", mode, out=folder)
    plan = make_plan(request)
    writers = []
    for run in plan.runs:
        directory = folder / run.identity.directory
        directory.mkdir()
        run.write(directory)
        writers.append(RunWriter(directory, run, experiment))
    return GroupRecorder(writers, plan.jobs[0], lambda message: None)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
