"""Locks on a store and on its runs, which the system releases when their process dies."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from gandiag.errors import StoreBusyError

NAME = ".lock"
OWNER = ".owner.json"


@contextmanager
def lock_directory(directory: Path, wait_s: float = 0.0) -> Iterator[None]:
    """Locks a directory for this process.

    Args:
        directory: A store's or a run's directory.
        wait_s: How long to wait for another process to release it, in seconds.

    Raises:
        StoreBusyError: Another live process has locked it.
    """
    try:
        with FileLock(directory / NAME, timeout=wait_s):
            started = datetime.now(UTC).isoformat(timespec="seconds")
            owner = {"host": socket.gethostname(), "process": os.getpid(), "since": started}
            (directory / OWNER).write_text(json.dumps(owner), encoding="utf-8")
            yield
    except Timeout:
        owner_text = _owner(directory)
        raise StoreBusyError(
            f"{directory} is in use by {owner_text}. Wait for it to end, or stop it first",
            owner_text,
        ) from None


def is_locked(directory: Path) -> bool:
    """Whether a live process has locked the directory."""
    if not (directory / NAME).exists():
        return False
    lock = FileLock(directory / NAME, timeout=0)
    try:
        with lock:
            return False
    except Timeout:
        return True
    except OSError:  # a read-only store is not being written to
        return False


def _owner(directory: Path) -> str:
    try:
        owner = json.loads((directory / OWNER).read_text(encoding="utf-8"))
        return f"process {owner['process']} on {owner['host']} since {owner['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"
