"""A sweep from the request to its results: plan, train, read, report."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

from gandiag.errors import WorkerError
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Trained
from gandiag.store.loading import load
from gandiag.store.locking import lock_directory
from gandiag.store.manifest import Manifest, read_manifest
from gandiag.store.results import Results
from gandiag.store.store import Grid, Store
from gandiag.sweeping.display import Display, Silent
from gandiag.sweeping.job import Job
from gandiag.sweeping.parsing import parse_seeds
from gandiag.sweeping.plan import make_jobs, missing_runs, plan_runs
from gandiag.sweeping.request import Request, choose_runners, resolve_request
from gandiag.sweeping.supervisor import Supervisor

POLL_S = 0.1
"""How often the main thread wakes up, so that Ctrl-C takes effect at once, in seconds."""


@dataclass(frozen=True)
class Plan:
    """What a request amounts to.

    Attributes:
        store: The store of the runs.
        base: The experiment.
        points: The values that are overridden at each grid point, by its label.
        experiments: The experiment of each grid point, by its label.
        runs: All requested runs.
        missing: The runs that have to be trained or resumed.
        jobs: The jobs that train them, one per group.
        workers: The number of workers at a time.
    """

    store: Store
    base: Trained
    points: Mapping[str, Mapping[str, Any]]
    experiments: Mapping[str, Trained]
    runs: Sequence[Manifest]
    missing: Sequence[Manifest]
    jobs: Sequence[Job]
    workers: int


class Stopped(KeyboardInterrupt):
    """The sweep was stopped by a signal; the same command resumes it.

    Attributes:
        code: The exit code: 130 for Ctrl-C, 143 for SIGTERM.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"stopped with exit code {code}")
        self.code = code


def make_plan(request: Request) -> Plan:
    """Works out what a request amounts to; writes nothing.

    Raises:
        UsageError: The request cannot be carried out.
    """
    resolved = resolve_request(request)
    store = Store(Path(request.out) if request.out else Path("runs") / resolved.base.name)
    seeds = parse_seeds(request.seeds)
    runs = plan_runs(
        resolved.experiments, choose_runners(request, resolved), seeds, request.command
    )
    missing = missing_runs(store, runs, request.retry_failed)
    jobs = make_jobs(store, missing)
    workers = request.workers
    return Plan(
        store, resolved.base, resolved.points, resolved.experiments, runs, missing, jobs, workers
    )


def carry_out(plan: Plan, display: Display, timeout_s: float | None = None) -> Results:
    """Trains the missing runs of a plan and reads the store.

    Raises:
        DataError: The data of an experiment are not available.
        StoreError: The store cannot be written, or has another experiment.
        Stopped: Ctrl-C or SIGTERM; the runs are marked interrupted.
    """
    if plan.missing:
        _check_data(plan.experiments.values())
    plan.store.prepare()
    with lock_directory(plan.store.directory):
        plan.store.register(plan.base, plan.points)
        plan = _without_finished(plan)
        for run in plan.missing:
            _mark_pending(plan.store.directory / run.identity.directory, run)
        _train(plan, display, timeout_s)
    return load(plan.store.directory)


def sweep(
    experiment: str | Trained = "devnag-1d",
    seeds: int | str | Iterable[int] = 10,
    *,
    backend: str = "auto",
    device: str = "auto",
    mode: str | None = None,
    jobs: int | None = None,
    settings: Mapping[str, Any] | None = None,
    grid: Grid | None = None,
    timeout_s: float | None = None,
    out: str | Path | None = None,
    retry_failed: bool = False,
    command: str = "gandiag.sweep(...)",
) -> Results:
    """Repeats a GAN training with many seeds and returns the runs.

    The same call again resumes: it trains only what is missing.

    Args:
        experiment: The name of a preset, a TOML file, ``module:function``, or an `Experiment`.
        seeds: A count (10 is 0 to 9), a range ``"0-9"``, a list ``"1,5,7"``, or numbers.
        backend: The name of one, e.g. ``"torch"``; ``"auto"`` for the first that is installed,
            ``"both"`` for all that come with gandiag.
        device: ``"auto"``, ``"cpu"``, ``"cuda"``, ``"cuda:1"`` or ``"gpu:0"``.
        mode: How updates run: ``"eager"``, ``"inductor"``, ``"xla"``; None for what is fastest.
        jobs: Workers at a time; None for one per core.
        settings: Values to override, by dotted path.
        grid: Values to try, by dotted path.
        timeout_s: How long a worker may take, in seconds.
        out: The store's directory; None for ``runs/NAME``.
        retry_failed: Whether crashed and timed-out runs are repeated.
        command: The command that the runs record.

    Returns:
        The content of the store, with ``runs`` and ``series`` as pandas tables.

    Raises:
        UsageError: The request cannot be carried out.
    """
    request = Request(
        experiment, seeds, backend, device, mode, jobs, settings, grid, timeout_s, out,
        retry_failed, command,
    )  # fmt: skip
    return carry_out(make_plan(request), Silent(), timeout_s)


def write_report(store: Path, output: Path) -> None:
    """Renders the report in a separate process, whose memory is freed at its end.

    Raises:
        WorkerError: It could not be rendered.
    """
    process = subprocess.run(
        [sys.executable, "-P", "-m", "gandiag", "report", str(store), "-o", str(output)],
        capture_output=True,
        text=True,
    )
    if process.returncode:
        raise WorkerError(f"the report could not be written: {process.stderr.strip()}")


def _check_data(trained: Iterable[Trained]) -> None:
    for each in trained:
        if isinstance(each, Experiment):
            each.data.check(each.game.schedule.batch)


def _without_finished(plan: Plan) -> Plan:
    """The plan without the runs that another sweep has finished in the meantime."""
    missing = missing_runs(plan.store, plan.missing, retry_failed=True)
    return replace(plan, missing=missing, jobs=make_jobs(plan.store, missing))


def _mark_pending(directory: Path, run: Manifest) -> None:
    """Writes the manifest of a run that is waiting, so that it is listed as pending."""
    directory.mkdir(exist_ok=True)
    manifest = read_manifest(directory) or run
    manifest.with_(status="pending", success=None, error=None, finished=None).write(directory)


def _train(plan: Plan, display: Display, timeout_s: float | None) -> None:
    supervisor = Supervisor(display.listen, timeout_s)
    with display.showing(plan.jobs), _stopping_on_sigterm():
        pool = ThreadPoolExecutor(plan.workers, thread_name_prefix="gandiag-worker")
        futures = {pool.submit(supervisor.run, job) for job in plan.jobs}
        try:
            pending = set(futures)
            while pending:
                _, pending = wait(pending, timeout=POLL_S)
        except KeyboardInterrupt as stop:
            supervisor.stop()
            wait(futures)
            raise stop if isinstance(stop, Stopped) else Stopped(130) from None
        finally:
            pool.shutdown()
    for future in futures:
        future.result()


@contextmanager
def _stopping_on_sigterm() -> Iterator[None]:
    """Lets SIGTERM stop a sweep as Ctrl-C does; only the main thread may do so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
