"""Stopped from outside: Ctrl-C, SIGTERM, a second sweep, kill -9, eight times over."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import psutil
import pytest

import gandiag
from gandiag.store.journal import read_journal

Call = Callable[..., CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]
Until = Callable[..., None]
Words = Callable[..., list[str]]
Numbers = Callable[[Path], dict[str, Any]]
Statuses = Callable[[Path], dict[Any, str]]

SLOW = json.dumps({"delay_s": 0.05})
ENDLESS = json.dumps({"delay_s": 1.0})
"""Outlasts whatever is tried beside it, on however busy a machine."""


def recorded(store: Path) -> int:
    """How many bytes the journals of a store hold."""
    return sum(path.stat().st_size for path in store.glob("*/metrics.jsonl"))


def gone(process: psutil.Process) -> bool:
    """Whether a process is no more; one that nobody has waited for yet is none."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def family(parent: subprocess.Popen[str]) -> list[psutil.Process]:
    """What a process has started, and what that has."""
    try:
        return list(psutil.Process(parent.pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_sweep_that_is_stopped_can_be_resumed_by_the_same_command(
    number: signal.Signals,
    code: int,
    long: Words,
    start: Start,
    call: Call,
    until: Until,
    tmp_path: Path,
    numbers: Numbers,
    undisturbed: dict[str, Any],
    statuses: Statuses,
) -> None:
    store = tmp_path / "store"
    sweep = start(*long("--jobs=2"), GANDIAG_SCRIPT=SLOW)
    until(lambda: len(list(store.glob("*/metrics.jsonl"))) == 3 and recorded(store) > 0)
    workers = family(sweep)
    assert len(workers) == 2
    sweep.send_signal(number)
    out, err = sweep.communicate(timeout=60)
    assert sweep.returncode == code
    assert out == ""
    assert "stopped; run the same command to resume: gandiag sweep devnag-1d" in err
    assert "Traceback" not in err
    until(lambda: all(map(gone, workers)))
    assert set(statuses(store).values()) == {"interrupted"}
    assert gandiag.load(store).runs["error"].tolist() == ["the sweep was stopped"] * 3
    assert gandiag.load(store).runs["success"].isna().all()
    assert call(*long()).returncode == 0
    assert numbers(store) == undisturbed


def test_groups_that_wait_when_a_sweep_is_stopped_are_interrupted_too(
    long: Words, start: Start, until: Until, tmp_path: Path, statuses: Statuses
) -> None:
    store = tmp_path / "store"
    sweep = start(*long("--jobs=1"), GANDIAG_SCRIPT=SLOW)
    until(lambda: recorded(store) > 0)
    assert sorted(statuses(store).values()) == ["pending", "running", "running"]
    sweep.send_signal(signal.SIGINT)
    sweep.communicate(timeout=60)
    assert set(statuses(store).values()) == {"interrupted"}


def test_a_second_live_sweep_is_refused_and_the_error_names_the_first(
    long: Words, start: Start, call: Call, until: Until, tmp_path: Path, statuses: Statuses
) -> None:
    store = tmp_path / "store"
    sweep = start(*long("--jobs=2"), GANDIAG_SCRIPT=ENDLESS)
    until(lambda: recorded(store) > 0)
    for second in (call(*long()), call("rm", str(store), "--yes")):
        assert second.returncode == 2
        assert f"in use by process {sweep.pid} on " in second.stderr
        assert second.stdout == ""
        assert len(second.stderr.splitlines()) <= 2
    assert sweep.poll() is None
    assert set(statuses(store).values()) == {"running"}


def test_workers_leave_when_their_parent_is_killed_and_its_store_is_free(
    long: Words,
    start: Start,
    call: Call,
    until: Until,
    tmp_path: Path,
    numbers: Numbers,
    undisturbed: dict[str, Any],
    statuses: Statuses,
) -> None:
    store = tmp_path / "store"
    sweep = start(*long("--jobs=2"), GANDIAG_SCRIPT=SLOW)
    until(lambda: recorded(store) > 0 and set(statuses(store).values()) == {"running"})
    workers = family(sweep)
    assert len(workers) == 2
    assert not any(map(gone, workers))
    sweep.kill()
    until(lambda: all(map(gone, workers)), wait_s=20)
    assert set(statuses(store).values()) == {"interrupted"}
    assert call(*long()).returncode == 0
    assert numbers(store) == undisturbed


KILLS = 8


class Marksman:
    """Kills the parent or a worker of a sweep at random moments, and knows whom it has seen."""

    def __init__(self) -> None:
        self.seen: dict[int, psutil.Process] = {}
        self.struck = {"parent": 0, "worker": 0}
        self._chance = random.Random(2)

    @property
    def kills(self) -> int:
        """How many processes were killed."""
        return sum(self.struck.values())

    def moment(self, sweep: subprocess.Popen[str], grown: Callable[[], int]) -> Callable[[], bool]:
        """When to strike: at times as soon as a journal is touched, else when it has grown."""
        early = self._chance.random() < 0.25
        return lambda: sweep.poll() is not None or (grown() != 0 if early else grown() > 0)

    def strike(self, sweep: subprocess.Popen[str]) -> None:
        """Waits a moment, and kills one of those that are there."""
        time.sleep(self._chance.uniform(0.0, 0.2))
        workers = family(sweep)
        self.seen |= {worker.pid: worker for worker in workers}
        if workers and self._chance.random() < 0.5:
            os.kill(self._chance.choice(workers).pid, signal.SIGKILL)
            self.struck["worker"] += 1
        elif sweep.poll() is None:
            sweep.kill()
            sweep.wait()
            self.struck["parent"] += 1


@pytest.mark.filterwarnings("ignore:.*torn by a crash")
def test_eight_kills_at_random_moments_cost_no_number_and_leave_no_process(
    sweeping: Words,
    start: Start,
    driver: str,
    call: Call,
    until: Until,
    tmp_path: Path,
    numbers: Numbers,
) -> None:
    anew: dict[str, Any] = {
        "pretraining.iterations": 40,
        "recording.pretrain_every": 4,
        "schedule.iterations": 250,
        "schedule.chunk": 64,
        "recording.every": 4,
    }
    words = sweeping(seeds="0-2,10,12", preset="aylien-1d", **anew)
    slow = json.dumps({"delay_s": 0.02})
    store, marksman = tmp_path / "store", Marksman()
    phases = set()
    sweep = start("-c", driver, *words, "--jobs=2", module=False, GANDIAG_SCRIPT=slow)
    for _ in range(3 * KILLS):
        so_far = recorded(store)
        until(marksman.moment(sweep, lambda so_far=so_far: recorded(store) - so_far))
        marksman.strike(sweep)
        phases |= {row["phase"] for path in store.glob("*-*") for row in read_journal(path)[-1:]}
        if marksman.kills == KILLS:
            break
        if sweep.poll() is not None:
            sweep = start("-c", driver, *words, "--jobs=2", module=False, GANDIAG_SCRIPT=slow)
    assert marksman.kills == KILLS
    assert min(marksman.struck.values()) >= 3
    assert phases == {"pretrain", "train"}
    sweep.kill()
    sweep.wait()
    until(lambda: all(map(gone, marksman.seen.values())), wait_s=20)
    found = gandiag.load(store)
    assert "completed" not in set(found.runs["status"]), "over before the last kill"
    assert (found.runs["iteration"] > 0).any(), "never came as far as the game"
    assert call(*words).returncode == 0
    assert call(*words, f"--out={tmp_path / 'undisturbed'}").returncode == 0
    assert numbers(store) == numbers(tmp_path / "undisturbed")
    drafts = [path.name for path in store.rglob(".*") if path.suffix[1:].isdecimal()]
    assert drafts == []
