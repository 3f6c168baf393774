"""What a monitor writes down: rows of scalars and metrics, frames, and what went wrong."""

from __future__ import annotations

import re
import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.verdict import Verdict
from gandiag.data.samples import Samples
from gandiag.diagnosis.live import LiveVerdict, event_of, not_finite_since
from gandiag.experiment.recorded import Recorded
from gandiag.monitoring.coercion import comparable
from gandiag.monitoring.comparison import Comparison
from gandiag.monitoring.frames import Frames
from gandiag.monitoring.log_buffer import Block, LogBuffer
from gandiag.monitoring.scalars import Held, NotAScalarError, TracedError, hold, whole
from gandiag.monitoring.windows import RESERVED, Row, Windows
from gandiag.store.manifest import FINISHED

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
        self._live = LiveVerdict(Recorded(name="loop", iterations=iterations))
        self._frames = Frames()
        self._buffer = LogBuffer()
        self._complaints: dict[str, str] = {}
        self._form = comparison.real
        self._lock = threading.RLock()  # loops log from more than one thread
        self._step = -1
        self._failing: dict[str, int] = {}
        self._began = self._flushed = self._framed = time.perf_counter()
        if comparison.real is not None:
            sink.keep_real(comparison.real)
        if comparison.evaluator is not None:
            sink.note(evaluator=comparison.evaluator)

    def go_on(self, rows: Sequence[Row], frames: Mapping[int, NDArray[np.float32]]) -> None:
        """Continues after the rows of an earlier process."""
        for row in rows:
            self._live.take(row)
        if rows:
            row = rows[-1]
            self._step = self._windows.go_on(row)
            self._began -= float(row.get("wall_s") or 0.0)
        for step, values in frames.items():
            self._frames.add(step, Samples(values))

    @property
    def failing_since(self) -> int | None:
        """The step since which something is not finite; None while all is well."""
        return min(self._failing.values(), default=None)

    @property
    def verdict(self) -> Verdict:
        """The latest verdict; that the run diverges as soon as something is not finite."""
        since = self.failing_since
        return self._live.verdict if since is None else not_finite_since(since)

    @property
    def latest(self) -> int:
        """The last step that was logged, or -1."""
        return self._step

    def log(
        self, step: Any, scalars: Mapping[str, Any], d_updates: Any = None, g_updates: Any = None
    ) -> None:
        """Takes scalars and counts of a step; fetches nothing."""
        with self._lock:
            number = self._number(step)
            if number is None:
                return
            if number < self._step:
                self._fell(number)
                return
            try:
                self._buffer.put(number, scalars, d_updates, g_updates)
            except (NotAScalarError, TracedError):
                self._put_what_can_be(number, scalars, d_updates, g_updates)
            self._step = number
            if self._buffer.calls >= FLUSH_CALLS or time.perf_counter() - self._flushed > FLUSH_S:
                self.flush()

    def _number(self, step: Any) -> int | None:
        """A step as a whole number; what is none is said once."""
        if type(step) is int:
            return step
        try:
            return whole(step)
        except TracedError:
            self._traced()
        except NotAScalarError as error:
            self.complain("step", f"nothing is recorded of a step that is no number: {error}")
        return None

    def _put_what_can_be(self, step: int, scalars: Mapping[str, Any], d: Any, g: Any) -> None:
        """Takes what can be recorded of a call; what cannot is said once, and None is no number."""
        held: dict[str, Held] = {}
        counts: dict[str, int] = {}
        given = dict(scalars) | {"d_updates": d, "g_updates": g}
        for name, value in given.items():
            if value is None:
                continue
            try:
                if name in ("d_updates", "g_updates"):
                    counts[name] = whole(value)
                else:
                    held[name] = hold(value)
            except TracedError:
                self._traced()
                return
            except NotAScalarError as error:
                self.complain(name, f"{name} was not recorded: {error}")
        self._buffer.put(step, held, counts.get("d_updates"), counts.get("g_updates"))

    def wants_samples(self, step: Any) -> bool:
        """Whether samples of a step would make a row."""
        number = self._number(step)
        return number is not None and self._windows.is_due(number)

    def log_samples(self, step: Any, fake: Any) -> None:
        """Measures samples; with the scalars so far they are a row."""
        with self._lock, np.errstate(all="ignore"):
            number = self._number(step)
            if number is None:
                return
            if number < self._step:
                self._fell(number)
                return
            if number <= self._windows.row:
                self.complain("samples", f"samples were logged twice at step {number}")
                return
            try:
                samples = comparable(fake, self._form)
            except ValueError as error:
                self.complain("samples", f"samples were not recorded: {error}")
                return
            self._step = number
            self.flush()
            self._measure(number, samples)

    def _measure(self, step: int, fake: Samples) -> None:
        if self._form is None:
            self._form = Samples(fake.values[:0], fake.shape, fake.eight_bit)
            self._sink.keep_real(self._form)
        columns, lost = self._comparison.measuring(fake)
        for name, why in lost.items():
            self.complain(name, f"{name} was not recorded: {why}")
        self._watch("samples", step, bool(np.isfinite(fake.values).all()))
        row = self._windows.close(step)
        for name in columns.keys() & (RESERVED | row.keys()):
            why = "a row has that column anyway" if name in RESERVED else "it is logged as a scalar"
            self.complain(name, f"the metric {name} was not recorded: {why}")
            del columns[name]
        self._append(row | columns)
        self._frames.add(step, fake)
        if time.perf_counter() - self._framed > FRAMES_S:
            self._keep_frames()

    def flush(self) -> None:
        """Fetches what was logged and writes the rows that are complete."""
        with self._lock, np.errstate(all="ignore"):
            self._flushed = time.perf_counter()
            for block in self._buffer.take():
                self._look_at(block)
                for row in self._windows.take(block):
                    self._append(row)

    def end(self, status: str, *, may_import: bool = True, error: str | None = None) -> None:
        """Writes all that is left, and the outcome."""
        self.flush()
        for row in self._windows.rest():
            self._append(row)
        if self._windows.late:
            names = ", ".join(self._windows.late)
            self.complain("late", f"{names}: logged after the samples of the last step, in no row")
        self._keep_frames()
        changes: dict[str, Any] = {"error": error, "may_import": may_import}
        if not may_import and status == "completed" and self._windows.unfinished:
            status, changes["error"] = "interrupted", f"ended after step {self._step}, unasked"
        if status == "completed" and self.failing_since is not None:
            status = "diverged"
            changes |= {"diverged_at": self.failing_since, "diverged_in": "train"}
        self._live.conclude(status in FINISHED)
        self._sink.finish(status, round(time.perf_counter() - self._began, 3), **changes)

    def complain(self, key: str, message: str) -> None:
        """Warns once of each thing, and writes it down; other numbers are the same thing."""
        thing = re.sub(r"\d+", "0", message)
        if thing in self._complaints:
            return
        same = sum(known == key for known in self._complaints.values())
        self._complaints[thing] = key
        warn(message)
        self._sink.note(**{f"monitor: {key}" + (f" ({same + 1})" if same else ""): message})

    def _append(self, row: Row) -> None:
        row = row | {"wall_s": round(time.perf_counter() - self._began, 4)}
        self._sink.append(row)
        verdict = self._live.take(row)
        if verdict is not None:
            self._sink.event(**event_of(row["iteration"], verdict))
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
    with suppress(Exception):
        warnings.warn(f"gandiag.Monitor: {message}", MonitorWarning, stacklevel=4)
