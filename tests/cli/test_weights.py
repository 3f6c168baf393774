"""``gandiag weights``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

Call = Callable[..., CompletedProcess[str]]


@pytest.fixture(autouse=True)
def _temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default output goes to a temporary folder."""
    monkeypatch.chdir(tmp_path)


def test_weights_writes_named_arrays(run_directory: Path, call: Call) -> None:
    done = call("weights", str(run_directory), "-o", "w.npz", "--json")
    shapes = json.loads(done.stdout)["arrays"]
    held = np.load("w.npz", allow_pickle=False)
    assert shapes == {name: list(held[name].shape) for name in shapes}
    assert set(held.files) == {*shapes, "experiment", "run", "seed", "iteration"}
    assert {name.partition("/")[0] for name in shapes} == {"generator", "discriminator"}


def test_weights_prints_run_and_iteration(run_directory: Path, call: Call) -> None:
    done = call("weights", str(run_directory))
    assert done.stdout == "weights.npz\n"
    assert (
        done.stderr
        == f"weights of devnag-1d, seed 1, run {run_directory.name[-8:]}, iteration 20\n"
    )


def test_weights_writes_only_npz(run_directory: Path, call: Call) -> None:
    done = call("weights", str(run_directory), "-o", "w.pt")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot write w.pt: its name has to end with .npz" in done.stderr
