"""Trains with a framework in a process of its own, once a session, for all tests of an adapter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from filelock import FileLock

from gandiag.sweeping.supervisor import worker_environment

HERE = Path(__file__).parent

FRAMEWORKS = {"lightning": "torch", "keras": "tensorflow", "accelerate": "torch"}
"""The backend of each adapter's framework."""

Trained = Callable[[str], Path]
Script = Callable[..., CompletedProcess[str]]


def needed(framework: str) -> None:
    """Skips if a framework is not installed; fails if the session is to test it."""
    missing = [name for name in (framework, FRAMEWORKS[framework]) if find_spec(name) is None]
    if missing and os.environ.get("GANDIAG_REQUIRE") == framework:
        pytest.fail(f"{' and '.join(missing)} not installed, but this session must test it")
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed")


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Trained:
    """Trains through an adapter; returns the folder with its stores and with ``seen.json``."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent

    def compute(framework: str) -> Path:
        needed(framework)
        out = shared / f"adapter-{framework}"
        with FileLock(f"{out}.lock"):
            if not out.exists():
                out.mkdir()
                done = execute(framework, "all", str(out))
                (out / "code").write_text(str(done.returncode))
                (out / "stderr").write_text(done.stderr)
        if (out / "code").read_text() != "0":
            pytest.fail((out / "stderr").read_text()[-4000:])
        return out

    return compute


@pytest.fixture
def script() -> Script:
    """Runs one scene of a framework's script, or a line of Python."""

    def run(framework: str, *arguments: str, **environment: str) -> CompletedProcess[str]:
        needed(framework)
        return execute(framework, *arguments, **environment)

    return run


def execute(framework: str, *arguments: str, **environment: str) -> CompletedProcess[str]:
    """Runs a framework's script, or with ``-c`` a line of Python."""
    what = arguments if arguments[0] == "-c" else (str(HERE / f"{framework}_gan.py"), *arguments)
    return subprocess.run(
        [sys.executable, *what],
        env=worker_environment(FRAMEWORKS[framework]) | environment,
        capture_output=True,
        text=True,
    )


def seen(folder: Path) -> dict[str, Any]:
    """What the loops themselves saw: the values of every step, and the warnings."""
    values: dict[str, Any] = json.loads((folder / "seen.json").read_text())
    return values


def windows(rows: list[dict[str, float]], ends: list[int], name: str) -> list[list[float]]:
    """The values of the steps between one end and the next."""
    begins = [0, *ends[:-1]]
    return [
        [row[name] for row in rows[begin:end] if name in row]
        for begin, end in zip(begins, ends, strict=True)
    ]
