"""Typical public training loops, with the monitor added: the report shows what went wrong."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

import gandiag
from gandiag.plugins import report
from gandiag.sweeping.supervisor import worker_environment

HERE = Path(__file__).parent

pytestmark = pytest.mark.framework

NEVER = "1000000"


def train(script: str, backend: str, home: Path, *arguments: str) -> pd.DataFrame:
    """Runs a loop in a process of its own; returns its series."""
    needed = {"lightning": ["lightning"], "keras": ["keras"]}.get(script.partition("_")[0], [])
    for name in [backend, *needed]:
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    done = subprocess.run(
        [sys.executable, str(HERE / f"{script}.py"), str(home), *arguments],
        env=worker_environment(backend),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    results = gandiag.load(home)
    assert results.runs["status"].tolist() == ["completed"]
    assert not any(name.startswith("monitor") for name in results.provenance["notes"])
    return results.series


def test_plain_torch_on_a_ring_shows_the_planted_collapse(tmp_path: Path) -> None:
    series = train("torch_ring", "torch", tmp_path / "gan", "1200")
    good, bad = series.query("1100 <= iteration <= 1200"), series.query("iteration > 1200")
    for axis in (0, 1):
        ratio = series[f"std_{axis}"] / series[f"std_{axis}_floor"]
        assert ratio[good.index].between(0.8, 1.2).all()
        assert (ratio[bad.index] < 0.01).all()
    assert (good["sliced_wasserstein"] < 0.25).all()
    assert (bad["sliced_wasserstein"] > 1).all()
    assert (bad["d_loss"].between(0.9, 1.5)).all(), "the losses alone do not show the collapse"
    assert series["iteration"].tolist() == list(range(0, 1601, 100))
    assert series["g_updates"].iloc[-1] == 1601
    page = report("html")(gandiag.load(tmp_path / "gan"))
    assert "Standard deviation" in page
    assert "Sliced Wasserstein distance" in page


def test_keras_with_its_own_train_step_shows_the_planted_collapse(tmp_path: Path) -> None:
    series = train("keras_gaussian", "tensorflow", tmp_path / "gan", "22")
    good, bad = series.query("800 <= iteration < 1100"), series.query("iteration > 1100")
    ratio = series["std"] / series["std_floor"]
    assert ratio[good.index].between(0.6, 1.4).all()
    assert (ratio[bad.index] < 0.01).all()
    assert (good["wasserstein"] < 0.3).all()
    assert (bad["wasserstein"] > 0.4).all()
    assert (bad["d_loss"].between(1, 1.5)).all(), "the losses alone do not show the collapse"
    assert series["d_updates"].iloc[-1] == 1500
    assert "Standard deviation" in report("html")(gandiag.load(tmp_path / "gan"))


def test_lightning_with_manual_optimisation_counts_batches(tmp_path: Path) -> None:
    series = train("lightning_gaussian", "torch", tmp_path / "gan")
    assert series["iteration"].tolist()[1:] == [100, 200, 300, 400, 500]
    assert series["d_updates"].tolist() == series["iteration"].tolist()
    assert series["g_updates"].tolist() == series["iteration"].tolist()
    assert series["wasserstein"].iloc[-1] < series["wasserstein"].iloc[0]
    assert "Standard deviation" in report("html")(gandiag.load(tmp_path / "gan"))
