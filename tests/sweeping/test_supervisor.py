"""How the end of a worker process becomes the status of its runs."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from gandiag.store.manifest import Manifest, read_manifest
from gandiag.sweeping.job import Job, Message
from gandiag.sweeping.supervisor import ONE_THREAD, Supervisor, worker_environment

SILENT = Message(kind="failed")
LOG = Path("log")


@pytest.fixture
def supervisor() -> Supervisor:
    """A supervisor with a time limit that ignores messages."""
    return Supervisor(lambda job, message: None, timeout_s=3.0)


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"])
def test_a_worker_killed_from_outside_is_interrupted(supervisor: Supervisor, name: str) -> None:
    status, error = supervisor._cause(-getattr(signal, name), False, SILENT, LOG)
    assert status == "interrupted"
    assert name in error


def test_a_worker_that_dies_of_its_own_fault_is_crashed(supervisor: Supervisor) -> None:
    assert supervisor._cause(-signal.SIGSEGV, False, SILENT, LOG) == (
        "crashed",
        "the worker died of SIGSEGV; see log",
    )
    assert supervisor._cause(7, False, SILENT, LOG)[0] == "crashed"


def test_a_reported_failure_counts_more_than_the_exit_code(supervisor: Supervisor) -> None:
    full = Message(kind="failed", status="interrupted", error="OSError: disk full")
    assert supervisor._cause(-signal.SIGSEGV, False, full, LOG) == (full.status, full.error)


def test_the_time_limit_counts_more_than_anything_else(supervisor: Supervisor) -> None:
    failure = Message(kind="failed", error="ValueError: x")
    assert supervisor._cause(-signal.SIGKILL, True, failure, LOG) == (
        "timed-out",
        "took longer than 3 s",
    )


def test_a_stopped_supervisor_starts_no_worker_and_marks_the_run(
    manifest: Manifest, tmp_path: Path
) -> None:
    messages: list[Message] = []
    supervisor = Supervisor(lambda job, message: messages.append(message))
    supervisor.stop()
    name = manifest.identity.directory
    (tmp_path / name).mkdir()
    manifest.write(tmp_path / name)
    job = Job(
        store=tmp_path, runs=(name,), backend="scripted", device="cpu", mode="script", width=10
    )
    supervisor.run(job)
    marked = read_manifest(tmp_path / name)
    assert marked is not None
    assert (marked.status, marked.error) == ("interrupted", "the sweep was stopped")
    assert [(message.kind, message.seed) for message in messages] == [("ended", 3)]


def test_a_worker_computes_with_one_thread() -> None:
    environment = worker_environment("scripted")
    assert {environment[name] for name in ONE_THREAD} == {"1"}
