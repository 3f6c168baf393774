"""How a monitor's run begins and ends: by the loop, an exception, a fork, or an internal error."""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from gandiag.diagnosis.live import NOTHING
from gandiag.experiment.recorded import Recorded
from gandiag.monitoring import open_monitors
from gandiag.monitoring.comparison import Comparison
from gandiag.monitoring.never_raises import never_raises, warn
from gandiag.monitoring.recorder import Recorder
from gandiag.monitoring.sinks import MemorySink, RunSink

Listener = Callable[[dict[str, Any]], None]


class RunLifecycle:
    """Begins and ends the run of a monitor; what is logged in between is handled by the monitor.

    While ``_recorder`` is None the monitor records nothing: before the run begins, after its end,
    after an error, and in a process that is not the one it was made in.
    """

    _comparison: Comparison
    _iterations: int | None
    _trained: Recorded | None

    def __init__(self) -> None:
        self._recorder: Recorder | None = None
        self._sink: MemorySink | RunSink = MemorySink()
        self._final_verdict = NOTHING
        self._finalizer: weakref.finalize[..., Any] | None = None
        self._listener: Listener | None = None
        self._warn_of_fork = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._recorder is None:
            return
        try:
            self._end(*outcome_of(error))
        except Exception as internal_error:
            self._stop_recording(internal_error)

    @never_raises(None)
    def close(self) -> None:
        """Ends the run; whatever is logged afterwards is not recorded."""
        self._end("completed")

    def abandon(self) -> None:
        """Ends the run as interrupted, because a new monitor records it."""
        if self._recorder is not None:
            with suppress(Exception):
                self._end("interrupted", "another monitor took its place")

    def detach_after_fork(self) -> None:
        """Stops recording in the child of a fork: the run belongs to the parent."""
        if self._recorder is not None:
            self._recorder, self._warn_of_fork = None, True
            self._detach_finalizer()

    @property
    def _open_recorder(self) -> Recorder:
        if self._recorder is None:
            raise RuntimeError("the monitor is closed")
        return self._recorder

    def _begin(self, sink: MemorySink | RunSink, listener: Listener | None = None) -> None:
        self._sink, self._listener = sink, listener
        recorder = Recorder(sink, self._comparison, self._iterations, listener, self._trained)
        if isinstance(sink, RunSink):
            recorder.resume(*sink.earlier())
        self._detach_finalizer()
        self._recorder = recorder
        open_monitors.OPEN.add(self)
        self._finalizer = weakref.finalize(self, end_at_exit, recorder, os.getpid())

    def _end(self, status: str, error: str | None = None) -> None:
        recorder = self._open_recorder
        recorder.end(status, error=error)
        self._recorder, self._final_verdict = None, recorder.verdict
        self._detach_finalizer()

    def _detach_finalizer(self) -> None:
        """Keeps the garbage collector and the interpreter's exit from ending the run."""
        if self._finalizer is not None:
            self._finalizer.detach()

    def _warn_if_forked(self) -> None:
        """Warns once when something is logged in the child of a fork."""
        if self._warn_of_fork:
            self._warn_of_fork = False
            warn(
                f"used in process {os.getpid()}, a fork of the one it records for; "
                "it records nothing here"
            )

    def _stop_recording(self, error: BaseException) -> None:
        """Warns of an error of the monitor's own, notes it with the run, and ends the run."""
        recorder, self._recorder = self._recorder, None
        cause = f"{type(error).__name__}: {error}"
        warn(f"nothing more is recorded: {cause}")
        if recorder is None:
            return
        self._detach_finalizer()
        with suppress(Exception):  # the warning was given; the disk may be full
            self._sink.note(monitor=f"stopped recording after step {recorder.latest}: {cause}")
        with suppress(Exception):
            self._sink.finish("interrupted", 0.0, error=f"the monitor stopped recording: {cause}")


def outcome_of(error: BaseException | None) -> tuple[str, str | None]:
    """The status and the message that an exception leaves with a run."""
    if error is None or (isinstance(error, SystemExit) and not error.code):
        return "completed", None
    status = "interrupted" if isinstance(error, KeyboardInterrupt | GeneratorExit) else "crashed"
    return status, f"{type(error).__name__}: {error}"


def end_at_exit(recorder: Recorder, pid: int) -> None:
    """Ends the run of a monitor that was never closed: it was collected, or the process exits."""
    if os.getpid() != pid:
        return
    # In a script the last exception ended the process; in a session it may be any earlier one.
    interactive = hasattr(sys, "ps1") or "IPython" in sys.modules
    error = None if interactive else getattr(sys, "last_value", None)
    try:
        status, message = outcome_of(error)
        recorder.end(status, may_import=False, error=message)
    except Exception as internal_error:
        warn(f"the run was not ended: {internal_error}")
