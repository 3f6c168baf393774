"""What could not be recorded: a warning once for each problem, and a note with the run."""

from __future__ import annotations

import re
from collections.abc import Callable

from gandiag.monitoring.never_raises import warn


class Problems:
    """Reports each problem once.

    Args:
        note: Writes a note with the run, given as one keyword argument.
    """

    def __init__(self, note: Callable[..., None]) -> None:
        self._note = note
        self._reported: dict[str, str] = {}

    def report(self, key: str, message: str) -> None:
        """Warns and writes a note, unless only the numbers in the message are new."""
        problem = re.sub(r"\d+", "0", message)
        if problem in self._reported:
            return
        earlier = sum(known == key for known in self._reported.values())
        self._reported[problem] = key
        warn(message)
        number = f" ({earlier + 1})" if earlier else ""
        self._note(**{f"monitor: {key}{number}": message})

    def report_decrease(self, last: int, step: int) -> None:
        """Reports a step that is below the last one."""
        self.report(
            "step",
            f"step fell from {last} to {step}: what is logged for steps before the last is not "
            "recorded. Count steps through the whole training; do not restart in every epoch",
        )

    def report_tracing(self) -> None:
        """Reports a call with symbolic values."""
        self.report(
            "tracing",
            "log was called while a function was being traced (tf.function, jax.jit), which "
            "happens once and not at every step; nothing was recorded. Call it outside, with what "
            "the function returns",
        )
