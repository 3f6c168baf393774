"""What a monitor writes down: rows of scalars and metrics, frames, and what went wrong."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gandiag.data.samples import Samples
from gandiag.monitoring.comparison import Comparison
from gandiag.monitoring.frames import Frames
from gandiag.monitoring.inbox import Block, Inbox
from gandiag.monitoring.scalars import Held, NotAScalarError, TracedError, hold
from gandiag.monitoring.windows import RESERVED, Row, Windows

FLUSH_CALLS = 100
"""After so many calls what was logged is fetched from its device and written."""

FLUSH_S = 5.0
"""After so many seconds too: a slow loop is seen to live, and a crash takes little with it."""

FRAMES_S = 10.0
"""How often the kept samples are written while the run goes on, in seconds."""


class MonitorWarning(UserWarning):
    """Something could not be recorded; the training goes on untouched."""


class Sink(Protocol):
    """Where a run is written."""

    def append(self, row: Row) -> None:
        """Adds a row."""

    def event(self, **words: Any) -> None:
        """Notes something that happened."""

    def note(self, **notes: str) -> None:
        """Says what a reader has to know."""

    def keep(self, frames: Mapping[int, NDArray[np.float32]]) -> None:
        """Writes the samples kept so far."""

    def keep_real(self, real: Samples) -> None:
        """Keeps real samples."""

    def finish(self, status: Any, wall_s: float, **changes: Any) -> None:
        """Ends the run."""


class Recorder:
    """One run in the making.

    Args:
        sink: Where it is written.
        comparison: What is measured of samples, and how often.
        iterations: How many steps are planned, where that is known.
        listen: Is told of every row.
    """

    def __init__(
        self,
        sink: Sink,
        comparison: Comparison,
        iterations: int | None = None,
        listen: Callable[[Row], None] | None = None,
    ) -> None:
        self._sink = sink
        self._comparison = comparison
        self._listen = listen
        self._windows = Windows(comparison.every, iterations)
        self._frames = Frames()
        self._inbox = Inbox()
        self._complaints: dict[str, str] = {}
        self._step = -1
        self._failing: dict[str, int] = {}
        self._began = self._flushed = self._framed = time.perf_counter()
        if comparison.real is not None:
            sink.keep_real(comparison.real)
        if comparison.evaluator is not None:
            sink.note(evaluator=comparison.evaluator)

    def go_on(self, row: Row | None, frames: Mapping[int, NDArray[np.float32]]) -> None:
        """Continues after the last row of an earlier process."""
        if row is not None:
            self._step = self._windows.go_on(row)
        for step, values in frames.items():
            self._frames.add(step, Samples(values))

    @property
    def failing_since(self) -> int | None:
        """The step since which something is not finite; None while all is well."""
        return min(self._failing.values(), default=None)

    @property
    def latest(self) -> int:
        """The last step that was logged, or -1."""
        return self._step

    def log(
        self, step: int, scalars: Mapping[str, Any], d_updates: int | None, g_updates: int | None
    ) -> None:
        """Takes scalars and counts of a step; fetches nothing."""
        if step < self._step:
            self._fell(step)
            return
        try:
            self._inbox.put(step, scalars, d_updates, g_updates)
        except TracedError:
            self._traced()
            return
        except NotAScalarError:
            self._inbox.put(step, dict(self._numbers(scalars)), d_updates, g_updates)
        self._step = step
        if self._inbox.calls >= FLUSH_CALLS or time.perf_counter() - self._flushed > FLUSH_S:
            self.flush()

    def _numbers(self, scalars: Mapping[str, Any]) -> Iterator[tuple[str, Held]]:
        """What can be recorded of a call; what cannot is said once, and None is no number."""
        for name, value in scalars.items():
            if value is None:
                continue
            try:
                yield name, hold(value)
            except NotAScalarError as error:
                self.complain(name, f"{name} was not recorded: {error}")

    def wants_samples(self, step: int) -> bool:
        """Whether samples of a step would make a row."""
        return self._windows.is_due(step)

    def log_samples(self, step: int, fake: Samples) -> None:
        """Measures samples; with the scalars so far they are a row."""
        if step < self._step:
            self._fell(step)
            return
        if step <= self._windows.row:
            self.complain("samples", f"samples were logged twice at step {step}; the first count")
            return
        if self._comparison.real is None and self._windows.row < 0:
            self._sink.keep_real(Samples(fake.values[:0], fake.shape))
        self._step = step
        self.flush()
        columns, lost = self._comparison.measuring(fake)
        for name, why in lost.items():
            self.complain(name, f"the metric {name} was not recorded: {why}")
        finite = bool(np.isfinite(fake.values).all())
        self._watch("samples", step, finite)
        self._append(self._windows.close(step, **columns))
        self._frames.add(step, fake)
        if time.perf_counter() - self._framed > FRAMES_S:
            self._keep_frames()

    def flush(self) -> None:
        """Fetches what was logged and writes the rows that are complete."""
        self._flushed = time.perf_counter()
        for block in self._inbox.take():
            self._look_at(block)
            for row in self._windows.take(block):
                self._append(row)

    def end(self, status: str, *, at_leisure: bool = True, error: str | None = None) -> None:
        """Writes all that is left, and the outcome."""
        self.flush()
        for row in self._windows.rest():
            self._append(row)
        if self._windows.late:
            names = ", ".join(self._windows.late)
            self.complain("late", f"{names}: logged after the samples of the last step, in no row")
        self._keep_frames()
        changes: dict[str, Any] = {"error": error, "at_leisure": at_leisure}
        if status == "completed" and self.failing_since is not None:
            status = "diverged"
            changes |= {"diverged_at": self.failing_since, "diverged_in": "train"}
        self._sink.finish(status, round(time.perf_counter() - self._began, 3), **changes)

    def complain(self, key: str, message: str) -> None:
        """Warns once of each thing, and writes it down."""
        if key in self._complaints:
            return
        self._complaints[key] = message
        warn(message)
        self._sink.note(**{f"monitor: {key}": message})

    def _append(self, row: Row) -> None:
        row = row | {"wall_s": round(time.perf_counter() - self._began, 4)}
        self._sink.append(row)
        if self._listen is not None:
            self._listen(row)

    def _look_at(self, block: Block) -> None:
        """Keeps since when something logged is not finite, with what else is to be said of it."""
        for name in RESERVED.intersection(block.names):
            self.complain(name, f"{name} was not recorded: every row has a column of that name")
        finite = np.isfinite(block.values)
        for name, column in zip(block.names, finite.T, strict=True):
            if column[-1] and column.all():
                self._failing.pop(name, None)
            else:
                self._watch_closely(name, block.steps, column)

    def _watch_closely(
        self, name: str, steps: NDArray[np.int64], finite: NDArray[np.bool_]
    ) -> None:
        """Notes the first call of a column that is not finite, and of the streak it ends with."""
        self._watch(name, int(steps[np.argmin(finite)]), False)
        if finite[-1]:
            self._failing.pop(name)
        elif finite.any():
            first = len(finite) - int(np.argmax(finite[::-1]))
            self._failing[name] = int(steps[first])

    def _watch(self, what: str, step: int, finite: bool) -> None:
        """Keeps since when something is not finite; a loss may recover, as with loss scaling."""
        if finite:
            self._failing.pop(what, None)
        elif what not in self._failing:
            self._failing[what] = step
            self._sink.event(event="not finite", what=what, iteration=step)

    def _keep_frames(self) -> None:
        self._framed = time.perf_counter()
        if self._frames.held:
            self._sink.keep(self._frames.held)

    def _fell(self, step: int) -> None:
        self.complain(
            "step",
            f"step fell from {self._step} to {step}: what belongs to steps before the last is not "
            "recorded. Count steps through the whole training, not anew in every epoch",
        )

    def _traced(self) -> None:
        self.complain(
            "tracing",
            "log was called while a function was being traced (tf.function, jax.jit), which "
            "happens once and not at every step; nothing was recorded. Call it outside, with what "
            "the function returns",
        )


def warn(message: str) -> None:
    """Warns, and only that: where warnings are errors, the training is not to feel it."""
    with suppress(MonitorWarning):
        warnings.warn(f"gandiag.Monitor: {message}", MonitorWarning, stacklevel=4)
