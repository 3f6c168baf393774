"""Stores of presets with synthetic series and real sample files, without a framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.store.results import Results

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ending:
    """How a run goes: where its mean and std end, and its status."""

    mean: float | Sequence[float] = 4.0
    std: float | Sequence[float] = 1.2
    status: str = "completed"
    success: bool | None = True
    reach: float = 1.0
    error: str | None = None
    samples: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)


ENDINGS = {
    "good": Ending(),
    "concave": Ending(mean=6.02, std=0.61, success=False),
    "spike": Ending(mean=-11.0, std=0.0, success=False),
    "diverged": Ending(status="diverged", success=False, reach=0.25, samples=False),
    "at once": Ending(
        status="diverged", success=False, reach=0.0, samples=False, extra={"diverged_at": 1}
    ),
    "crashed": Ending(
        status="crashed",
        success=None,
        reach=0.5,
        samples=False,
        error="RuntimeError: out of memory",
    ),
    "timed out": Ending(status="timed-out", success=None, reach=0.7),
    "running": Ending(status="running", success=None, reach=0.4, samples=False),
    "pending": Ending(status="pending", success=None, reach=0.0, samples=False),
    "interrupted": Ending(status="interrupted", success=None, reach=0.6, samples=False),
    "unjudged": Ending(mean=0.0, std=0.0, success=None),
}


@dataclass(frozen=True)
class PlannedRun:
    """A run of the store to be made."""

    seed: int
    ending: Ending
    backend: str = "torch"
    point: str = ""


@dataclass(frozen=True)
class SyntheticStores:
    """Makes stores in a directory."""

    directory: Path

    def run(self, seed: int, ending: str, *, backend: str = "torch", point: str = "",
             **changes: Any) -> PlannedRun:  # fmt: skip
        """A run by the name of its ending, with some of that changed."""
        return PlannedRun(seed, replace(ENDINGS[ending], **changes), backend, point)

    def of(self, *endings: str, experiment: str = "devnag-1d") -> Results:
        """A store of one preset, its seeds counted from 0."""
        plans = [self.run(seed, ending) for seed, ending in enumerate(endings)]
        return self.store(plans, {"": read_experiment(experiment)})

    def ten(self) -> Results:
        """Ten seeds as published: seed 4 concave, seed 9 a narrow peak."""
        return self.of(*["good"] * 4, "concave", *["good"] * 4, "spike")

    def store(
        self, plans: Sequence[PlannedRun], experiments: Mapping[str, Experiment] | None = None
    ) -> Results:
        """A store with some runs."""
        experiments = experiments or {"": read_experiment("devnag-1d")}
        store = self.directory / f"store-{sum(1 for _ in self.directory.iterdir())}"
        store.mkdir()
        rows, series = [], [pd.DataFrame({"run": [], "phase": [], "iteration": []})]
        for plan in plans:
            experiment = experiments[plan.point]
            rng = np.random.default_rng([plan.seed, len(plan.backend), len(plan.point)])
            name = f"{plan.backend}-{plan.point}-{plan.seed}".replace("=", "-")
            rows.append(_row(plan, experiment, name))
            if plan.ending.reach:
                series += _series(plan, experiment, name, rng)
            if plan.ending.samples:
                _write_samples(store, plan, experiment, name, rng)
        runs = pd.DataFrame(rows)
        if rows:
            runs["success"] = runs["success"].astype("boolean")
            runs["diverged_at"] = runs["diverged_at"].astype("Int64")
        return Results(
            directory=store,
            experiments=experiments,
            runs=runs,
            series=pd.concat([frame for frame in series if len(frame)] or series),
            provenance={
                "versions": {"gandiag": "0.1.0", "numpy": "2.4.6", "torch": "2.9.1"},
                "platform": {"system": "Linux-6.1-x86_64", "python": "3.11.7"},
                "command": f"gandiag sweep devnag-1d --seeds {len(plans)} --store /home/ada/runs",
            },
            data={point: experiment.data for point, experiment in experiments.items()},
        )


def _write_samples(
    store: Path, plan: PlannedRun, experiment: Experiment, name: str, rng: np.random.Generator
) -> None:
    size, n = experiment.data.size, experiment.recording.samples
    mean = np.broadcast_to(plan.ending.mean, (size,))
    std = np.broadcast_to(plan.ending.std, (size,))
    values = mean + std * rng.normal(size=(3, n, size))
    folder = store / "runs" / name
    folder.mkdir(parents=True, exist_ok=True)
    frames = np.array([0, 100, 200])
    np.savez(folder / "samples.npz", iterations=frames, values=values.astype(np.float32))


def _row(plan: PlannedRun, experiment: Experiment, name: str) -> dict[str, Any]:
    planned, ending = experiment.schedule.iterations, plan.ending
    ended = int(planned * ending.reach)
    return {
        "run": name,
        "point": plan.point,
        "seed": plan.seed,
        "backend": plan.backend,
        "status": ending.status,
        "success": ending.success,
        "verdict": None,
        "iteration": ended,
        "iterations": planned,
        "diverged_at": ended + 1 if ending.status == "diverged" else pd.NA,
        "error": ending.error,
        "wall_s": 12.3 + plan.seed if ending.reach else np.nan,
        "device": "cpu",
        "precision": "float32",
        "width": 10,
        "mode": "compiled",
        "started": "2026-11-21T22:00:00Z",
        "finished": None,
        "directory": f"runs/{name}",
    } | dict(ending.extra)


def _series(
    plan: PlannedRun, experiment: Experiment, name: str, rng: np.random.Generator
) -> list[pd.DataFrame]:
    planned, every = experiment.schedule.iterations, experiment.recording.every
    iteration = np.arange(0, int(planned * plan.ending.reach) + 1, every)
    game = pd.DataFrame({"iteration": iteration, "phase": "train"})
    part = iteration / planned
    for column, values in _moments(plan, experiment, part, rng):
        game[column] = values
    wobble = np.cumsum(rng.normal(0, 0.02, len(part)))
    game["d_loss"] = 1.386 - 0.5 * np.exp(-9 * part) + 0.3 * wobble + rng.normal(0, 0.02, len(part))
    game["g_loss"] = 0.693 + 0.9 * np.exp(-9 * part) - wobble + rng.normal(0, 0.03, len(part))
    game.loc[0, ["d_loss", "g_loss"]] = np.nan
    if plan.ending.status == "diverged":
        game.loc[len(game) - 1, ["mean", "std"]] = [3e9, np.inf]
        game.loc[len(game) - 3 :, "g_loss"] = [40.0, 900.0, np.nan]
    frames = [game]
    if experiment.pretraining is not None:
        steps = np.arange(0, experiment.pretraining.iterations + 1, 25)
        loss = 0.21 * np.exp(-steps / 200) + 0.004
        frames.append(pd.DataFrame({"iteration": steps, "phase": "pretrain", "d_loss": loss}))
    for frame in frames:
        frame["run"], frame["point"] = name, plan.point
        frame["seed"], frame["backend"] = plan.seed, plan.backend
    return frames


def _moments(
    plan: PlannedRun, experiment: Experiment, part: Floats, rng: np.random.Generator
) -> list[tuple[str, Floats]]:
    size, rate = experiment.data.size, rng.uniform(4, 9)
    mean = np.broadcast_to(plan.ending.mean, (size,))
    std = np.broadcast_to(plan.ending.std, (size,))
    columns: list[tuple[str, Floats]] = []
    for axis in range(size):
        tail = f"_{axis}" if size > 1 else ""
        way = 1 - np.exp(-rate * part) * np.cos(14 * part)
        columns += [
            (f"mean{tail}", 0.4 + (mean[axis] - 0.4) * way + 0.05 * rng.normal(size=len(part))),
            (f"mean_se{tail}", np.full(len(part), 0.0249)),
            (f"std{tail}", std[axis] * (1 - np.exp(-6 * part)) * rng.normal(1, 0.02, len(part))),
        ]
    columns += [
        ("wasserstein", 3.5 * np.exp(-7 * part) + 0.06 + 0.02 * rng.random(len(part))),
        ("wasserstein_floor", np.full(len(part), 0.0258)),
    ]
    return columns
