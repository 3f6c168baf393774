"""The updates of D and G, by a model's optimizers or as declared."""

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


@pytest.mark.parametrize("store", ["plain", "means"])
def test_a_step_is_a_batch_over_all_epochs_and_updates_are_the_optimizers(
    store: str, folder: Path
) -> None:
    found = series(folder, store)
    assert found["iteration"].tolist() == ROWS
    assert found["d_updates"].tolist() == [2 * k for k in ROWS]
    assert found["g_updates"].tolist() == [1 + (k - 1) // 3 for k in ROWS]


def test_declared_updates_count_and_a_second_fit_continues_the_run(folder: Path) -> None:
    found = series(folder, "declared")
    assert run(folder, "declared")["status"] == "completed"
    assert found["iteration"].tolist() == [1, 10, 20, 25, 30, 40, 50]
    assert found["d_updates"].tolist() == (2 * found["iteration"]).tolist()
    assert found["g_updates"].isna().all()
    assert (found["critic"] == 1).all()
    (said,) = seen(folder)["declared"]["said"]
    assert "sample() failed: ZeroDivisionError" in said
