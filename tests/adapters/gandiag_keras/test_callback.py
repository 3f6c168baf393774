"""The Keras callback: samples, validations, and how a run ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gandiag

from ..conftest import seen  # noqa: TID252

pytestmark = pytest.mark.framework

ROWS = [1, 10, 20, 30, 40, 50]


@pytest.fixture(scope="module")
def folder(trained: Callable[[str], Path]) -> Path:
    return trained("keras")


def series(folder: Path, name: str) -> pd.DataFrame:
    return gandiag.load(folder / name).series


def run(folder: Path, name: str) -> Any:
    return gandiag.load(folder / name).runs.iloc[0]


def test_samples_are_recorded_at_every_row_and_do_not_change_the_training(folder: Path) -> None:
    found = gandiag.load(folder / "plain")
    frames = found.samples(found.runs.iloc[0]["run"])
    assert frames.iterations.tolist() == ROWS
    assert frames.values.shape == (6, 64, 1)
    assert found.series["wasserstein"].notna().all()
    assert seen(folder)["plain"]["same"]
    assert seen(folder)["means"]["same"]


def test_a_validation_is_recorded_in_the_row_of_its_step(folder: Path) -> None:
    found = series(folder, "plain")
    known = found.loc[found["val_gap"].notna(), ["iteration", "val_gap"]]
    assert known.to_numpy().tolist() == [[30, 0.5], [50, 0.5]]


def test_a_lost_training_is_stopped_on_request(folder: Path) -> None:
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
