"""A request for a sweep, and what it resolves to: which experiments, by which runner, how."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gandiag import columns, plugins
from gandiag.data.user_function import source_hash
from gandiag.errors import ExperimentError, UsageError, must_be_one_of
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_trained, trained_from
from gandiag.experiment.overrides import Overrides, with_overrides
from gandiag.experiment.recorded import Recorded, Trained
from gandiag.measure import columns_of
from gandiag.running.cpu import multiplies_bfloat16
from gandiag.running.runner import Runner
from gandiag.store.store import Grid
from gandiag.sweeping import functions
from gandiag.sweeping.parsing import points
from gandiag.sweeping.plan import Choice
from gandiag.sweeping.probe import choose_device

NO_RULE = ". Without a rule of success: --set 'success=[]'"
"""The advice if a preset's success rule does not fit other data."""


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Attributes:
        experiment: A preset, a file, ``module:function``, or an experiment.
        seeds: A count, a range, a list, or numbers.
        backend: ``auto``, ``both``, or the name of a runner.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1``, ``gpu:0``.
        mode: How the engine runs an update; None for what is fastest.
        jobs: How many workers at a time; None for one per core.
        settings: Values to override.
        grid: Values to try.
        timeout_s: How long a worker may take, in seconds.
        out: The store's directory; None for ``runs/NAME``.
        retry_failed: Whether failed runs are repeated.
        command: The command that asked for it.
    """

    experiment: str | Trained = "devnag-1d"
    seeds: int | str | Iterable[int] = 10
    backend: str = "auto"
    device: str = "auto"
    mode: str | None = None
    jobs: int | None = None
    settings: Overrides | None = None
    grid: Grid | None = None
    timeout_s: float | None = None
    out: str | Path | None = None
    retry_failed: bool = False
    command: str = ""

    @property
    def workers(self) -> int:
        """How many workers at a time.

        Raises:
            UsageError: ``jobs`` is below 1.
        """
        if self.jobs is None:
            known = hasattr(os, "sched_getaffinity")
            return (len(os.sched_getaffinity(0)) if known else os.cpu_count()) or 1
        if self.jobs < 1:
            raise UsageError(f"--jobs {self.jobs}: at least one worker is needed")
        return self.jobs


@dataclass(frozen=True)
class ResolvedRequest:
    """The experiments of a request.

    Attributes:
        base: The experiment outside of the grid.
        points: The values that are overridden at each grid point, by its label.
        experiments: The experiment of each grid point, by its label.
    """

    base: Trained
    points: Mapping[str, Overrides]
    experiments: Mapping[str, Trained]


def resolve_request(request: Request) -> ResolvedRequest:
    """Reads the experiments of a request.

    Raises:
        UsageError: There is no such experiment, or it is not valid.
    """
    if not isinstance(request.experiment, str):
        if request.settings or request.grid:
            raise UsageError("settings and grid need an experiment by name; give its name or file")
        found = ResolvedRequest(request.experiment, {"": {}}, {"": request.experiment})
    else:
        found = _by_name(request.experiment, request.settings or {}, request.grid or {})
    for trained in found.experiments.values():
        if isinstance(trained, Experiment):
            _check_columns(trained)
    return found


def choose_runners(request: Request, what: ResolvedRequest) -> dict[tuple[str, str], Choice]:
    """How each experiment is trained, by the label of its grid point and the name of its runner.

    Raises:
        UsageError: There is no such backend, mode or device.
    """
    if isinstance(what.base, Recorded):
        return _by_function(request, what)
    return {
        (label, each.name): _choice(each, trained, request)
        for label, trained in what.experiments.items()
        for each in plugins.installed_runners(request.backend)
    }


def _by_name(name: str, settings: Overrides, grid: Grid) -> ResolvedRequest:
    base = functions.read_function(name) if functions.is_function(name) else read_trained(name)
    settings = _paths(base, settings)
    grid = {_path(base, key): values for key, values in grid.items()}

    def at(point: Overrides) -> Trained:
        return trained_from(with_overrides(base.written(), settings | dict(point)), name)

    where = {label.replace("options.", ""): point for label, point in points(grid).items()}
    return ResolvedRequest(at({}), where, {label: at(point) for label, point in where.items()})


def _paths(base: Trained, settings: Overrides) -> dict[str, Any]:
    return {_path(base, key): value for key, value in settings.items()}


def _path(base: Trained, key: str) -> str:
    """The path of a value: in a function's training, an unknown key is one of its options."""
    if isinstance(base, Experiment):
        return key
    key = key.removeprefix("schedule.")  # what --iterations sets
    ours = key in ("iterations", "success") or key.startswith("options.")
    return key if ours else f"options.{key}"


def _by_function(request: Request, what: ResolvedRequest) -> dict[tuple[str, str], Choice]:
    for name, given, default in (
        ("backend", request.backend, "auto"),
        ("device", request.device, "auto"),
        ("mode", request.mode, None),
    ):
        if given != default:
            raise UsageError(f"--{name} {given}: a function of your own chooses that itself")
    found = {}
    for label, trained in what.experiments.items():
        if not isinstance(trained, Recorded) or not trained.function:
            raise ExperimentError(f"{trained.name} names no function; write module:function")
        functions.check(trained)
        source = {f"source of {trained.function}": source_hash(trained.function)}
        found[label, functions.NAME] = Choice(functions.RUNNER, functions.SETTING, source)
    return found


def _check_columns(experiment: Experiment) -> None:
    known = columns_of(experiment)
    for rule in experiment.success:
        who = f"the success rule of {experiment.name}"
        _check_column(who, rule.column, known, NO_RULE)
    watched = experiment.stopping.column if experiment.stopping else None
    if watched is not None:
        _check_column(f"the stopping rule of {experiment.name}", watched, known)


def _check_column(who: str, column: str, known: Sequence[str], way_out: str = "") -> None:
    column = columns.current(column)
    if columns.whole(column) in columns.SELDOM:
        raise UsageError(f"{who}: {column} is measured at frames only, not at every log point")
    if column not in known:
        always = [
            name
            for name in known
            if columns.whole(name) not in columns.SELDOM and not columns.is_part(name, known)
        ]
        raise UsageError(f"{who}: {must_be_one_of('column', column, always)}{way_out}")


def _choice(runner: Runner, experiment: Any, request: Request) -> Choice:
    if request.mode is not None and request.mode not in runner.modes:
        raise UsageError(must_be_one_of(f"mode of {runner.name}", request.mode, runner.modes))
    device = choose_device(runner, request.device)
    if experiment.precision == "bf16" and device == "cpu" and not multiplies_bfloat16():
        raise UsageError(
            'precision = "bf16": this processor has no instructions for bfloat16; leave '
            'precision out ("float32") or train on a GPU'
        )
    versions = {runner.name: runner.version() or "none"} | experiment.data.fingerprint()
    return Choice(runner, runner.setting(experiment, device, request.mode), versions)
