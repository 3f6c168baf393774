"""What the diagnosis costs: of a hundred long runs, of longer ones, and live."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

SCRIPT = Path(__file__).parent / "analysing.py"
SIZES = (500, 1000, 2000, 4000)

Report = Callable[[str, float, str], None]


def taken(runs: int, points: int) -> dict[str, float]:
    """Seconds and megabytes; without runs, of the live verdicts of one."""
    words = [sys.executable, str(SCRIPT), str(runs), str(points)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def test_a_hundred_long_runs_are_analysed_in_half_a_minute(report: Report) -> None:
    found = taken(100, 2000)
    report("100 runs of 2,000 log points and 40 columns, s", found["seconds"], "about 30")
    report("   peak memory, MB", found["megabytes"], "under 1,000")
    assert found["seconds"] < 45  # on one of two cores, and a shared machine
    assert found["megabytes"] < 1000


def test_the_cost_is_linear_in_the_log_points(report: Report) -> None:
    seconds = {n: min(taken(5, n)["seconds"] for _ in range(3)) / 5 for n in SIZES}
    for n, spent in seconds.items():
        report(f"a run of {n:,} log points, ms", 1e3 * spent, "linear")
    assert seconds[4000] / seconds[1000] < 6


def test_fifty_live_verdicts_cost_little(report: Report) -> None:
    spent = taken(0, 200)["seconds"]
    report("all live verdicts of a run of 200 log points, ms", 1e3 * spent, "2 % of the training")
    assert spent < 1
