"""Removes runs and stores that nobody is working on."""

from __future__ import annotations

import shutil
from pathlib import Path

from gandiag.store.claim import claim


def remove_store(directory: Path) -> None:
    """Removes a store with all of its runs.

    Raises:
        StoreBusyError: A live sweep holds it.
    """
    with claim(directory):
        shutil.rmtree(directory)


def remove_run(directory: Path, name: str) -> None:
    """Removes one run of a store.

    Raises:
        StoreBusyError: A live sweep holds the store.
    """
    with claim(directory):
        shutil.rmtree(directory / name)
