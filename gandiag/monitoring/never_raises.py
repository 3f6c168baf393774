"""No error of ours may reach the training that we observe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from gandiag.monitoring.recorder import Recorder, warn

P = ParamSpec("P")
R = TypeVar("R")


def never_raises(default: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Lets no error of ours into the training: the monitor warns once and goes quiet."""

    def guarded(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            monitor: Any = args[0]
            if monitor._recorder is None:
                return default  # type: ignore[no-any-return]
            try:
                return method(*args, **kwargs)
            except Exception as error:
                monitor._go_quiet(error)
                return default  # type: ignore[no-any-return]

        return call

    return guarded


def outcome_of(error: BaseException | None) -> tuple[str, str | None]:
    """The status that an exception leaves, and its words."""
    if error is None or (isinstance(error, SystemExit) and not error.code):
        return "completed", None
    status = "interrupted" if isinstance(error, KeyboardInterrupt | GeneratorExit) else "crashed"
    return status, f"{type(error).__name__}: {error}"


def end_unasked(recorder: Recorder, pid: int) -> None:
    """Ends a run whose monitor is gone: the loop is over, or the interpreter is."""
    if os.getpid() != pid:
        return
    # Of a script it is what ended it; where people type, it is the last thing that went wrong.
    typing = hasattr(sys, "ps1") or "IPython" in sys.modules
    error = None if typing else getattr(sys, "last_value", None)
    try:
        status, words = outcome_of(error)
        recorder.end(status, may_import=False, error=words)
    except Exception as own:
        warn(f"the run was not ended: {own}")
