"""Lightning, manual optimisation with two optimizers: what the loop saw is what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gandiag

from .conftest import seen, windows

pytestmark = pytest.mark.framework


@pytest.fixture(scope="module")
def folder(trained: Callable[[str], Path]) -> Path:
    return trained("lightning")


def series(folder: Path, name: str) -> pd.DataFrame:
    return gandiag.load(folder / name).series


def run(folder: Path, name: str) -> Any:
    return gandiag.load(folder / name).runs.iloc[0]


def test_a_step_is_a_batch_over_all_epochs(folder: Path) -> None:
    assert series(folder, "plain")["iteration"].tolist() == [1, 10, 20, 30, 40, 50]


def test_updates_are_the_steps_of_each_optimizer(folder: Path) -> None:
    found = series(folder, "plain")
    assert found["d_updates"].tolist() == [2 * k for k in (1, 10, 20, 30, 40, 50)]
    in_an_epoch = [1 + (k - 1) // 3 for k in range(1, 26)]
    per_step = [0, *in_an_epoch, *(in_an_epoch[-1] + n for n in in_an_epoch)]
    assert found["g_updates"].tolist() == [per_step[k] for k in (1, 10, 20, 30, 40, 50)]


@pytest.mark.parametrize("name", ["d_loss", "g_loss"])
@pytest.mark.parametrize("store", ["plain", "older"])
def test_a_loss_is_the_mean_of_what_the_batches_logged(store: str, name: str, folder: Path) -> None:
    found = series(folder, store)
    parts = windows(seen(folder)[store]["seen"], found["iteration"].tolist(), name)
    assert found[name].to_numpy() == pytest.approx([np.mean(p) for p in parts], rel=1e-6)
    assert found[f"{name}_min"].to_numpy() == pytest.approx([min(p) for p in parts], rel=1e-6)
    assert found[f"{name}_last"].to_numpy() == pytest.approx([p[-1] for p in parts], rel=1e-6)


def test_no_column_is_there_twice_under_lightnings_other_names(folder: Path) -> None:
    names = set(series(folder, "plain").columns)
    assert {"d_loss", "g_loss", "val_gap", "wasserstein"} <= names
    assert not {"d_loss_step", "d_loss_epoch", "epoch"} & names


def test_a_validation_joins_the_row_of_its_step(folder: Path) -> None:
    for store in ("plain", "crash"):
        found = series(folder, store)
        known = found.loc[found["val_gap"].notna(), ["iteration", "val_gap"]].to_numpy().tolist()
        assert known == ([[30, 0.5], [50, 0.5]] if store == "plain" else [[30, 0.5]])


def test_samples_are_recorded_at_every_row_and_leave_the_training_as_it_was(folder: Path) -> None:
    found = gandiag.load(folder / "plain")
    frames = found.samples(found.runs.iloc[0]["run"])
    assert frames.iterations.tolist() == [1, 10, 20, 30, 40, 50]
    assert frames.values.shape == (6, 64, 1)
    assert found.series["wasserstein"].notna().all()
    assert seen(folder)["plain"]["same"]


def test_the_hyperparameters_are_the_options_without_the_seed(folder: Path) -> None:
    assert gandiag.load(folder / "plain").experiments[""].options == {"lr": 0.01}


def test_an_exception_leaves_a_readable_run(folder: Path) -> None:
    assert seen(folder)["crash"] == {"raised": "the data are wrong"}
    found = run(folder, "crash")
    assert (found["status"], found["iteration"]) == ("crashed", 32)
    assert found["error"] == "ValueError: the data are wrong"


def test_a_run_goes_on_after_a_checkpoint_and_after_a_second_fit(folder: Path) -> None:
    found = series(folder, "resumed")
    assert run(folder, "resumed")["status"] == "completed"
    assert found["iteration"].is_monotonic_increasing
    assert found["iteration"].iloc[-1] == 100
    assert found["d_updates"].tolist() == (2 * found["iteration"]).tolist()


def test_other_names_are_said_and_a_lost_training_is_stopped_when_asked(folder: Path) -> None:
    found = run(folder, "renamed")
    assert (found["status"], found["diverged_at"]) == ("diverged", 31)
    assert found["iteration"] < 500
    assert {"d_loss", "g_loss"} <= set(series(folder, "renamed").columns)
    (said,) = seen(folder)["renamed"]["said"]
    assert "sample() failed: ZeroDivisionError" in said


def test_what_cannot_be_found_out_is_said(folder: Path) -> None:
    uncounted, silent = seen(folder)["unknown"]["said"]
    assert 'optimizers=("g", "d")' in uncounted
    assert series(folder, "unknown")["d_updates"].isna().all()
    assert "callbacks=[logger.callback]" in silent
    assert not (folder / "silent").exists()
    assert run(folder, "explicit")["status"] == "completed"
    assert not (folder / "try").exists()


def test_a_word_that_is_not_known_is_refused_at_once(script: Callable[..., Any]) -> None:
    code = "import gandiag_lightning as g; g.MonitorLogger('runs/x', evry=3)"
    done = script("lightning", "-c", code)
    assert done.returncode == 1
    assert "unexpected keyword argument 'evry'" in done.stderr
