"""Keras, a model with its own ``train_step``: what each batch brought is what is recorded."""

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

ROWS = [1, 10, 20, 30, 40, 50]


@pytest.fixture(scope="module")
def folder(trained: Callable[[str], Path]) -> Path:
    return trained("keras")


def series(folder: Path, name: str) -> pd.DataFrame:
    return gandiag.load(folder / name).series


def run(folder: Path, name: str) -> Any:
    return gandiag.load(folder / name).runs.iloc[0]


@pytest.mark.parametrize("store", ["plain", "means"])
def test_a_step_is_a_batch_over_all_epochs_and_updates_are_the_optimizers(
    store: str, folder: Path
) -> None:
    found = series(folder, store)
    assert found["iteration"].tolist() == ROWS
    assert found["d_updates"].tolist() == [2 * k for k in ROWS]
    assert found["g_updates"].tolist() == [1 + (k - 1) // 3 for k in ROWS]


@pytest.mark.parametrize(
    ("store", "name"), [("plain", "d_loss"), ("means", "d_loss"), ("means", "g_loss")]
)
def test_a_loss_is_that_of_the_batches_and_not_the_mean_since_the_epoch_began(
    store: str, name: str, folder: Path
) -> None:
    found = series(folder, store)
    parts = windows(seen(folder)[store]["seen"], ROWS, name)
    exact = 1e-6 if store == "plain" else 1e-5
    assert found[name].to_numpy() == pytest.approx([np.mean(p) for p in parts], rel=exact)
    assert found[f"{name}_min"].to_numpy() == pytest.approx([min(p) for p in parts], rel=exact)
    assert found[f"{name}_max"].to_numpy() == pytest.approx([max(p) for p in parts], rel=exact)
    assert found[f"{name}_last"].to_numpy() == pytest.approx([p[-1] for p in parts], rel=exact)


def test_several_batches_in_one_execution_keep_their_mean_and_their_number(folder: Path) -> None:
    found = series(folder, "many")
    assert found["iteration"].tolist() == [5, *ROWS[1:]]
    assert found["d_updates"].tolist() == [2 * k for k in found["iteration"]]
    parts = windows(seen(folder)["many"]["seen"], found["iteration"].tolist(), "d_loss")
    assert found["d_loss"].to_numpy() == pytest.approx([np.mean(p) for p in parts], rel=1e-5)


def test_samples_are_recorded_at_every_row_and_leave_the_training_as_it_was(folder: Path) -> None:
    found = gandiag.load(folder / "plain")
    frames = found.samples(found.runs.iloc[0]["run"])
    assert frames.iterations.tolist() == ROWS
    assert frames.values.shape == (6, 64, 1)
    assert found.series["wasserstein"].notna().all()
    assert seen(folder)["plain"]["same"]
    assert seen(folder)["means"]["same"]


def test_a_validation_joins_the_row_of_its_step(folder: Path) -> None:
    found = series(folder, "plain")
    known = found.loc[found["val_gap"].notna(), ["iteration", "val_gap"]]
    assert known.to_numpy().tolist() == [[30, 0.5], [50, 0.5]]


def test_what_is_told_counts_and_a_second_fit_goes_on(folder: Path) -> None:
    found = series(folder, "told")
    assert run(folder, "told")["status"] == "completed"
    assert found["iteration"].tolist() == [1, 10, 20, 25, 30, 40, 50]
    assert found["d_updates"].tolist() == (2 * found["iteration"]).tolist()
    assert found["g_updates"].isna().all()
    assert (found["critic"] == 1).all()
    (said,) = seen(folder)["told"]["said"]
    assert "sample() failed: ZeroDivisionError" in said


def test_a_lost_training_is_stopped_when_asked(folder: Path) -> None:
    found = run(folder, "lost")
    assert (found["status"], found["diverged_at"]) == ("diverged", 1)
    assert found["iteration"] < 250


def test_an_exception_that_is_caught_leaves_a_crashed_run(folder: Path) -> None:
    assert seen(folder)["caught"] == {"raised": True}
    found = run(folder, "caught")
    assert (found["status"], found["iteration"]) == ("crashed", 32)
    assert found["error"] == "RuntimeError: an exception ended fit"


def test_an_exception_that_ends_the_process_leaves_a_crashed_run(
    script: Callable[..., Any], tmp_path: Path
) -> None:
    done = script("keras", "crash", str(tmp_path))
    assert done.returncode == 1
    assert "the data are wrong" in done.stderr
    found = run(tmp_path, "crash")
    assert (found["status"], found["iteration"]) == ("crashed", 32)
    assert found["error"].startswith("InvalidArgumentError")
