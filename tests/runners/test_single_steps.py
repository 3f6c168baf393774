"""One update from the same state is the same on both frameworks, for every preset and strategy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("tensorflow")
pytest.importorskip("mlxtend")

STEPPING = Path(__file__).with_name("stepping.py")
CONVOLVED = ("dcgan", "stacked", "conv")
"""Nets whose sums run over thousands of terms in different orders."""


def step(folder: Path, backend: str, how: str) -> dict[str, np.ndarray]:
    """Runs a backend in a process of its own."""
    from gandiag.plugins import runner

    states, steps = folder / "states.npz", folder / f"{backend}.npz"
    environment = os.environ | runner(backend).environment() | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(STEPPING), backend, str(states), str(steps), how]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(np.load(steps))


def disagreements(folder: Path, how: str) -> tuple[int, list[str]]:
    """How many tensors were compared, and those that differ."""
    torch, tensorflow = (step(folder, backend, how) for backend in ("torch", "tensorflow"))
    assert torch.keys() == tensorflow.keys()
    wrong = []
    for name, ours in torch.items():
        bound = 1e-8 if any(word in name for word in CONVOLVED) else 1e-9
        theirs = tensorflow[name]
        known = np.isfinite(ours)
        assert (known == np.isfinite(theirs)).all(), name
        scale = max(np.abs(ours[known]).max(initial=0.0), 1e-3)
        off = np.abs(ours[known] - theirs[known]).max(initial=0.0)
        if off > bound * scale:
            wrong.append(f"{name}: {off / scale:.1e}")
    return len(torch), wrong


@pytest.mark.framework
def test_a_few_steps_of_everything_agree(tmp_path: Path) -> None:
    compared, wrong = disagreements(tmp_path, "eager")
    assert compared > 3000
    assert not wrong


@pytest.mark.slow
@pytest.mark.framework
def test_fifty_steps_of_everything_agree_as_they_train(tmp_path: Path) -> None:
    compared, wrong = disagreements(tmp_path, "compiled")
    assert compared > 50_000
    assert not wrong
