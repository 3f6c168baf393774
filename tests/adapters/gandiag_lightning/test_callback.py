"""The Lightning callback: steps, losses, samples, and how a run ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gandiag

from ..conftest import seen, windows  # noqa: TID252

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


@pytest.mark.parametrize("name", ["d_loss", "g_loss"])
@pytest.mark.parametrize("store", ["plain", "older"])
def test_a_loss_is_the_mean_of_what_the_batches_logged(store: str, name: str, folder: Path) -> None:
    found = series(folder, store)
    parts = windows(seen(folder)[store]["seen"], found["iteration"].tolist(), name)
    assert found[name].to_numpy() == pytest.approx([np.mean(p) for p in parts], rel=1e-6)
    assert found[f"{name}_min"].to_numpy() == pytest.approx([min(p) for p in parts], rel=1e-6)
    assert found[f"{name}_last"].to_numpy() == pytest.approx([p[-1] for p in parts], rel=1e-6)


def test_no_column_is_repeated_under_lightnings_suffixes(folder: Path) -> None:
    names = set(series(folder, "plain").columns)
    assert {"d_loss", "g_loss", "val_gap", "wasserstein"} <= names
    assert not {"d_loss_step", "d_loss_epoch", "epoch"} & names


def test_a_validation_is_recorded_in_the_row_of_its_step(folder: Path) -> None:
    for store in ("plain", "crash"):
        found = series(folder, store)
        known = found.loc[found["val_gap"].notna(), ["iteration", "val_gap"]].to_numpy().tolist()
        assert known == ([[30, 0.5], [50, 0.5]] if store == "plain" else [[30, 0.5]])


def test_samples_are_recorded_at_every_row_and_do_not_change_the_training(folder: Path) -> None:
    found = gandiag.load(folder / "plain")
    frames = found.samples(found.runs.iloc[0]["run"])
    assert frames.iterations.tolist() == [1, 10, 20, 30, 40, 50]
    assert frames.values.shape == (6, 64, 1)
    assert found.series["wasserstein"].notna().all()
    assert seen(folder)["plain"]["same"]


def test_an_exception_leaves_a_crashed_run(folder: Path) -> None:
    assert seen(folder)["crash"] == {"raised": "the data are wrong"}
    found = run(folder, "crash")
    assert (found["status"], found["iteration"]) == ("crashed", 32)
    assert found["error"] == "ValueError: the data are wrong"
