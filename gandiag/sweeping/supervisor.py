"""Starts worker processes, listens to them, and says how runs stand whose worker is gone."""

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
    """Runs jobs in worker processes, one at a call, from as many threads as one likes.

    Args:
        listen: Is told what the workers say.
        timeout_s: For how long a worker may take, in seconds; None for ever.
    """

    def __init__(self, listen: Listen, timeout_s: float | None = None) -> None:
        self._listen = listen
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._live: set[subprocess.Popen[str]] = set()
        self._stopping = False

    def run(self, job: Job) -> None:
        """Trains the runs of a job and returns when its worker is gone."""
        log = job.store / "logs" / f"{job.runs[0]}.log"
        log.parent.mkdir(exist_ok=True)
        with open(log, "a", encoding="utf-8") as file:
            process = self._start(job, file.fileno())
            if process is None:
                self._account_for(job, "interrupted", "the sweep was stopped")
                return
            late = threading.Event()
            timer = threading.Timer(self._timeout_s or 0, _kill, (process, late))
            if self._timeout_s is not None:
                timer.start()
            said = self._attend(job, process)
            timer.cancel()
        status, error = self._cause(process.returncode, late.is_set(), said, log)
        self._account_for(job, status, error)

    def stop(self) -> None:
        """Ends all workers and starts no more."""
        with self._lock:
            self._stopping = True
            for process in self._live:
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
            self._live.add(process)
            return process

    def _attend(self, job: Job, process: subprocess.Popen[str]) -> Message:
        """Gives the order, passes messages on, and returns the complaint if there was one."""
        complaint = Message(kind="failed")
        with process:
            assert process.stdin is not None
            assert process.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(job.model_dump_json() + "\n")
                process.stdin.flush()
            for line in process.stdout:
                with contextlib.suppress(ValueError):
                    message = read_message(line)
                    complaint = message if message.kind == "failed" else complaint
                    self._listen(job, message)
            # Left open until now: a worker takes its end for the end of its parent.
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()
        with self._lock:
            self._live.discard(process)
        _kill_group(process.pid)
        return complaint

    def _cause(self, code: int, late: bool, said: Message, log: Path) -> tuple[Status, str]:
        if late:
            return "timed-out", f"took longer than {self._timeout_s:g} s"
        if self._stopping:
            return "interrupted", "the sweep was stopped"
        if said.error:  # before the exit code: a worker that has failed may be killed as it leaves
            return said.status or "crashed", said.error
        if -code in STOPPED_FROM_OUTSIDE:
            return "interrupted", f"the worker was ended by {signal.Signals(-code).name}"
        if code < 0:
            return "crashed", f"the worker died of {signal.Signals(-code).name}; see {log}"
        return "crashed", f"the worker ended with exit code {code}; see {log}"

    def _account_for(self, job: Job, status: Status, error: str) -> None:
        """Says how the runs stand that did not come to their end."""
        for name in job.runs:
            manifest = read_manifest(job.store / name)
            if manifest is None or manifest.status in FINISHED:
                continue
            if manifest.status in ("pending", "running"):
                manifest = manifest.with_(status=status, error=error)
                with contextlib.suppress(OSError):  # a full disk; such a run reads as interrupted
                    success = success_if_unfinished(manifest, status)
                    mark_unfinished(job.store / name, manifest, status, error, success)
            ended = {"status": manifest.status, "error": manifest.error or ""}
            self._listen(job, Message(kind="ended", seed=manifest.identity.seed, **ended))


def worker_environment(backend: str) -> dict[str, str]:
    """The environment of a worker; it has to stand before the framework is imported."""
    return dict(os.environ) | dict.fromkeys(ONE_THREAD, "1") | runner(backend).environment()


def _kill(process: subprocess.Popen[str], late: threading.Event | None = None) -> None:
    if late is not None:
        late.set()
    _kill_group(process.pid)


def _kill_group(group: int) -> None:
    """Ends a worker and whatever it has started, a compiler for instance."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
