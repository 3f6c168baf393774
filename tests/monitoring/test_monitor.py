"""The monitor: a store contains what a loop logs."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest

import gandiag

from .loops import REAL, play

Call = Callable[..., CompletedProcess[str]]
RNG = np.random.default_rng(0)


class Broken:
    """An evaluator that always fails."""

    name = "broken"

    def features(self, samples: np.ndarray) -> np.ndarray:
        raise ValueError("no weights")


def test_a_loop_becomes_a_run_that_every_command_reads(home: Path, call: Call) -> None:
    monitor = gandiag.Monitor(home, real=REAL, success={"mean": (3.75, 4.25)})
    play(monitor)
    monitor.close()
    results = gandiag.load(home)
    run = results.runs.iloc[0]
    assert (run["status"], run["success"], run["seed"], run["iteration"]) == (
        "completed", True, 0, 300,
    )  # fmt: skip
    series = results.series
    assert series["iteration"].tolist() == [0, 100, 200, 300]
    assert series["d_updates"].tolist() == [2, 202, 402, 602]
    assert series["d_loss"].iloc[1] == pytest.approx(1.3 + np.arange(1, 101).mean() / 1000)
    assert {"mean", "mean_se", "mean_floor", "wasserstein_floor", "ks", "energy"} <= set(series)
    np.testing.assert_allclose(series["mean_floor"], REAL.mean(), atol=1e-6)
    assert results.samples(run["run"]).values.shape == (4, 500, 1)
    assert call("ls", str(home)).returncode == 0
    assert call("show", "loop", "--store", str(home)).returncode == 0
    assert call("report", str(home)).returncode == 0


def test_several_seeds_in_a_directory_are_a_sweep(home: Path) -> None:
    for seed, shift in enumerate([0.0, 0.0, 2.0]):
        with gandiag.Monitor(home, real=REAL, seed=seed, success={"mean": (3.7, 4.3)}) as monitor:
            play(monitor, shift=shift)
    assert gandiag.load(home).runs["success"].tolist() == [True, True, False]


def test_a_last_row_without_samples_does_not_change_the_success(home: Path) -> None:
    with gandiag.Monitor(home, real=REAL, success={"mean": (3.7, 4.3)}) as monitor:
        play(monitor, steps=251)
    results = gandiag.load(home)
    assert results.series["iteration"].tolist() == [0, 100, 200, 250]
    assert results.series["mean"].isna().tolist() == [False, False, False, True]
    assert results.runs["success"].tolist() == [True]


def test_the_planned_iterations_make_the_last_step_due(home: Path) -> None:
    with gandiag.Monitor(home, real=REAL, iterations=251) as monitor:
        play(monitor, steps=251)
    results = gandiag.load(home)
    assert results.series["mean"].notna().all()
    assert results.runs["iterations"].tolist() == [251]


def test_without_samples_rows_contain_the_losses(home: Path) -> None:
    with gandiag.Monitor(home, every=10) as monitor:
        for step in range(25):
            monitor.log(step, d_loss=step, penalty=1)
    series = gandiag.load(home).series
    assert series["iteration"].tolist() == [0, 10, 20, 24]
    assert series["d_loss"].tolist() == [0, 5.5, 15.5, 22.5]
    assert series["penalty"].tolist() == [1, 1, 1, 1]
    assert "d_updates" not in series.dropna(axis="columns", how="all")


def test_in_memory_nothing_is_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    monkeypatch.chdir(home)
    monitor = gandiag.Monitor(None, real=REAL)
    play(monitor)
    assert monitor.series()["iteration"].tolist() == [0, 100, 200, 300]
    monitor.close()
    assert monitor.directory is None
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"every": 0}, "every, the steps between two rows, must be a whole number"),
        ({"seed": "0"}, "seed must be a whole number of at least 0, not '0'"),
        ({"seed": True}, "seed must be a whole number"),
        ({"success": {"mean": 3}}, r"success bounds mean by \(low, high\)"),
        ({"metrics": {"wassersten": None}}, "did you mean 'wasserstein'"),
        ({"real": [1.0, math.nan]}, "real contains samples that are NaN"),
        ({"real": []}, "real must be samples"),
        ({"existing": "overwrite"}, "existing must be"),
        ({"success": {"mean": (2, 1)}}, "is above"),
        ({"evaluator": len}, "an evaluator has a name and features"),
        ({"iterations": 0}, "iterations"),
        ({"real": [1.0], "evaluator": Broken()}, "the evaluator failed on the real samples: V"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_invalid_arguments_are_refused(home: Path, given: Any, message: str) -> None:
    with pytest.raises(gandiag.UsageError, match=message):
        gandiag.Monitor(home, **given)
