"""How a run ends: exceptions, exits, kills and second processes all leave a readable run."""

from __future__ import annotations

import pickle
import signal
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import gandiag
from gandiag.monitoring.lifecycle import outcome_of
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


def outcome(home: Path) -> tuple[str, int, str | None]:
    """The status of the one run, its last iteration, and its error."""
    results = gandiag.load(home)
    (run,) = results.runs.to_dict("records")
    assert len(results.series) == len(results.series["iteration"].unique())
    return str(run["status"]), int(run["iteration"]), run["error"]


def test_a_script_that_ends_completes_its_run(home: Path, run: Run) -> None:
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
def test_an_exception_is_recorded_and_propagates(
    home: Path, run: Run, end: str, status: str, error: str | None
) -> None:
    done = run("-c", f"{LOOP}    if step == 55: {end}", str(home), module=False)
    assert (done.returncode == 0) == (status == "completed")
    assert outcome(home) == (status, 55, error)


def test_an_exception_in_a_with_block_is_recorded_and_propagates(home: Path) -> None:
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


def test_an_unfinished_run_is_set_aside_by_the_next_attempt(home: Path, run: Run) -> None:
    run("-c", f"{LOOP}    if step == 55: raise RuntimeError", str(home), module=False)
    assert run("-c", LOOP, str(home), module=False).returncode == 0
    assert outcome(home) == ("completed", 99, None)
    assert len(list((home / "aside").iterdir())) == 1


def test_a_second_process_of_a_run_trains_and_records_nothing(
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


def test_processes_with_different_seeds_share_a_directory(home: Path, start: Start) -> None:
    code = LOOP.replace("every=10", "every=10, seed=int(sys.argv[2])")
    racing = [start("-c", code, str(home), str(seed), module=False) for seed in range(4)]
    for process in racing:
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
    runs = gandiag.load(home).runs
    assert runs["seed"].tolist() == [0, 1, 2, 3]
    assert set(runs["status"]) == {"completed"}


def test_an_unpickled_copy_records_nothing(home: Path) -> None:
    with gandiag.Monitor(home) as monitor:
        monitor.log(0, d_loss=1.0)
        copy = pickle.loads(pickle.dumps(monitor))
        copy.log(1, d_loss=2.0)
        copy.close()
        assert not copy.should_stop
    assert outcome(home)[1] == 0


def test_a_monitor_that_is_deleted_ends_its_run(home: Path) -> None:
    monitor = gandiag.Monitor(home)
    monitor.log(0, d_loss=1.0)
    del monitor
    assert outcome(home) == ("completed", 0, None)


def test_a_closed_monitor_ignores_further_calls(home: Path) -> None:
    monitor = gandiag.Monitor(home)
    monitor.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error", MonitorWarning)
        monitor.log(0, d_loss=1.0)
        monitor.close()
        assert not monitor.wants_samples(0)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, ("completed", None)),
        (SystemExit(0), ("completed", None)),
        (SystemExit(1), ("crashed", "SystemExit: 1")),
        (KeyboardInterrupt(), ("interrupted", "KeyboardInterrupt: ")),
        (GeneratorExit(), ("interrupted", "GeneratorExit: ")),
        (ValueError("x"), ("crashed", "ValueError: x")),
    ],
)
def test_the_status_that_an_exception_leaves(
    error: BaseException | None, outcome: tuple[str, str | None]
) -> None:
    assert outcome_of(error) == outcome
