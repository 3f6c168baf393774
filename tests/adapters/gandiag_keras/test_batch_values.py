"""The values of single batches, computed from Keras' running means."""

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

ROWS = [1, 10, 20, 30, 40, 50]


@pytest.fixture(scope="module")
def folder(trained: Callable[[str], Path]) -> Path:
    return trained("keras")


def series(folder: Path, name: str) -> pd.DataFrame:
    return gandiag.load(folder / name).series


def run(folder: Path, name: str) -> Any:
    return gandiag.load(folder / name).runs.iloc[0]


@pytest.mark.parametrize(
    ("store", "name"), [("plain", "d_loss"), ("means", "d_loss"), ("means", "g_loss")]
)
def test_a_loss_is_the_mean_over_its_batches_and_not_since_the_epoch_began(
    store: str, name: str, folder: Path
) -> None:
    found = series(folder, store)
    parts = windows(seen(folder)[store]["seen"], ROWS, name)
    exact = 1e-6 if store == "plain" else 1e-5
    assert found[name].to_numpy() == pytest.approx([np.mean(p) for p in parts], rel=exact)
    assert found[f"{name}_min"].to_numpy() == pytest.approx([min(p) for p in parts], rel=exact)
    assert found[f"{name}_max"].to_numpy() == pytest.approx([max(p) for p in parts], rel=exact)
    assert found[f"{name}_last"].to_numpy() == pytest.approx([p[-1] for p in parts], rel=exact)


def test_several_batches_in_one_execution_keep_their_mean_and_count(folder: Path) -> None:
    found = series(folder, "many")
    assert found["iteration"].tolist() == [5, *ROWS[1:]]
    assert found["d_updates"].tolist() == [2 * k for k in found["iteration"]]
    parts = windows(seen(folder)["many"]["seen"], found["iteration"].tolist(), "d_loss")
    assert found["d_loss"].to_numpy() == pytest.approx([np.mean(p) for p in parts], rel=1e-5)
