"""Forks, workers, a second process, exceptions and crashes: each leaves a readable run."""

from __future__ import annotations

import pickle
import signal
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from textwrap import dedent

import pytest

import gandiag
from gandiag.monitoring.never_raises import MonitorWarning

Start = Callable[..., "subprocess.Popen[str]"]
Run = Callable[..., CompletedProcess[str]]

LOOP = """
import sys, time, gandiag
monitor = gandiag.Monitor(sys.argv[1], real=[1.0, 2.0, 3.0], every=10)
for step in range(100):
    monitor.log(step, d_loss=1.0, d_updates=1)
    if monitor.wants_samples(step):
        monitor.log_samples(step, fake=[1.0, 2.0])
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "gan"


def outcome(home: Path) -> tuple[str, int, str | None]:
    """The status of the one run, its last iteration, and its error."""
    results = gandiag.load(home)
    (run,) = results.runs.to_dict("records")
    assert len(results.series) == len(results.series["iteration"].unique())
    return str(run["status"]), int(run["iteration"]), run["error"]


def test_a_script_that_ends_has_completed_its_run(home: Path, run: Run) -> None:
    done = run("-c", LOOP, str(home), module=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert outcome(home) == ("completed", 99, None)


@pytest.mark.parametrize(
    ("end", "status", "error"),
    [
        ("raise RuntimeError('boom')", "crashed", "RuntimeError: boom"),
        ("sys.exit(0)", "completed", None),
        ("raise KeyboardInterrupt", "interrupted", "KeyboardInterrupt: "),
    ],
    ids=["exception", "exit", "Ctrl-C"],
)
def test_an_exception_is_the_outcome_and_passes(
    home: Path, run: Run, end: str, status: str, error: str | None
) -> None:
    done = run("-c", f"{LOOP}    if step == 55: {end}", str(home), module=False)
    assert (done.returncode == 0) == (status == "completed")
    assert outcome(home) == (status, 55, error)


def test_an_exception_in_a_with_block_passes_and_is_written_down(home: Path) -> None:
    def loop() -> None:
        with gandiag.Monitor(home) as monitor:
            monitor.log(7, d_loss=1.0)
            raise ZeroDivisionError("half way")

    with pytest.raises(ZeroDivisionError):
        loop()
    assert outcome(home) == ("crashed", 7, "ZeroDivisionError: half way")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_killed_process_leaves_the_rows_that_were_written(
    home: Path, start: Start, number: signal.Signals
) -> None:
    process = start("-u", "-c", f"{LOOP}print('ready'); time.sleep(60)", str(home), module=False)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert outcome(home)[0] == "running"
    process.send_signal(number)
    process.wait()
    assert outcome(home)[:2] == ("interrupted", 90)


def test_what_did_not_come_to_its_end_is_set_aside_by_the_next_attempt(
    home: Path, run: Run
) -> None:
    run("-c", f"{LOOP}    if step == 55: raise RuntimeError", str(home), module=False)
    assert run("-c", LOOP, str(home), module=False).returncode == 0
    assert outcome(home) == ("completed", 99, None)
    assert len(list((home / "aside").iterdir())) == 1


def test_a_second_process_on_the_run_is_quiet_and_trains_on(
    home: Path, start: Start, run: Run
) -> None:
    first = start("-u", "-c", f"{LOOP}print('ready'); time.sleep(60)", str(home), module=False)
    assert first.stdout is not None
    first.stdout.readline()
    second = run(
        "-c",
        "import gandiag.monitoring.sinks as sinks; sinks.STORE_WAIT_S = 0.2\n"
        f"{LOOP}print('trained', step)",
        str(home),
        module=False,
    )
    assert (second.returncode, second.stdout) == (0, "trained 99\n")
    assert "is in use by process" in second.stderr
    assert "This monitor records nothing" in second.stderr
    assert outcome(home)[0] == "running"


def test_ten_processes_with_a_seed_each_share_a_directory(home: Path, start: Start) -> None:
    code = LOOP.replace("every=10", "every=10, seed=int(sys.argv[2])")
    racing = [start("-c", code, str(home), str(seed), module=False) for seed in range(4)]
    for process in racing:
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
    runs = gandiag.load(home).runs
    assert runs["seed"].tolist() == [0, 1, 2, 3]
    assert set(runs["status"]) == {"completed"}


def test_a_fork_records_nothing_and_ends_nothing(home: Path, run: Run) -> None:
    code = LOOP + dedent(
        """
        import os
        child = os.fork()
        if child == 0:
            for step in range(100, 200):
                monitor.log(step, d_loss=2.0)
            monitor.close()
            sys.exit(0)  # through the exit handlers, as multiprocessing does not
        os.waitpid(child, 0)
        monitor.log(100, d_loss=1.0)
        """
    )
    done = run("-c", code, str(home), module=False)
    assert done.returncode == 0
    assert done.stderr.count("a fork of the one it records for") == 1
    assert outcome(home) == ("completed", 100, None)
    assert gandiag.load(home).series["d_loss"].max() == 1


def test_a_copy_for_a_worker_is_quiet(home: Path) -> None:
    with gandiag.Monitor(home) as monitor:
        monitor.log(0, d_loss=1.0)
        copy = pickle.loads(pickle.dumps(monitor))
        copy.log(1, d_loss=2.0)
        copy.close()
        assert not copy.should_stop
    assert outcome(home)[1] == 0


def test_a_monitor_that_is_let_go_ends_its_run(home: Path) -> None:
    monitor = gandiag.Monitor(home)
    monitor.log(0, d_loss=1.0)
    del monitor
    assert outcome(home) == ("completed", 0, None)


def test_a_closed_monitor_takes_no_more_and_does_not_mind(home: Path) -> None:
    monitor = gandiag.Monitor(home)
    monitor.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error", MonitorWarning)
        monitor.log(0, d_loss=1.0)
        monitor.close()
        assert not monitor.wants_samples(0)


def test_rows_are_on_disk_soon_in_a_slow_loop(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gandiag.monitoring.recorder.FLUSH_S", 0.01)
    monitor = gandiag.Monitor(home, every=1)
    for step in range(3):
        monitor.log(step, d_loss=1.0)
        time.sleep(0.02)
    assert len(gandiag.load(home).series) >= 1
    monitor.close()
