"""The worker: a process that trains one group, measures it and writes its runs.

It sends messages to its parent as lines of JSON on the original standard output; whatever a
framework prints goes to a log. It exits when its parent does.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import groupby
from typing import TextIO

from gandiag.diagnosis.outcome import success_if_unfinished
from gandiag.errors import StoreError
from gandiag.experiment.loading import trained_from
from gandiag.experiment.recorded import Recorded, Trained, require_experiment
from gandiag.plugins import runner
from gandiag.running.training_loop import StartPoint, first_phase
from gandiag.store.locking import lock_directory
from gandiag.store.manifest import FINISHED, Manifest, Status, read_manifest
from gandiag.store.run import RunWriter
from gandiag.sweeping import functions
from gandiag.sweeping.group_recorder import PROGRESS_EVERY_S, GroupRecorder
from gandiag.sweeping.job import Job, Message

EXTERNAL_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
"""Errors of the disk, not of the training: once they are fixed, the same command resumes."""

LOCK_WAIT_S = 20.0
"""How long to wait until a worker of a dead sweep has released a run, in seconds."""

Send = Callable[[Message], None]


def main() -> int:
    """Runs the job that it reads from standard input.

    Returns:
        The exit code: 0 if all runs have ended, else 1.
    """
    send, jobs = _redirect_output(), _redirect_input()
    order = jobs.readline()
    threading.Thread(target=_exit_with_parent, args=[jobs], daemon=True).start()
    try:
        work(Job.model_validate_json(order), send)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        send(Message(kind="failed", status=_status_after(error), error=what))
        with suppress(OSError):  # the disk of the log may be the one that is full
            traceback.print_exc()
        return 1
    return 0


def work(job: Job, send: Send) -> None:
    """Trains the runs of a job; runs at the same iteration are trained together."""
    backend = runner(job.backend)
    os.environ.update(backend.environment())
    if job.backend == functions.NAME:
        for name in job.runs:
            _train_function(job, name, send)
        return
    with ExitStack() as locks:
        writers = [locks.enter_context(_open_run(job, name)) for name in job.runs]
        with _marking_unfinished(writers):
            for start, group in groupby(sorted(writers, key=_position), key=_position):
                members = list(group)
                recorder = GroupRecorder(members, job, send)
                recorder.train(backend, StartPoint(*start))


def _train_function(job: Job, name: str, send: Send) -> None:
    """Trains a run by the user's own function."""
    manifest, trained = _read_run(job, name)
    if not isinstance(trained, Recorded):
        raise StoreError(f"{job.store / name} names no function")
    speaker = functions.ProgressReporter(send, PROGRESS_EVERY_S)
    seed = manifest.identity.seed
    functions.train(trained, seed, job.store / name, manifest, speaker)
    ended = read_manifest(job.store / name) or manifest
    send(Message(kind="ended", seed=seed, status=ended.status, error=ended.error or ""))


def _read_run(job: Job, name: str) -> tuple[Manifest, Trained]:
    manifest = read_manifest(job.store / name)
    if manifest is None:
        raise StoreError(f"{job.store / name} has no manifest that can be read")
    manifest = manifest.with_(device=job.device)
    return manifest, trained_from(manifest.identity.experiment, name)


@contextmanager
def _open_run(job: Job, name: str) -> Iterator[RunWriter]:
    directory = job.store / name
    with lock_directory(directory, LOCK_WAIT_S):
        yield RunWriter(directory, *_read_run(job, name))


@contextmanager
def _marking_unfinished(writers: list[RunWriter]) -> Iterator[None]:
    """Marks every run that has not finished with the reason."""
    try:
        yield
    except BaseException as error:
        for writer in writers:
            if writer.manifest.status not in FINISHED:
                with suppress(OSError):  # then the parent marks it
                    status = _status_after(error)
                    success = success_if_unfinished(writer.manifest, status)
                    writer.stop(status, f"{type(error).__name__}: {error}", success)
        raise


def _status_after(error: BaseException) -> Status:
    """Interrupted if the machine failed, crashed if the training did."""
    external = isinstance(error, OSError) and error.errno in EXTERNAL_ERRORS
    return "interrupted" if external or not isinstance(error, Exception) else "crashed"


def _position(writer: RunWriter) -> tuple[str, int]:
    found = writer.checkpoint
    if found is None:
        return (first_phase(require_experiment(writer.experiment)), 0)
    return (found.phase, found.iteration)


def _redirect_output() -> Send:
    """Keeps standard output for messages; everything else goes to standard error."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def send(message: Message) -> None:
        try:
            pipe.write(message.line())
            pipe.flush()
        except BrokenPipeError:  # the parent has died
            _exit()

    return send


def _redirect_input() -> TextIO:
    """Keeps standard input for the job; a function that reads it gets an empty input."""
    jobs = os.fdopen(os.dup(0), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return jobs


def _exit_with_parent(jobs: TextIO) -> None:
    jobs.read()
    _exit()


def _exit() -> None:
    """Kills this process and the compilers that it may have started."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)
