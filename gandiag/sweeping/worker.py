"""The worker: a process that trains one group, measures it and writes its runs.

It speaks to its parent in lines of JSON on what was its standard output; whatever a framework
prints goes to a log. It leaves when its parent does.
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

OUTSIDE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
"""Errors that are not the training's fault: the same command continues when they are mended."""

PATIENCE_S = 20.0
"""How long a worker waits for one of a dead sweep to leave a run, in seconds."""

Say = Callable[[Message], None]


def main() -> int:
    """Runs the job that stands on standard input.

    Returns:
        The exit code: 0 when every run came to its end, else 1.
    """
    say, orders = _divert_output(), _divert_input()
    order = orders.readline()
    threading.Thread(target=_leave_with_parent, args=[orders], daemon=True).start()
    try:
        work(Job.model_validate_json(order), say)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        say(Message(kind="failed", status=_status_after(error), error=what))
        with suppress(OSError):  # the disk of the log may be the one that is full
            traceback.print_exc()
        return 1
    return 0


def work(job: Job, say: Say) -> None:
    """Trains the runs of a job, those that stand at the same place together."""
    backend = runner(job.backend)
    os.environ.update(backend.environment())
    if job.backend == functions.NAME:
        for name in job.runs:
            _call(job, name, say)
        return
    with ExitStack() as held:
        writers = [held.enter_context(_writing(job, name)) for name in job.runs]
        with _ending(writers):
            for start, group in groupby(sorted(writers, key=_position), key=_position):
                members = list(group)
                recorder = GroupRecorder(members, job, say)
                recorder.train(backend, StartPoint(*start))


def _call(job: Job, name: str, say: Say) -> None:
    """Trains a run by the user's own function."""
    manifest, trained = _held(job, name)
    if not isinstance(trained, Recorded):
        raise StoreError(f"{job.store / name} names no function")
    speaker = functions.ProgressReporter(say, PROGRESS_EVERY_S)
    seed = manifest.identity.seed
    functions.train(trained, seed, job.store / name, manifest, speaker)
    ended = read_manifest(job.store / name) or manifest
    say(Message(kind="ended", seed=seed, status=ended.status, error=ended.error or ""))


def _held(job: Job, name: str) -> tuple[Manifest, Trained]:
    manifest = read_manifest(job.store / name)
    if manifest is None:
        raise StoreError(f"{job.store / name} has no manifest that can be read")
    manifest = manifest.with_(device=job.device)
    return manifest, trained_from(manifest.identity.experiment, name)


@contextmanager
def _writing(job: Job, name: str) -> Iterator[RunWriter]:
    directory = job.store / name
    with lock_directory(directory, PATIENCE_S):
        yield RunWriter(directory, *_held(job, name))


@contextmanager
def _ending(writers: list[RunWriter]) -> Iterator[None]:
    """Says of every run that did not come to its end why not."""
    try:
        yield
    except BaseException as error:
        for writer in writers:
            if writer.manifest.status not in FINISHED:
                with suppress(OSError):  # then the parent says it
                    status = _status_after(error)
                    success = success_if_unfinished(writer.manifest, status)
                    writer.stop(status, f"{type(error).__name__}: {error}", success)
        raise


def _status_after(error: BaseException) -> Status:
    """Whether the training failed, or what it stands on."""
    outside = isinstance(error, OSError) and error.errno in OUTSIDE
    return "interrupted" if outside or not isinstance(error, Exception) else "crashed"


def _position(writer: RunWriter) -> tuple[str, int]:
    found = writer.checkpoint
    if found is None:
        return (first_phase(require_experiment(writer.experiment)), 0)
    return (found.phase, found.iteration)


def _divert_output() -> Say:
    """Keeps standard output for messages and sends all else to where standard error goes."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(message: Message) -> None:
        try:
            pipe.write(message.line())
            pipe.flush()
        except BrokenPipeError:  # the parent is gone, and this process goes with it
            _leave()

    return say


def _divert_input() -> TextIO:
    """Keeps standard input for orders; a function that asks a question is not to wait for ever."""
    orders = os.fdopen(os.dup(0), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return orders


def _leave_with_parent(orders: TextIO) -> None:
    orders.read()
    _leave()


def _leave() -> None:
    """Ends this process, and the compilers that it may have started."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)
