"""Stores of an older version are read, diagnosed, resumed and reported (see data/old/README.md)."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gandiag
from gandiag.experiment.loading import trained_from
from gandiag.store.journal import Row, read_journal
from gandiag.store.store import Store
from gandiag.sweeping.plan import make_jobs
from gandiag.sweeping.supervisor import Supervisor

OLD = Path(__file__).parent / "data" / "old"

EXPECTED = json.loads((OLD / "expected.json").read_text(encoding="utf-8"))

KEPT = ("run", "seed", "status", "verdict")
"""The parts of a diagnosis that a version with other thresholds gives as well."""

CLOSE = {"rtol": 1e-2, "atol": 1e-3}
"""How closely another processor repeats a short training: its sums round in another order."""

Call = Callable[..., CompletedProcess[str]]


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    """A copy of the old sweep."""
    return Path(shutil.copytree(OLD / "sweep", tmp_path / "sweep"))


@pytest.fixture
def loop(tmp_path: Path) -> Path:
    """A copy of the old run of a monitor."""
    return Path(shutil.copytree(OLD / "loop", tmp_path / "loop"))


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def diagnosis_of(call: Call, store: Path) -> dict[str, Any]:
    """The verdicts of ``analyze --json``; what it measures of a run may grow with a version."""
    done = call("analyze", str(store), "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    return {"runs": [{name: run[name] for name in KEPT} for run in found["runs"]]}


def kept(expected: dict[str, Any]) -> dict[str, Any]:
    """The same parts of what the old version said."""
    return {"runs": [{name: run[name] for name in KEPT} for run in expected["runs"]]}


def same_machine() -> bool:
    """Whether this PyTorch and processor are those that wrote the stores, as far as one can see."""
    import torch

    manifest = json.loads(next(OLD.glob("sweep/*/manifest.json")).read_text(encoding="utf-8"))
    versions = manifest["identity"]["versions"]
    information = Path("/proc/cpuinfo")
    text = information.read_text(encoding="utf-8") if information.exists() else ""
    makers = set(re.findall(r"vendor_id\s*: (.*)", text))
    processors = {f"{maker} {torch.backends.cpu.get_cpu_capability()}" for maker in makers}
    known = (torch.__version__, np.__version__) == (versions["torch"], versions["numpy"])
    return known and processors == {EXPECTED["processor"]}


@pytest.mark.parametrize("name", ["sweep", "loop"])
def test_an_old_store_is_read_whole(name: str) -> None:
    found = gandiag.load(OLD / name)
    rows = [row for run in found.runs["directory"] for row in read_journal(OLD / name / run)]
    series = found.series.drop(columns=["run", "point"])
    pd.testing.assert_frame_equal(series, pd.DataFrame(rows), check_like=True)
    assert found.runs["status"].tolist()[-1] == "interrupted"
    assert "d_accuracy" in series


@pytest.mark.parametrize("name", ["sweep", "loop"])
def test_an_old_store_is_diagnosed_as_before(name: str, call: Call) -> None:
    assert diagnosis_of(call, OLD / name) == kept(EXPECTED[name])


@pytest.mark.parametrize("name", ["sweep", "loop"])
def test_an_old_store_is_reported(name: str, call: Call, tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    assert call("report", str(OLD / name), "-o", str(output)).returncode == 0
    text = output.read_text(encoding="utf-8")
    assert all(run["verdict"] in text for run in EXPECTED[name]["runs"])


def test_the_same_sweep_asked_for_again_has_the_ids_of_the_old_runs() -> None:
    for _, manifest in Store(OLD / "sweep").runs():
        stored = manifest.identity.experiment
        now = trained_from(stored, "old").resolved()
        assert manifest.identity.model_copy(update={"experiment": now}).run == manifest.run


@pytest.mark.framework
def test_an_old_interrupted_seed_is_resumed_to_the_same_rows(sweep: Path, call: Call) -> None:
    pytest.importorskip("torch")
    store = Store(sweep)
    (run,) = (manifest for _, manifest in store.runs() if manifest.status == "interrupted")
    (job,) = make_jobs(store, [run])
    Supervisor(lambda job, message: None).run(job)
    directory = sweep / run.identity.directory
    rows, expected = rows_of(directory / "metrics.jsonl"), rows_of(OLD / "sweep-resumed.jsonl")
    found, wanted = (pd.DataFrame(each).drop(columns="wall_s") for each in (rows, expected))
    found = found[wanted.columns]  # this version measures more
    if same_machine():
        pd.testing.assert_frame_equal(found, wanted, check_exact=True)
    else:
        pd.testing.assert_frame_equal(found, wanted, check_exact=False, **CLOSE)
    assert diagnosis_of(call, sweep) == kept(EXPECTED["sweep resumed"])


def test_an_old_loop_is_continued(loop: Path, call: Call) -> None:
    """The steps that `data/old/make.py` recorded after the interruption, by today's monitor."""
    real = np.random.default_rng(0).normal(4, 1.25, 300)
    with gandiag.Monitor(loop, real=real, every=20, iterations=480, existing="continue") as monitor:
        for step in range(240, 480):
            d_loss, g_loss, d_accuracy = np.random.default_rng([0, step]).normal(
                (1.4, 0.7, 0.5), 0.02
            )
            losses = {"d_loss": d_loss, "g_loss": g_loss, "d_accuracy": d_accuracy}
            monitor.log(step, **losses, d_updates=1, g_updates=1)
            if monitor.wants_samples(step):
                fake = np.random.default_rng(step).normal(4 - 2 / (1 + step / 40), 1.25, 100)
                monitor.log_samples(step, fake=fake)
    (run,) = loop.glob("loop-*")
    rows, expected = rows_of(run / "metrics.jsonl"), rows_of(OLD / "loop-resumed.jsonl")
    earlier = rows_of(OLD / "loop" / run.name / "metrics.jsonl")
    assert rows[: len(earlier)] == earlier
    found, wanted = (pd.DataFrame(each).drop(columns="wall_s") for each in (rows, expected))
    pd.testing.assert_frame_equal(found[list(wanted)], wanted)
    assert diagnosis_of(call, loop) == kept(EXPECTED["loop resumed"])
