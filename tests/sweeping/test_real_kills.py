"""Twenty kills of real trainings, at random moments, compiling included: minutes a backend."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import psutil
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.framework, pytest.mark.timeout(1500)]

Start = Callable[..., subprocess.Popen[str]]

KILLS = 20
MODES = [("tensorflow", "xla"), ("torch", "eager")]


def words(backend: str, mode: str, store: Path) -> list[str]:
    """A sweep of a minute or so: two groups on each backend, and a pre-training."""
    settings = {"pretraining.iterations": 3000, "schedule.iterations": 20_000}
    settings |= {"recording.every": 50, "recording.pretrain_every": 50, "recording.samples": 250}
    chosen = [f"--set={key}={value}" for key, value in settings.items()]
    how = [f"--backend={backend}", f"--mode={mode}", "--seeds=0-2,10,12", "--device=cpu"]
    return ["sweep", "aylien-1d", *how, f"--out={store}", "--no-report", *chosen]


@pytest.mark.parametrize(("backend", "mode"), MODES)
@pytest.mark.filterwarnings("ignore:.*torn by a crash")
def test_twenty_kills_cost_no_number_and_leave_no_process(
    backend: str,
    mode: str,
    driver: str,
    start: Start,
    run: Callable[..., CompletedProcess[str]],
    numbers: Callable[[Path], dict[str, Any]],
    tmp_path: Path,
) -> None:
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    store, chance = tmp_path / "store", random.Random(7)
    command = words(backend, mode, store)
    struck = {"parent": 0, "worker": 0}
    seen: dict[int, psutil.Process] = {}
    while sum(struck.values()) < KILLS:
        sweep = start("-c", driver, *command, "--jobs=2", module=False)
        time.sleep(chance.uniform(1.0, 12.0))
        family = workers(sweep)
        seen |= {worker.pid: worker for worker in family}
        if family and chance.random() < 0.5:
            os.kill(chance.choice(family).pid, signal.SIGKILL)
            struck["worker"] += 1
        elif sweep.poll() is None:
            sweep.kill()
            struck["parent"] += 1
        time.sleep(chance.uniform(0.0, 1.0))
        sweep.kill()
        sweep.wait()
    assert min(struck.values()) >= 3
    until = time.monotonic() + 30
    while any(alive(worker) for worker in seen.values()):
        assert time.monotonic() < until, "a worker outlived its parent"
        time.sleep(0.1)
    assert run(*command).returncode == 0
    undisturbed = tmp_path / "undisturbed"
    assert run(*words(backend, mode, undisturbed)).returncode == 0
    assert len(numbers(undisturbed)) == 5
    assert numbers(store) == numbers(undisturbed)


def workers(sweep: subprocess.Popen[str]) -> list[psutil.Process]:
    """The workers of a sweep that are alive."""
    try:
        return psutil.Process(sweep.pid).children()
    except psutil.NoSuchProcess:
        return []


def alive(process: psutil.Process) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
