"""One update from the same state is the same on both frameworks, for every preset and strategy."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gandiag.plugins import runner

pytest.importorskip("torch")
pytest.importorskip("tensorflow")
pytest.importorskip("mlxtend")

STEPPING = Path(__file__).with_name("stepping.py")
CONVOLVED = ("dcgan", "stacked", "conv")
"""Nets whose sums run over thousands of terms in different orders."""


def started(backend: str, how: str, **streams: Any) -> subprocess.Popen[bytes]:
    """A backend in a process of its own."""
    environment = os.environ | runner(backend).environment() | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(STEPPING), backend, how]
    return subprocess.Popen(command, env=environment, **streams)


def distances(folder: Path, how: str) -> dict[str, float]:
    """How far apart every tensor of the two is after a step, in units of its magnitude."""
    lines, errors = folder / "lines.txt", folder / "errors.txt"
    with lines.open("wb") as out, errors.open("wb") as log:
        torch = started("torch", how, stdout=subprocess.PIPE, stderr=log)
        tensorflow = started("tensorflow", how, stdin=torch.stdout, stdout=out, stderr=log)
        assert torch.stdout is not None
        if hasattr(fcntl, "F_SETPIPE_SZ"):  # a state may have 100 MB, and a pipe 64 kB
            fcntl.fcntl(torch.stdout, fcntl.F_SETPIPE_SZ, 2**20)
        torch.stdout.close()  # so that one of them hears when the other falls
        codes = (torch.wait(), tensorflow.wait())
    assert codes == (0, 0), errors.read_text()[-3000:]
    found: dict[str, float] = {}
    for line in lines.read_text().splitlines():
        found |= json.loads(line)
    return found


def too_far(found: dict[str, float]) -> dict[str, float]:
    """Those that disagree."""
    return {
        name: apart
        for name, apart in found.items()
        if not apart <= (1e-8 if any(word in name for word in CONVOLVED) else 1e-9)
    }


@pytest.mark.framework
def test_a_few_steps_of_everything_agree(tmp_path: Path) -> None:
    found = distances(tmp_path, "eager")
    assert len(found) > 3000
    assert not too_far(found)


@pytest.mark.slow
@pytest.mark.framework
def test_fifty_steps_of_everything_agree_as_they_train(tmp_path: Path) -> None:
    found = distances(tmp_path, "compiled")
    assert len(found) > 50_000
    assert not too_far(found)
