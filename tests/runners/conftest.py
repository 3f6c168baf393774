"""The values of every backend, computed once in a session however many processes test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock
from numpy.typing import NDArray

from gandiag.sweeping.supervisor import worker_environment

HERE = Path(__file__).parent

Values = dict[str, NDArray[Any]]


Computed = Callable[[str, str], Values]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder for all processes that test in this session."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def computed(shared: Path) -> Computed:
    """Gives what a script beside this file computes on a backend, or skips without it."""

    def compute(script: str, backend: str) -> Values:
        if find_spec(backend) is None:
            if os.environ.get("GANDIAG_REQUIRE") == backend:
                pytest.fail(f"{backend} is not installed, which this session is to test")
            pytest.skip(f"{backend} is not installed")
        path = shared / f"{script}-{backend}.npz"
        with FileLock(f"{path}.lock"):
            if not path.exists() and not _complaint(path).exists():
                _compute(script, backend, path)
        if not path.exists():
            pytest.fail(_complaint(path).read_text())
        with np.load(path) as held:
            return dict(held)

    return compute


@pytest.fixture(scope="session")
def values_of(computed: Computed) -> Callable[[str], Values]:
    """Gives the values of a backend."""
    return partial(computed, "values")


@pytest.fixture(params=["torch", "tensorflow"])
def backend(request: pytest.FixtureRequest) -> str:
    """The name of one backend after the other."""
    name: str = request.param
    return name


@pytest.fixture
def values(backend: str, values_of: Callable[[str], Values]) -> Values:
    """The values of one backend after the other."""
    return values_of(backend)


@pytest.fixture
def layers(backend: str, computed: Computed) -> Values:
    """What the layers of one backend after the other made."""
    return computed("layers", backend)


def _compute(script: str, backend: str, path: Path) -> None:
    """Computes in a process of its own, once, even where a broken promise there ends it."""
    done = subprocess.run(
        [sys.executable, str(HERE / f"{script}.py"), backend, str(path)],
        env=worker_environment(backend) | {"PYTHONPATH": _path()},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        _complaint(path).write_text(done.stderr[-3000:])


def _path() -> str:
    """Ours, for the modules beside this file are not on the path where it is kept safe."""
    return os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))


def _complaint(path: Path) -> Path:
    return path.with_suffix(".error")
