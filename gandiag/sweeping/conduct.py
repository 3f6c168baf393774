"""A sweep from its words to its results: read, plan, train, report."""

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

from gandiag import plugins
from gandiag.errors import UsageError, WorkerError, must_be_one_of
from gandiag.experiment import Experiment
from gandiag.measure import columns_of
from gandiag.reading import read_experiment
from gandiag.store.claim import claim
from gandiag.store.loading import load
from gandiag.store.manifest import Manifest, read_manifest
from gandiag.store.results import Results
from gandiag.store.store import Grid, Store
from gandiag.sweeping.display import Display, Silent
from gandiag.sweeping.grid import points
from gandiag.sweeping.job import Job
from gandiag.sweeping.plan import Choice, grouped, missing, planned
from gandiag.sweeping.probe import choose_device
from gandiag.sweeping.seeds import parse_seeds
from gandiag.sweeping.supervisor import Supervisor

POLL_S = 0.1
"""How often the main thread looks up, so that Ctrl-C is heard at once, in seconds."""


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes:
        experiment: A preset, a file, or an experiment.
        seeds: A count, a range, a list, or numbers.
        backend: ``auto``, ``both``, or the name of a runner.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1``, ``gpu:0``.
        mode: How the engine runs an update; None for what is fastest.
        jobs: How many workers at a time; None for one a core.
        settings: Values to set anew.
        grid: Values to try.
        timeout_s: For how long a worker may take, in seconds.
        out: The store's directory; None for ``runs/NAME``.
        retry_failed: Whether runs that failed are done again.
        command: What was typed.
    """

    experiment: str | Experiment = "devnag-1d"
    seeds: int | str | Iterable[int] = 10
    backend: str = "auto"
    device: str = "auto"
    mode: str | None = None
    jobs: int | None = None
    settings: Mapping[str, Any] | None = None
    grid: Grid | None = None
    timeout_s: float | None = None
    out: str | Path | None = None
    retry_failed: bool = False
    command: str = ""


@dataclass(frozen=True)
class Plan:
    """What is to be done for a request.

    Attributes:
        store: Where the runs go.
        base: The experiment.
        points: What is set anew at each point of the grid, by its label.
        runs: All runs that are asked for.
        missing: Those that have to be trained, or trained on.
        jobs: The groups that train them.
        workers: How many at a time.
    """

    store: Store
    base: Experiment
    points: Mapping[str, Mapping[str, Any]]
    runs: Sequence[Manifest]
    missing: Sequence[Manifest]
    jobs: Sequence[Job]
    workers: int


class Stopped(KeyboardInterrupt):
    """The sweep was told to stop; its store can be resumed.

    Attributes:
        code: The exit code: 130 for Ctrl-C, 143 for SIGTERM.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"stopped with exit code {code}")
        self.code = code


def make_plan(request: Request) -> Plan:
    """Works out what a request takes; writes nothing.

    Raises:
        UsageError: The request cannot be carried out.
    """
    base, experiments, where = _experiments(request)
    chosen = plugins.usable(request.backend)
    store = Store(Path(request.out) if request.out else Path("runs") / base.name)
    choices = {
        (label, each.name): _choice(each, experiment, request)
        for label, experiment in experiments.items()
        for each in chosen
    }
    runs = planned(experiments, choices, parse_seeds(request.seeds), request.command)
    todo = missing(store, runs, request.retry_failed)
    return Plan(store, base, where, runs, todo, grouped(store, todo), _workers(request.jobs))


def carry_out(plan: Plan, display: Display, timeout_s: float | None = None) -> Results:
    """Trains what a plan misses and reads the store.

    Raises:
        StoreError: The store cannot be written, or is another's.
        Stopped: Ctrl-C or SIGTERM; the runs are marked interrupted.
    """
    plan.store.prepare()
    with claim(plan.store.directory):
        plan.store.enter(plan.base, plan.points)
        plan = _as_of_now(plan)
        for run in plan.missing:
            _announce(plan.store.directory / run.identity.directory, run)
        _train(plan, display, timeout_s)
    return load(plan.store.directory)


def sweep(experiment: str | Experiment = "devnag-1d", seeds: Any = 10, **wishes: Any) -> Results:
    """Repeats a GAN training with many seeds and returns the runs.

    The same call again resumes: it trains only what is missing.

    Args:
        experiment: The name of a preset, a TOML file, or an `Experiment`.
        seeds: A count (10 is 0 to 9), a range ``"0-9"``, a list ``"1,5,7"``, or numbers.
        **wishes: ``backend`` ("auto", "torch", "tensorflow", "both"), ``device``, ``mode``,
            ``jobs``, ``settings`` (values to set anew, by dotted path), ``grid``, ``timeout_s``,
            ``out`` (the store's directory), ``retry_failed``: see `Request`.

    Returns:
        What the store holds, ``runs`` and ``series`` as pandas frames.

    Raises:
        UsageError: The request cannot be carried out.
    """
    request = Request(experiment, seeds, **{"command": "gandiag.sweep(...)"} | wishes)
    return carry_out(make_plan(request), Silent(), request.timeout_s)


def write_report(store: Path, output: Path) -> None:
    """Renders the report in a process of its own, whose memory goes with it.

    Raises:
        WorkerError: It could not be rendered.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-m", "gandiag", "report", str(store), "-o", str(output)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise WorkerError(f"the report could not be written: {done.stderr.strip()}")


def _experiments(
    request: Request,
) -> tuple[Experiment, dict[str, Experiment], dict[str, Mapping[str, Any]]]:
    where = points(request.grid or {})
    if isinstance(request.experiment, Experiment):
        if request.settings or request.grid:
            raise UsageError("settings and grid need an experiment by name; give its name or file")
        base, experiments = request.experiment, {"": request.experiment}
    else:
        settings = dict(request.settings or {})
        base = read_experiment(request.experiment, settings)
        experiments = {
            label: read_experiment(request.experiment, settings | dict(point))
            for label, point in where.items()
        }
    for experiment in experiments.values():
        _knows_its_columns(experiment)
    return base, experiments, dict(where)


def _knows_its_columns(experiment: Experiment) -> None:
    known = columns_of(experiment)
    for rule in experiment.success:
        if rule.column not in known:
            raise UsageError(
                f"the success rule of {experiment.name}: "
                + must_be_one_of("column", rule.column, known)
            )


def _choice(runner: Any, experiment: Experiment, request: Request) -> Choice:
    if request.mode is not None and request.mode not in runner.modes:
        raise UsageError(must_be_one_of(f"mode of {runner.name}", request.mode, runner.modes))
    device = choose_device(runner, request.device)
    return Choice(runner, runner.setting(experiment, device, request.mode))


def _workers(jobs: int | None) -> int:
    import os

    if jobs is None:
        own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        return own or 1
    if jobs < 1:
        raise UsageError(f"--jobs {jobs}: at least one worker is needed")
    return jobs


def _as_of_now(plan: Plan) -> Plan:
    """The plan without the runs that another sweep has finished since it was made."""
    todo = missing(plan.store, plan.missing, retry_failed=True)
    return replace(plan, missing=todo, jobs=grouped(plan.store, todo))


def _announce(directory: Path, run: Manifest) -> None:
    """Says of a run that it is to be trained, so that what is pending can be seen."""
    directory.mkdir(exist_ok=True)
    held = read_manifest(directory) or run
    held.with_(status="pending", success=None, error=None, finished=None).write(directory)


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
