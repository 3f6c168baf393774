"""Synthetic stores: realistic series and real sample files, without a framework."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import gandiag
import gandiag_html
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.store.results import Results

Floats = NDArray[np.float64]

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


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


@dataclass(frozen=True)
class MonitorStores:
    """Stores of somebody's own training loops, recorded as anyone would record them."""

    directory: Path

    def store(
        self,
        name: str,
        made: Callable[[int, float, np.random.Generator], Any] | None,
        *,
        real: Any = None,
        seeds: int = 2,
        steps: int = 1000,
        logged: Callable[[int, float], Mapping[str, float]] | None = None,
        **settings: Any,
    ) -> Results:
        """A store of a loop.

        Args:
            name: Its name.
            made: The samples that a seed's generator makes at a part of the way from 0 to 1;
                without it none are logged.
            real: The real samples.
            seeds: How many runs.
            steps: The steps of each.
            logged: What a seed's loop logs at a part of the way; both losses, if not given.
            **settings: Of the monitor.
        """
        directory = self.directory / name
        for seed in range(seeds):
            rng = np.random.default_rng([seed, len(name)])
            monitor = gandiag.Monitor(directory, real=real, seed=seed, every=50, **settings)
            for step in range(0, steps + 1, 10):
                part = step / steps
                losses = {"d_loss": 1.4 - 0.5 * np.exp(-9 * part), "g_loss": 0.7 + 0.1 * part}
                monitor.log(step, d_updates=1, **(logged(seed, part) if logged else losses))
                if made is not None and monitor.wants_samples(step):
                    monitor.log_samples(step, fake=made(seed, part, rng))
            monitor.close()
        return gandiag.load(directory)


@dataclass(frozen=True)
class SweepStores:
    """Stores of our own experiments, swept by the runner that trains nothing."""

    directory: Path

    def of(self, preset: str, seeds: int = 2, **settings: Any) -> Results:
        """A short sweep of a preset, with some settings changed (``a__b`` is ``a.b``)."""
        short = {"schedule.iterations": 40, "recording.every": 2, "recording.samples": 60}
        short |= {"schedule.batch": 8, "schedule.chunk": 10, "recording.batches": 2}
        short |= {name.replace("__", "."): value for name, value in settings.items()}
        out = self.directory / f"store-{sum(1 for _ in self.directory.iterdir())}"
        return gandiag.sweep(preset, seeds, backend="scripted", settings=short, out=out)


@pytest.fixture(scope="session")
def sweep_stores(tmp_path_factory: pytest.TempPathFactory) -> SweepStores:
    """Where the stores of our own experiments are made."""
    return SweepStores(tmp_path_factory.mktemp("sweep_stores"))


@pytest.fixture(scope="session")
def replayed(sweep_stores: SweepStores) -> dict[str, Results]:
    """Short sweep_stores of a law in the plane with D's answers, and of a mixture."""
    return {
        "chivers": sweep_stores.of("chivers-2d", recording__frame_every=10),
        "ring": sweep_stores.of("ring8", data__points=500, recording__frames=20),
    }


@pytest.fixture(scope="session")
def replays(replayed: dict[str, Results]) -> dict[str, str]:
    """Their reports."""
    return {name: gandiag_html.render(results) for name, results in replayed.items()}


@pytest.fixture(scope="session")
def monitor_stores(tmp_path_factory: pytest.TempPathFactory) -> MonitorStores:
    """Where the stores of training loops are made."""
    return MonitorStores(tmp_path_factory.mktemp("monitor_stores"))


@pytest.fixture(scope="module")
def synthetic_stores(tmp_path_factory: pytest.TempPathFactory) -> SyntheticStores:
    """Where the stores of a test module are made."""
    return SyntheticStores(tmp_path_factory.mktemp("synthetic_stores"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests here."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a report offline; complaints and requests are noted on the page."""
    contexts = []

    def open_(text: str, **settings: Any) -> Any:
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        context = chromium.new_context(offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.requests = [], []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
