"""An error of the monitor becomes a warning: none reaches the training that it observes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class MonitorWarning(UserWarning):
    """Something could not be recorded, or looks like a bug; the training is not affected."""


def warn(message: str) -> None:
    """Warns, and never raises, even where warnings are turned into errors."""
    with suppress(Exception):
        warnings.warn(f"gandiag.Monitor: {message}", MonitorWarning, stacklevel=4)


def never_raises(default: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a monitor's method return a default where it fails, and the monitor stop recording."""

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            monitor: Any = args[0]
            if monitor._recorder is None:
                return default  # type: ignore[no-any-return]
            try:
                return method(*args, **kwargs)
            except Exception as error:
                monitor._stop_recording(error)
                return default  # type: ignore[no-any-return]

        return call

    return decorate
