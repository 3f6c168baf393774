"""Records one run: rows of scalars and metrics, frames, verdicts, and what was not recorded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.verdict import Verdict
from gandiag.columns import whole
from gandiag.data.samples import Samples
from gandiag.diagnosis.live import LiveVerdict, event_of, not_finite_since
from gandiag.experiment.recorded import Recorded
from gandiag.monitoring.best import BestSoFar
from gandiag.monitoring.coercion import to_samples_like
from gandiag.monitoring.comparison import Comparison
from gandiag.monitoring.frames import Frames
from gandiag.monitoring.hints.collector import Hints
from gandiag.monitoring.log_buffer import LogBuffer
from gandiag.monitoring.non_finite import NonFinite
from gandiag.monitoring.problems import Problems
from gandiag.monitoring.scalars import Captured, NotAScalarError, TracedError, capture, to_int
from gandiag.monitoring.sinks import Sink
from gandiag.monitoring.windows import RESERVED, Row, Windows
from gandiag.store.manifest import FINISHED

FLUSH_CALLS = 100
"""After this many calls, what was logged is fetched from its device and written."""

FLUSH_S = 5.0
"""After this many seconds as well: a slow loop shows that it is live, and a crash loses little."""

FRAMES_S = 10.0
"""How often the frames are written while the run goes on, in seconds."""


class Recorder:
    """Records one run.

    Args:
        sink: Where it is written.
        comparison: What is measured of samples, and how often.
        iterations: How many steps are planned, if that is known.
        listener: Called with every row.
        trained: The description of the loop, whose measures of quality are followed.
    """

    def __init__(
        self,
        sink: Sink,
        comparison: Comparison,
        iterations: int | None = None,
        listener: Callable[[Row], None] | None = None,
        trained: Recorded | None = None,
    ) -> None:
        self._sink = sink
        self._comparison = comparison
        self._listener = listener
        self._windows = Windows(comparison.every, iterations)
        trained = trained or Recorded(name="loop", iterations=iterations)
        self._live, self.quality = LiveVerdict(trained), BestSoFar(trained.quality)
        self._frames = Frames()
        self._buffer = LogBuffer()
        self._problems = Problems(sink.note)
        self._hints = Hints(comparison.real, self._problems.report)
        self._non_finite = NonFinite(self._note_non_finite)
        self._reference = comparison.real
        self._lock = threading.RLock()  # loops log from more than one thread
        self._step = -1
        self._began = self._flushed = self._frames_written = time.perf_counter()
        if comparison.real is not None:
            sink.keep_real(comparison.real)
        if comparison.evaluator is not None:
            sink.note(evaluator=comparison.evaluator)

    def resume(self, rows: Sequence[Row], frames: Mapping[int, NDArray[np.float32]]) -> None:
        """Continues after the rows and frames of an earlier process."""
        for row in rows:
            self._live.take(row)
            self.quality.take(row)
        if rows:
            self._hints.stop()
            row = rows[-1]
            self._step = self._windows.resume(row)
            self._began -= float(row.get("wall_s") or 0.0)
        for step, values in frames.items():
            self._frames.add(step, Samples(values))

    @property
    def non_finite_since(self) -> int | None:
        """The step since which something is not finite; None if everything is."""
        return self._non_finite.since

    @property
    def verdict(self) -> Verdict:
        """The latest verdict; diverging as soon as something is not finite."""
        since = self.non_finite_since
        return (
            self._live.verdict
            if since is None
            else not_finite_since(since, self._live.verdict.scope)
        )

    @property
    def latest(self) -> int:
        """The last step that was logged, or -1."""
        return self._step

    def log(
        self, step: Any, scalars: Mapping[str, Any], d_updates: Any = None, g_updates: Any = None
    ) -> None:
        """Adds scalars and updates of a step; fetches nothing from a device."""
        with self._lock:
            number = self._to_step(step)
            if number is None:
                return
            if number < self._step:
                self._problems.report_decrease(self._step, number)
                return
            try:
                self._buffer.add(number, scalars, d_updates, g_updates)
            except (NotAScalarError, TracedError):
                self._add_valid_part(number, scalars, d_updates, g_updates)
            self._step = number
            if self._buffer.calls >= FLUSH_CALLS or time.perf_counter() - self._flushed > FLUSH_S:
                self.flush()

    def _to_step(self, step: Any) -> int | None:
        """A step as a whole number; None, and a report, if it is not one."""
        if type(step) is int:
            return step
        try:
            return to_int(step)
        except TracedError:
            self._problems.report_tracing()
        except NotAScalarError as error:
            self._problems.report(
                "step", f"nothing is recorded of a step that is not a number: {error}"
            )
        return None

    def _add_valid_part(self, step: int, scalars: Mapping[str, Any], d: Any, g: Any) -> None:
        """Adds what is valid of a call, and reports the rest; None is left out without a report."""
        captured: dict[str, Captured] = {}
        updates: dict[str, int] = {}
        for name, value in (dict(scalars) | {"d_updates": d, "g_updates": g}).items():
            if value is None:
                continue
            try:
                if name in ("d_updates", "g_updates"):
                    updates[name] = to_int(value)
                else:
                    captured[name] = capture(value)
            except TracedError:
                self._problems.report_tracing()
                return
            except NotAScalarError as error:
                self._problems.report(name, f"{name} was not recorded: {error}")
        self._buffer.add(step, captured, updates.get("d_updates"), updates.get("g_updates"))

    def wants_samples(self, step: Any) -> bool:
        """Whether samples of a step would make a row."""
        number = self._to_step(step)
        return number is not None and self._windows.is_due(number)

    def log_samples(self, step: Any, fake: Any) -> None:
        """Measures samples, and writes a row with the scalars logged so far."""
        with self._lock, np.errstate(all="ignore"):
            number = self._to_step(step)
            if number is None:
                return
            if number < self._step:
                self._problems.report_decrease(self._step, number)
                return
            if number <= self._windows.row:
                self._problems.report("samples", f"samples were logged twice at step {number}")
                return
            try:
                samples = to_samples_like(self._reference, fake)
            except ValueError as error:
                self._problems.report("samples", f"samples were not recorded: {error}")
                return
            self._step = number
            self.flush()
            self._measure(number, samples)

    def _measure(self, step: int, fake: Samples) -> None:
        if self._reference is None:  # later samples must have the shape of the first
            self._reference = Samples(fake.values[:0], fake.shape, fake.eight_bit)
            self._sink.keep_real(self._reference)
        # What is expensive is measured where the run is judged, some fifty times.
        columns, failed = self._comparison.measuring(fake, self._live.is_due_at(step))
        for name, cause in failed.items():
            self._problems.report(name, f"{name} was not recorded: {cause}")
        self._non_finite.check_samples(step, bool(np.isfinite(fake.values).all()))
        row = self._windows.close_row(step)
        for name in columns.keys() & (RESERVED | row.keys()):
            cause = "every row has that column" if name in RESERVED else "it is logged as a scalar"
            self._problems.report(name, f"the metric {name} was not recorded: {cause}")
            columns = {key: value for key, value in columns.items() if whole(key) != name}
            columns.pop(name, None)
        self._hints.see_samples(step, fake, row)
        self._append(row | columns)
        self._frames.add(step, fake)
        if time.perf_counter() - self._frames_written > FRAMES_S:
            self._write_frames()

    def flush(self) -> None:
        """Fetches what was logged, and writes the rows that are complete."""
        with self._lock, np.errstate(all="ignore"):
            self._flushed = time.perf_counter()
            for block in self._buffer.drain():
                for name in RESERVED.intersection(block.names):
                    self._problems.report(
                        name, f"{name} was not recorded: every row has a column of that name"
                    )
                self._non_finite.check_block(block)
                for row in self._windows.add(block):
                    self._append(row)

    def end(self, status: str, *, may_import: bool = True, error: str | None = None) -> None:
        """Writes everything that is left, and the outcome.

        Args:
            status: How the run ended, as far as the caller knows.
            may_import: Whether modules may still be imported; not while the interpreter exits.
            error: The message of the exception that ended it.
        """
        self.flush()
        for row in self._windows.remaining():
            self._append(row)
        if self._windows.late:
            names = ", ".join(self._windows.late)
            self._problems.report(
                "late", f"{names}: logged after the samples of the last step, in no row"
            )
        self._hints.conclude()
        self._write_frames()
        changes: dict[str, Any] = {"error": error, "may_import": may_import}
        if not may_import and status == "completed" and self._windows.unfinished:
            status = "interrupted"
            changes["error"] = f"ended after step {self._step}, before the planned last step"
        lost = self._non_finite.since_at_end
        if status == "completed" and lost is not None:
            status = "diverged"
            changes |= {"diverged_at": lost, "diverged_in": "train"}
        self._live.conclude(status in FINISHED)
        self._sink.finish(status, round(time.perf_counter() - self._began, 3), **changes)

    def _append(self, row: Row) -> None:
        row = row | {"wall_s": round(time.perf_counter() - self._began, 4)}
        self._sink.append(row)
        self._hints.see_row(row)
        self.quality.take(row)
        verdict = self._live.take(row)
        if verdict is not None:
            self._sink.event(**event_of(row["iteration"], verdict))
        if self._listener is not None:
            self._listener(row)

    def _note_non_finite(self, name: str, step: int) -> None:
        self._sink.event(event="not finite", what=name, iteration=step)

    def _write_frames(self) -> None:
        self._frames_written = time.perf_counter()
        if self._frames.kept:
            self._sink.keep_frames(self._frames.kept)
