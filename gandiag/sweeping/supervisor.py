"""Starts worker processes, passes their messages on, and marks runs whose worker has failed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from gandiag.diagnosis.outcome import success_if_unfinished
from gandiag.plugins import runner
from gandiag.store.manifest import FINISHED, Status, read_manifest
from gandiag.store.run import mark_unfinished
from gandiag.sweeping.job import Job, Message, read_message

ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""Sums differ with the number of threads, and two busy cores are slower with two threads each."""

STOPPED_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Listen = Callable[[Job, Message], None]


class Supervisor:
    """Runs jobs in worker processes, one per call; calls may come from several threads.

    Args:
        listen: Called with every message of a worker.
        timeout_s: How long a worker may take, in seconds; None for no limit.
    """

    def __init__(self, listen: Listen, timeout_s: float | None = None) -> None:
        self._listen = listen
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._processes: set[subprocess.Popen[str]] = set()
        self._stopping = False

    def run(self, job: Job) -> None:
        """Trains the runs of a job and returns when its worker has exited."""
        log = job.store / "logs" / f"{job.runs[0]}.log"
        log.parent.mkdir(exist_ok=True)
        with open(log, "a", encoding="utf-8") as file:
            process = self._start(job, file.fileno())
            if process is None:
                self._mark_unfinished(job, "interrupted", "the sweep was stopped")
                return
            timed_out = threading.Event()
            timer = threading.Timer(self._timeout_s or 0, _kill, (process, timed_out))
            if self._timeout_s is not None:
                timer.start()
            failure = self._communicate(job, process)
            timer.cancel()
        status, error = self._cause(process.returncode, timed_out.is_set(), failure, log)
        self._mark_unfinished(job, status, error)

    def stop(self) -> None:
        """Kills all workers and starts no more."""
        with self._lock:
            self._stopping = True
            for process in self._processes:
                _kill(process)

    def _start(self, job: Job, log: int) -> subprocess.Popen[str] | None:
        with self._lock:
            if self._stopping:
                return None
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "gandiag", "worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                start_new_session=True,
                env=worker_environment(job.backend),
            )
            self._processes.add(process)
            return process

    def _communicate(self, job: Job, process: subprocess.Popen[str]) -> Message:
        """Sends the job, passes messages on, and returns the last failure, if any."""
        failure = Message(kind="failed")
        with process:
            assert process.stdin is not None
            assert process.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(job.model_dump_json() + "\n")
                process.stdin.flush()
            for line in process.stdout:
                with contextlib.suppress(ValueError):
                    message = read_message(line)
                    failure = message if message.kind == "failed" else failure
                    self._listen(job, message)
            # Closed only now: a worker whose input ends takes its parent for dead.
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()
        with self._lock:
            self._processes.discard(process)
        _kill_group(process.pid)
        return failure

    def _cause(self, code: int, timed_out: bool, failure: Message, log: Path) -> tuple[Status, str]:
        if timed_out:
            return "timed-out", f"took longer than {self._timeout_s:g} s"
        if self._stopping:
            return "interrupted", "the sweep was stopped"
        # Before the exit code: a worker that has failed may be killed while it exits.
        if failure.error:
            return failure.status or "crashed", failure.error
        if -code in STOPPED_FROM_OUTSIDE:
            return "interrupted", f"the worker was ended by {signal.Signals(-code).name}"
        if code < 0:
            return "crashed", f"the worker died of {signal.Signals(-code).name}; see {log}"
        return "crashed", f"the worker ended with exit code {code}; see {log}"

    def _mark_unfinished(self, job: Job, status: Status, error: str) -> None:
        """Marks the runs of a job that have not finished."""
        for name in job.runs:
            manifest = read_manifest(job.store / name)
            if manifest is None or manifest.status in FINISHED:
                continue
            if manifest.status in ("pending", "running"):
                manifest = manifest.with_(status=status, error=error)
                with contextlib.suppress(OSError):  # a full disk; such a run is read as interrupted
                    success = success_if_unfinished(manifest, status)
                    mark_unfinished(job.store / name, manifest, status, error, success)
            ended = {"status": manifest.status, "error": manifest.error or ""}
            self._listen(job, Message(kind="ended", seed=manifest.identity.seed, **ended))


def worker_environment(backend: str) -> dict[str, str]:
    """The environment of a worker; it must be set before the framework is imported."""
    return dict(os.environ) | dict.fromkeys(ONE_THREAD, "1") | runner(backend).environment()


def _kill(process: subprocess.Popen[str], timed_out: threading.Event | None = None) -> None:
    if timed_out is not None:
        timed_out.set()
    _kill_group(process.pid)


def _kill_group(group: int) -> None:
    """Kills a worker and the processes that it has started, such as a compiler."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
