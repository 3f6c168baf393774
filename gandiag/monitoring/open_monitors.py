"""The monitors that are open in this process: who is ended by a successor, and who by a fork."""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import Protocol


class Open(Protocol):
    """A monitor, as far as this matters."""

    def abandon(self) -> None:
        """Ends its run, for one that takes its place."""

    def leave(self) -> None:
        """Lets its run be: it belongs to another process."""


OPEN: weakref.WeakSet[Open] = weakref.WeakSet()
"""All of them."""

_RUNS: weakref.WeakValueDictionary[tuple[Path, int], Open] = weakref.WeakValueDictionary()
"""Those that record a run of a store, by its directory and seed."""


def enter(monitor: Open, directory: Path, seed: int) -> None:
    """Takes note of a monitor that records a run of a store."""
    _RUNS[directory, seed] = monitor


def end_previous(directory: Path, seed: int) -> None:
    """Ends the monitor that holds a run: a cell of a notebook is run again."""
    previous = _RUNS.pop((directory, seed), None)
    if previous is not None:
        previous.abandon()


def _leave_all() -> None:
    for monitor in list(OPEN):
        monitor.leave()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_all)
