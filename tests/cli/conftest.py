"""Stores and runs that the tests of several commands read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def two_stores(finished: Path, tmp_path: Path) -> Path:
    """A folder with two stores, an empty folder and a file."""
    for name in ("a", "b"):
        shutil.copytree(finished, tmp_path / "runs" / name)
    (tmp_path / "runs" / "empty").mkdir()
    (tmp_path / "runs" / "notes.txt").write_text("mine", encoding="utf-8")
    return tmp_path / "runs"


@pytest.fixture
def run_directory(finished: Path) -> Path:
    """The directory of the run of seed 1."""
    (path,) = finished.glob("scripted-0001-*")
    return path
