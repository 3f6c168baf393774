"""Two monitors of one run in a process, and the child of a fork."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import gandiag
from gandiag.monitoring import open_monitors

Run = Callable[..., CompletedProcess[str]]

FORK = """
import os, sys, gandiag
monitor = gandiag.Monitor(sys.argv[1], every=10)
for step in range(100):
    monitor.log(step, d_loss=1.0)
child = os.fork()
if child == 0:
    for step in range(100, 200):
        monitor.log(step, d_loss=2.0)
    monitor.close()
    sys.exit(0)  # through the exit handlers, as multiprocessing does not
os.waitpid(child, 0)
monitor.log(100, d_loss=1.0)
"""


class Abandoned:
    """A monitor that counts how often it is ended for another."""

    ended = 0

    def abandon(self) -> None:
        self.ended += 1

    def detach_after_fork(self) -> None:
        raise AssertionError("nobody has forked")


def test_only_the_monitor_of_the_same_run_is_ended_and_only_once(tmp_path: Path) -> None:
    this, other_seed, other_store = Abandoned(), Abandoned(), Abandoned()
    open_monitors.register(this, tmp_path, 0)
    open_monitors.register(other_seed, tmp_path, 1)
    open_monitors.register(other_store, tmp_path / "b", 0)
    for _ in range(2):
        open_monitors.end_previous(tmp_path, 0)
    assert [each.ended for each in (this, other_seed, other_store)] == [1, 0, 0]


def test_a_fork_records_nothing_and_does_not_end_the_run(home: Path, run: Run) -> None:
    done = run("-c", FORK, str(home), module=False)
    assert done.returncode == 0
    assert done.stderr.count("a fork of the one it records for") == 1
    results = gandiag.load(home)
    assert results.runs[["status", "iteration"]].to_numpy().tolist() == [["completed", 100]]
    assert results.series["d_loss"].max() == 1


def test_a_second_monitor_of_a_run_ends_the_first(home: Path) -> None:
    first = gandiag.Monitor(home)
    first.log(0, d_loss=1.0)
    with pytest.raises(gandiag.UsageError, match="holds another configuration"):
        gandiag.Monitor(home, options={"lr": 1})
    first.log(1, d_loss=1.0)  # what was refused has ended nothing
    second = gandiag.Monitor(home)
    second.log(0, d_loss=2.0)
    first.log(2, d_loss=1.0)
    second.close()
    assert gandiag.load(home).series["d_loss"].tolist() == [2]
    (kept,) = (home / "aside").glob("*/manifest.json")
    assert json.loads(kept.read_text())["status"] == "interrupted"
