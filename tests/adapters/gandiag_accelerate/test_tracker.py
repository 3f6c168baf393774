"""The tracker of accelerate records what the loop logged."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gandiag

from ..conftest import seen, windows  # noqa: TID252

pytestmark = pytest.mark.framework

ROWS = [1, 10, 20, 30, 40, 50]


@pytest.fixture(scope="module")
def folder(trained: Callable[[str], Path]) -> Path:
    return trained("accelerate")


def test_steps_and_updates_are_those_of_the_loop(folder: Path) -> None:
    found = gandiag.load(folder / "plain")
    assert found.runs["status"].tolist() == ["completed"]
    assert found.series["iteration"].tolist() == ROWS
    assert found.series["d_updates"].tolist() == [2 * k for k in ROWS]
    assert found.series["g_updates"].tolist() == [1 + (k - 1) // 3 for k in ROWS]


@pytest.mark.parametrize("name", ["d_loss", "g_loss"])
def test_a_loss_is_the_mean_of_what_the_steps_logged(name: str, folder: Path) -> None:
    found = gandiag.load(folder / "plain").series
    parts = windows(seen(folder)["plain"], ROWS, name)
    assert found[name].to_numpy() == pytest.approx([np.mean(p) for p in parts], rel=1e-6)
    assert found[f"{name}_last"].to_numpy() == pytest.approx([p[-1] for p in parts], rel=1e-6)


def test_samples_are_recorded_through_the_unwrapped_tracker(folder: Path) -> None:
    found = gandiag.load(folder / "plain")
    assert found.samples(found.runs.iloc[0]["run"]).iterations.tolist() == ROWS
    assert found.series["wasserstein"].notna().all()


def test_the_configuration_is_the_options_without_the_seed(folder: Path) -> None:
    found = gandiag.load(folder / "plain").experiments[""]
    assert found.options == {"lr": 0.01, "betas": 0.5}


def test_calls_without_a_step_are_counted_from_1(folder: Path) -> None:
    found = gandiag.load(folder / "counted").series
    assert found["iteration"].tolist() == ROWS


def test_an_exception_leaves_a_crashed_run(script: Callable[..., Any], tmp_path: Path) -> None:
    done = script("accelerate", "crash", str(tmp_path))
    assert done.returncode == 1
    found = gandiag.load(tmp_path / "crash").runs.iloc[0]
    assert (found["status"], found["iteration"]) == ("crashed", 33)
    assert found["error"] == "ValueError: the data are wrong"


def test_only_the_main_process_records(script: Callable[..., Any], tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1])}
    ranks = [
        meeting | {"WORLD_SIZE": "2", "RANK": k, "LOCAL_RANK": k, "ACCELERATE_USE_CPU": "true"}
        for k in ("0", "1")
    ]
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda r: script("accelerate", "rank", str(tmp_path), **r), ranks))
    assert [each.returncode for each in done] == [0, 0], done[0].stderr + done[1].stderr
    assert {path.name for path in tmp_path.glob("*-of-2")} == {"0-of-2", "1-of-2"}
    assert "Warning" not in done[1].stderr
    found = gandiag.load(tmp_path / "ranks")
    assert (len(found.runs), found.series["d_loss"].tolist()) == (1, [0.0])
