"""The work of a worker, in this process: what it reads, sends and marks."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from gandiag.errors import StoreError
from gandiag.store.journal import read_journal
from gandiag.store.manifest import Manifest, read_manifest
from gandiag.sweeping import worker
from gandiag.sweeping.job import Job, Message


@pytest.fixture
def job(manifest: Manifest, tmp_path: Path) -> Job:
    """The job of one run that is pending."""
    name = manifest.identity.directory
    (tmp_path / name).mkdir()
    manifest.write(tmp_path / name)
    return Job(
        store=tmp_path, runs=(name,), backend="scripted", device="cpu", mode="script", width=10
    )


def status_of(job: Job) -> Manifest:
    found = read_manifest(job.store / job.runs[0])
    assert found is not None
    return found


def test_a_job_is_trained_to_its_end_and_reported(job: Job) -> None:
    messages: list[Message] = []
    worker.work(job, messages.append)
    assert status_of(job).status == "completed"
    rows = read_journal(job.store / job.runs[0])
    assert [row["iteration"] for row in rows] == [0, 5, 10, 15, 20]
    ended = messages[-1]
    assert (ended.kind, ended.seed, ended.status) == ("ended", 3, "completed")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValueError("bad"), "crashed"),
        (OSError(errno.ENOSPC, "No space left on device"), "interrupted"),
        (OSError(errno.ENOENT, "No such file"), "crashed"),
        (KeyboardInterrupt(), "interrupted"),
    ],
)
def test_an_error_marks_the_unfinished_run(
    error: BaseException, status: str, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("gandiag.sweeping.group_recorder.GroupRecorder.train", fail)
    with pytest.raises(type(error)):
        worker.work(job, lambda message: None)
    assert status_of(job).status == status
    assert type(error).__name__ in (status_of(job).error or "")


def test_a_run_without_a_manifest_is_refused(job: Job) -> None:
    (job.store / job.runs[0] / "manifest.json").unlink()
    with pytest.raises(StoreError, match="has no manifest that can be read"):
        worker.work(job, lambda message: None)
