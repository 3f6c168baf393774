"""A sweep of three seeds in two groups, what it comes to undisturbed, and checkpoints often."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gandiag
from gandiag.store.manifest import Manifest
from gandiag.store.store import Store
from gandiag.sweeping import execution
from gandiag.sweeping.job import Job
from gandiag.sweeping.plan import make_jobs

LONG = {"schedule.iterations": 60, "recording.every": 2}

OFTEN_S = 0.03

DRIVER = f"""
from gandiag.cli import main
from gandiag.sweeping import execution
from gandiag.sweeping.plan import make_jobs
execution.make_jobs = lambda store, runs: [
    job.model_copy(update=dict(checkpoint_every_s={OFTEN_S})) for job in make_jobs(store, runs)
]
main()
"""

Numbers = dict[str, tuple[list[str], str, list[int], bytes]]


def numbers(store: Path) -> Numbers:
    """All that a store holds of its runs but for when it was made."""
    found = {}
    for path in sorted(store.glob("*/manifest.json")):
        run = path.parent
        lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        told = [repr({name: row[name] for name in row if name != "wall_s"}) for row in rows]
        series = pd.read_parquet(run / "metrics.parquet").drop(columns="wall_s")
        with np.load(run / "samples.npz") as held:
            frames, values = held["iterations"].tolist(), held["values"].tobytes()
        found[run.name] = (told, repr(series.to_dict("list")), frames, values)
    return found


@pytest.fixture(name="numbers", scope="session")
def _numbers() -> Callable[[Path], Numbers]:
    """Reads all that a store holds of its runs but for when it was made."""
    return numbers


@pytest.fixture
def long(sweeping: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """The words of a sweep of three seeds in two groups."""
    return lambda *more, **anew: sweeping(*more, seeds="0,1,10", **(LONG | anew))


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, quick: dict[str, Any]) -> Numbers:
    """What that sweep comes to when nothing happens."""
    out = tmp_path_factory.mktemp("undisturbed") / "store"
    gandiag.sweep("devnag-1d", "0,1,10", backend="scripted", settings=quick | LONG, out=out)
    return numbers(out)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the sweeps of this process save their runs at almost every log point."""

    def jobs(store: Store, runs: Iterable[Manifest]) -> list[Job]:
        found = make_jobs(store, runs)
        return [job.model_copy(update={"checkpoint_every_s": OFTEN_S}) for job in found]

    monkeypatch.setattr(execution, "make_jobs", jobs)


@pytest.fixture
def driver() -> str:
    """The command line as a piece of code that saves its runs at almost every log point."""
    return DRIVER


@pytest.fixture
def until() -> Callable[..., None]:
    """Waits for something to become true."""

    def wait(what: Callable[[], Any], wait_s: float = 60.0) -> None:
        end = time.monotonic() + wait_s
        while not what():
            assert time.monotonic() < end, f"waited {wait_s:g} s in vain"
            time.sleep(0.005)

    return wait


@pytest.fixture
def statuses() -> Callable[[Path], dict[Any, str]]:
    """How the runs of a store stand, by seed, or by point and seed in a grid."""

    def read(store: Path) -> dict[Any, str]:
        runs = gandiag.load(store).runs.to_dict("records")
        return {
            (run["point"], run["seed"]) if run["point"] else run["seed"]: run["status"]
            for run in runs
        }

    return read
