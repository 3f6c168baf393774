"""What it costs to be there: imports, help, and the memory of a sweep's parent."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import psutil
import pytest

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

Report = Callable[[str, float, str], None]

ROUNDS = 9


def seconds(command: Sequence[str]) -> float:
    """For how long a process runs."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def ratio(command: Sequence[str], other: Sequence[str]) -> float:
    """The median ratio of two commands' times, taken by turns."""
    for each in (command, other):
        seconds(each)
    return median(seconds(command) / seconds(other) for _ in range(ROUNDS))


def python(code: str) -> list[str]:
    """A command that runs some code."""
    return [sys.executable, "-c", code]


def test_the_import_costs_at_most_two_imports_of_numpy(report: Report) -> None:
    measured = ratio(python("import gandiag"), python("import numpy"))
    report("import gandiag: times import numpy", measured, "at most 2")
    assert measured <= 2


def test_help_costs_at_most_three_imports_of_typer(report: Report) -> None:
    measured = ratio([sys.executable, "-m", "gandiag", "--help"], python("import typer"))
    report("gandiag --help: times import typer", measured, "at most 3")
    assert measured <= 3


def test_the_parent_of_a_sweep_stays_small(tmp_path: Path, report: Report) -> None:
    command = [sys.executable, "-m", "gandiag", "sweep", "--backend", "scripted", "--seeds", "10"]
    with subprocess.Popen(
        [*command, "--out", str(tmp_path / "store")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as parent:
        watched, most = psutil.Process(parent.pid), 0
        while parent.poll() is None:
            try:
                most = max(most, watched.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.02)
    assert parent.returncode == 0
    report("a sweep's parent: MB", most / 1e6, "under 250")
    assert 10e6 < most < 250e6
