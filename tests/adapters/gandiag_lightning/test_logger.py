"""The Lightning logger: options, names, continued runs, and warnings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gandiag

from ..conftest import seen  # noqa: TID252

pytestmark = pytest.mark.framework


@pytest.fixture(scope="module")
def folder(trained: Callable[[str], Path]) -> Path:
    return trained("lightning")


def series(folder: Path, name: str) -> pd.DataFrame:
    return gandiag.load(folder / name).series


def run(folder: Path, name: str) -> Any:
    return gandiag.load(folder / name).runs.iloc[0]


def test_the_hyperparameters_are_the_options_without_the_seed(folder: Path) -> None:
    assert gandiag.load(folder / "plain").experiments[""].options == {"lr": 0.01}


def test_a_run_continues_after_a_checkpoint_and_after_a_second_fit(folder: Path) -> None:
    found = series(folder, "resumed")
    assert run(folder, "resumed")["status"] == "completed"
    assert found["iteration"].is_monotonic_increasing
    assert found["iteration"].iloc[-1] == 100
    assert found["d_updates"].tolist() == (2 * found["iteration"]).tolist()


def test_names_are_translated_and_a_lost_training_is_stopped_on_request(folder: Path) -> None:
    found = run(folder, "renamed")
    assert (found["status"], found["diverged_at"]) == ("diverged", 31)
    assert found["iteration"] < 500
    assert {"d_loss", "g_loss"} <= set(series(folder, "renamed").columns)
    (said,) = seen(folder)["renamed"]["said"]
    assert "sample() failed: ZeroDivisionError" in said


def test_what_is_not_recognised_is_warned_of(folder: Path) -> None:
    uncounted, silent = seen(folder)["unknown"]["said"]
    assert 'optimizers=("g", "d")' in uncounted
    assert series(folder, "unknown")["d_updates"].isna().all()
    assert "callbacks=[logger.callback]" in silent
    assert not (folder / "silent").exists()
    assert run(folder, "explicit")["status"] == "completed"
    assert not (folder / "try").exists()


def test_an_unknown_argument_is_refused_at_once(script: Callable[..., Any]) -> None:
    code = "import gandiag_lightning as g; g.MonitorLogger('runs/x', evry=3)"
    done = script("lightning", "-c", code)
    assert done.returncode == 1
    assert "unexpected keyword argument 'evry'" in done.stderr
