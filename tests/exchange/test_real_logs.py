"""Imports logs that the tools themselves have written, by ``data/make.py``."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

import gandiag

Call = Callable[..., CompletedProcess[str]]

DATA = Path(__file__).parent / "data"
STEPS = [0, 10, 20, 30]
D = [1.5, 1.25, 1.125, 1.0625]
G = [0.5, 0.75, math.nan, math.inf]

needs_tensorboard = pytest.mark.skipif(
    find_spec("tensorboard") is None, reason="tensorboard is not installed"
)


@pytest.mark.parametrize(
    ("log", "kind", "seeds"),
    [
        ("mlruns", "mlflow", 2),
        ("wandb-history.jsonl", "wandb", 1),
        pytest.param("events/torch", "tensorboard", 1, marks=needs_tensorboard),
        pytest.param("events/tensorflow", "tensorboard", 1, marks=needs_tensorboard),
        pytest.param("events", "tensorboard", 2, marks=needs_tensorboard),
    ],
)
def test_an_imported_store_has_the_numbers_of_the_log(
    log: str, kind: str, seeds: int, call: Call, tmp_path: Path
) -> None:
    done = call("import", str(DATA / log), f"--out={tmp_path / 'store'}", "--name=my gan")
    assert done.returncode == 0, done.stderr
    found = gandiag.load(tmp_path / "store")
    assert found.experiments[""].name == "my-gan"
    runs = found.runs
    assert runs["seed"].tolist() == list(range(seeds))
    assert set(runs["backend"]) == {"import"}
    assert set(runs["mode"]) == {kind}
    assert set(zip(runs["status"], runs["diverged_at"], strict=True)) == {("diverged", 20)}
    for run in runs.to_dict("records"):
        series = found.series[found.series["run"] == run["run"]]
        more = run["seed"] if kind == "mlflow" else 0
        assert series["iteration"].tolist() == STEPS
        assert series["d_loss"].tolist() == [x + more for x in D]
        np.testing.assert_array_equal(series["g_loss"], G)
        assert series["d_updates"].isna().all()
        assert series["wall_s"].is_monotonic_increasing
        assert set(series["phase"]) == {"train"}


def test_wandbs_csv_loses_nan_and_keeps_infinity(call: Call, tmp_path: Path) -> None:
    call("import", str(DATA / "wandb-history.csv"), f"--out={tmp_path / 'store'}")
    found = gandiag.load(tmp_path / "store")
    assert found.runs["diverged_at"].tolist() == [30]
    assert found.series["d_loss"].tolist() == D
    assert set(found.series.columns) >= {"d_loss", "g_loss", "wall_s"}
    assert not {"note", "_runtime", "_timestamp"} & set(found.series.columns)


def test_an_imported_store_can_be_listed_shown_and_reported(call: Call, tmp_path: Path) -> None:
    store = tmp_path / "store"
    call("import", str(DATA / "mlruns"), f"--out={store}")
    assert "diverged at 20" in call("ls", str(store)).stdout
    run = gandiag.load(store).runs["run"].iloc[0]
    assert "d_loss" in call("show", run, f"--store={store}").stdout
    assert call("report", str(store)).returncode == 0
    page = " ".join((store / "report.html").read_text(encoding="utf-8").split())
    assert "Imported from: mlflow, " in page
    assert "Renamed: d_loss is loss/discriminator, g_loss is loss/generator." in page
    assert "There is no imported" not in page
