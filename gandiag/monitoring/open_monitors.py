"""The open monitors of a process: a new one of the same run ends the old; a fork detaches all."""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import Protocol


class OpenMonitor(Protocol):
    """What this module needs of a monitor."""

    def abandon(self) -> None:
        """Ends its run, because a new monitor records it."""

    def detach_after_fork(self) -> None:
        """Stops recording without ending the run, which belongs to the parent process."""


OPEN: weakref.WeakSet[OpenMonitor] = weakref.WeakSet()
"""All open monitors."""

_BY_RUN: weakref.WeakValueDictionary[tuple[Path, int], OpenMonitor] = weakref.WeakValueDictionary()
"""Those that record into a store, by the store's directory and the seed."""


def register(monitor: OpenMonitor, directory: Path, seed: int) -> None:
    """Registers a monitor that records a run of a store."""
    _BY_RUN[directory, seed] = monitor


def end_previous(directory: Path, seed: int) -> None:
    """Ends the monitor that records a run now, as when a notebook cell is run a second time."""
    previous = _BY_RUN.pop((directory, seed), None)
    if previous is not None:
        previous.abandon()


def _detach_all() -> None:
    for monitor in list(OPEN):
        monitor.detach_after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_detach_all)
