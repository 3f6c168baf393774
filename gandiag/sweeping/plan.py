"""Plans a sweep: the requested runs, the missing ones, and the jobs that train them."""

from __future__ import annotations

import platform
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gandiag._version import __version__
from gandiag.errors import StoreError
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Trained
from gandiag.measure import notes
from gandiag.running.runner import Runner, Setting
from gandiag.store.loading import read_series
from gandiag.store.manifest import FAILED, FINISHED, Identity, Manifest, Status
from gandiag.store.store import Store, differences
from gandiag.sweeping.job import Job


@dataclass(frozen=True)
class Choice:
    """A runner and how it trains one experiment.

    Attributes:
        runner: The runner.
        setting: Device, mode and width.
        versions: The versions that its numbers depend on, besides gandiag's and NumPy's.
    """

    runner: Runner
    setting: Setting
    versions: Mapping[str, str] = field(default_factory=dict)


def plan_runs(
    experiments: Mapping[str, Trained],
    choices: Mapping[tuple[str, str], Choice],
    seeds: Sequence[int],
    command: str,
) -> list[Manifest]:
    """The manifests of all requested runs.

    Args:
        experiments: The experiments by the label of their grid point.
        choices: How each is trained, by the label and the name of the runner.
        seeds: The seeds.
        command: The command that asked for them.
    """
    return [
        _manifest(experiments[label], label, choice, seed, command)
        for (label, _), choice in choices.items()
        for seed in seeds
    ]


def missing_runs(store: Store, asked: Iterable[Manifest], retry_failed: bool) -> list[Manifest]:
    """The runs that have to be trained or resumed.

    Args:
        store: The store with earlier runs.
        asked: The runs.
        retry_failed: Whether failed runs are repeated.

    Raises:
        StoreError: The store has one of the runs, trained in another way.
    """
    stored = {manifest.run: manifest for _, manifest in store.runs()}
    _refuse_another_way(store, stored.values(), asked)
    done: tuple[Status, ...] = FINISHED if retry_failed else FINISHED + FAILED
    ended = {run: manifest for run, manifest in stored.items() if manifest.status in done}
    return [run for run in asked if run.run not in ended or _is_lost(store, ended[run.run])]


def make_jobs(store: Store, runs: Iterable[Manifest]) -> list[Job]:
    """The jobs that train the runs: groups of seeds of one configuration, each in its lane."""
    jobs: list[Job] = []
    configurations: dict[tuple[str, str], list[Manifest]] = defaultdict(list)
    for run in runs:
        configurations[run.point, run.identity.backend].append(run)
    for configuration in configurations.values():
        lanes: dict[int, list[Manifest]] = defaultdict(list)
        for run in configuration:
            lanes[run.identity.seed % run.identity.width].append(run)
        while any(lanes.values()):
            jobs.append(_job(store, [lane.pop(0) for lane in lanes.values() if lane]))
    return jobs


def _job(store: Store, runs: Sequence[Manifest]) -> Job:
    first = runs[0]
    ordered = sorted(runs, key=lambda run: run.identity.seed)
    return Job(
        store=store.directory.resolve(),  # a function may go elsewhere
        runs=tuple(run.identity.directory for run in ordered),
        backend=first.identity.backend,
        device=first.device,
        mode=first.identity.mode,
        width=first.identity.width,
    )


def _manifest(experiment: Trained, label: str, choice: Choice, seed: int, command: str) -> Manifest:
    ours = experiment if isinstance(experiment, Experiment) else None
    identity = Identity(
        experiment=experiment.resolved(),
        seed=seed,
        backend=choice.runner.name,
        device_kind=choice.setting.device_kind,
        precision=ours.precision if ours else "",
        width=choice.setting.width,
        mode=choice.setting.mode,
        versions={"gandiag": __version__, "numpy": _numpy()} | dict(choice.versions),
    )
    return Manifest(
        run=identity.run,
        identity=identity,
        point=label,
        device=choice.setting.device,
        command=command,
        platform={"system": platform.platform(), "python": platform.python_version()},
        notes=notes(ours) if ours else {},
    )


def _numpy() -> str:
    return str(sys.modules["numpy"].__version__)


def _refuse_another_way(
    store: Store, stored: Iterable[Manifest], asked: Iterable[Manifest]
) -> None:
    """Runs of one configuration that were trained in two ways are not one sweep."""
    wanted = {_configuration(run): run for run in asked}
    for run in stored:
        other = wanted.get(_configuration(run))
        if other is None:
            continue
        lines = differences(_way(run), _way(other))
        if lines:
            text = "\n".join(f"  {line}" for line in lines)
            raise StoreError(
                f"{store.directory} contains seed {run.identity.seed} on {run.identity.backend}, "
                f"trained with other settings (stored, requested):\n{text}\nNothing was changed. "
                "Choose another place with --out, or remove the store: "
                f"gandiag rm {store.directory}"
            )


def _is_lost(store: Store, run: Manifest) -> bool:
    """Whether a run has ended and its series cannot be read."""
    directory = store.directory / run.identity.directory
    return run.status in FINISHED and read_series(directory).empty


def _configuration(run: Manifest) -> tuple[str, str]:
    return (run.point, run.identity.backend)


def _way(run: Manifest) -> dict[str, Any]:
    """Everything that the run's numbers depend on, except the seed."""
    return run.identity.model_dump(exclude={"seed"})
