"""Failure is data: what a crash, a full disk, a divergence or a timeout costs."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pandas as pd
import pytest

import gandiag
from gandiag.store.checkpoint import read_checkpoint
from gandiag.store.journal import read_journal
from gandiag.sweeping.execution import sweep

Call = Callable[..., CompletedProcess[str]]
Words = Callable[..., list[str]]
Numbers = Callable[[Path], dict[str, Any]]
Statuses = Callable[[Path], dict[Any, str]]

SHORT, TALL = "schedule.iterations=10", "schedule.iterations=40"
GRID = "--grid=schedule.iterations=10,40"
"""Two groups; what the script says of iteration 30 happens to the second alone."""

SECOND_ONLY = {
    (SHORT, 0): "completed",
    (SHORT, 1): "completed",
}


def script(monkeypatch: pytest.MonkeyPatch, **lanes: Any) -> None:
    told = {name.removeprefix("lane"): what for name, what in lanes.items()}
    monkeypatch.setenv("GANDIAG_SCRIPT", json.dumps(told))


def after_trouble(status: str) -> dict[Any, str]:
    return SECOND_ONLY | dict.fromkeys([(TALL, 0), (TALL, 1)], status)


@pytest.fixture
def words(sweeping: Words) -> list[str]:
    """A sweep of two groups of two seeds."""
    return sweeping(GRID, seeds="2")


@pytest.fixture(scope="module")
def unharmed(
    tmp_path_factory: pytest.TempPathFactory, quick: dict[str, Any], numbers: Numbers
) -> dict[str, Any]:
    """What the sweep comes to when nothing happens."""
    out, grid = tmp_path_factory.mktemp("unharmed") / "store", {"schedule.iterations": [10, 40]}
    sweep("devnag-1d", 2, backend="scripted", settings=quick, grid=grid, out=out)
    return numbers(out)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("crash", "RuntimeError: the script lets lane 0 crash at iteration 30"),
        ("SIGSEGV", "the worker died of SIGSEGV; see "),
    ],
)
def test_a_worker_that_crashes_costs_its_group_and_is_redone_only_when_asked(
    event: str,
    said: str,
    words: list[str],
    unharmed: dict[str, Any],
    call: Call,
    tmp_path: Path,
    numbers: Numbers,
    statuses: Statuses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = tmp_path / "store"
    with monkeypatch.context() as patch:
        script(patch, lane0={event: 30})
        first = call(*words)
    assert first.returncode == 1
    assert statuses(store) == after_trouble("crashed")
    runs = gandiag.load(store).runs
    assert runs["error"].str.startswith(said).sum() == 2
    assert runs["error"].isna().sum() == 2
    assert said in first.stderr
    assert "Traceback" not in first.stdout + first.stderr
    again = call(*words)
    assert again.returncode == 1
    assert statuses(store) == after_trouble("crashed")
    assert call(*words, "--retry-failed").returncode == 0
    assert set(statuses(store).values()) == {"completed"}
    assert numbers(store) == unharmed


def test_the_traceback_of_a_crash_stands_in_the_log(
    words: list[str], call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, lane0={"crash": 30})
    call(*words)
    logs = [path.read_text(encoding="utf-8") for path in (tmp_path / "store/logs").iterdir()]
    assert sum("Traceback" in log and "lane 0 crash" in log for log in logs) == 1


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("SIGKILL", "the worker was ended by SIGKILL"),
        ("full", "OSError: [Errno 28] No space left on device"),
    ],
)
def test_what_is_not_the_trainings_fault_is_resumed_by_the_same_command(
    event: str,
    said: str,
    words: list[str],
    unharmed: dict[str, Any],
    call: Call,
    tmp_path: Path,
    numbers: Numbers,
    statuses: Statuses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = tmp_path / "store"
    with monkeypatch.context() as patch:
        script(patch, lane0={event: 30})
        first = call(*words)
    assert first.returncode == 1
    assert said in first.stderr
    assert statuses(store) == after_trouble("interrupted")
    assert call(*words).returncode == 0
    assert set(statuses(store).values()) == {"completed"}
    assert numbers(store) == unharmed


def test_a_worker_that_dies_before_its_first_word_says_why(
    words: list[str], call: Call, tmp_path: Path, statuses: Statuses, monkeypatch: Any
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import os, sys\nif 'worker' in sys.orig_argv: os._exit(7)", encoding="utf-8"
    )
    with monkeypatch.context() as patch:
        script(patch, lane0={"SIGKILL": 5})
        assert call(*words).returncode == 1
    assert set(statuses(tmp_path / "store").values()) == {"interrupted"}
    with monkeypatch.context() as patch:
        patch.setenv("PYTHONPATH", str(broken))
        done = call(*words)
    assert done.returncode == 1
    assert set(statuses(tmp_path / "store").values()) == {"crashed"}
    assert "the worker ended with exit code 7; see " in done.stderr


def test_a_run_that_takes_too_long_is_timed_out_and_redone_only_when_asked(
    words: list[str],
    unharmed: dict[str, Any],
    call: Call,
    tmp_path: Path,
    numbers: Numbers,
    statuses: Statuses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = tmp_path / "store"
    with monkeypatch.context() as patch:
        script(patch, lane0={"hang": 30})
        first = call(*words, "--timeout=8s")
    assert first.returncode == 1
    assert statuses(store) == after_trouble("timed-out")
    assert gandiag.load(store).runs["error"].eq("took longer than 8 s").sum() == 2
    assert call(*words).returncode == 1
    assert call(*words, "--retry-failed").returncode == 0
    assert numbers(store) == unharmed


@pytest.mark.usefixtures("often")
def test_a_long_run_goes_on_from_its_checkpoint(
    long: Words,
    call: Call,
    tmp_path: Path,
    numbers: Numbers,
    undisturbed: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = tmp_path / "store"
    with monkeypatch.context() as patch:
        script(patch, lane0={"SIGKILL": 40}, delay_s=0.01)
        assert call(*long()).returncode == 1
    before = {}
    for path in sorted(store.glob("scripted-*")):
        found = read_checkpoint(path)
        assert found is not None
        assert 0 < found.iteration < 40
        rows = [row for row in read_journal(path) if row["iteration"] <= found.iteration]
        before[path] = rows
    assert call(*long()).returncode == 0
    for path, rows in before.items():
        after = read_journal(path)
        assert after[: len(rows)] == rows, "what was recorded before is kept, wall time and all"
        times = [row["wall_s"] for row in after]
        assert times == sorted(times)
        assert not (path / "checkpoint.npz").exists()
    assert numbers(store) == undisturbed


@pytest.mark.usefixtures("often")
def test_a_run_that_was_interrupted_in_its_pretraining_goes_on_there(
    sweeping: Words,
    call: Call,
    tmp_path: Path,
    numbers: Numbers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anew: Any = {
        "pretraining.iterations": 60,
        "recording.pretrain_every": 5,
        "schedule.iterations": 20,
        "schedule.chunk": 16,
    }
    words = sweeping(preset="aylien-1d", **anew)
    with monkeypatch.context() as patch:
        script(patch, lane0={"SIGKILL": 50}, delay_s=0.01)
        assert call(*words).returncode == 1
    for path in (tmp_path / "store").glob("scripted-*"):
        found = read_checkpoint(path)
        assert found is not None
        assert found.phase == "pretrain"
        assert 0 < found.iteration < 50
        assert {row["phase"] for row in read_journal(path)} == {"pretrain"}
    assert call(*words).returncode == 0
    assert call(*words, f"--out={tmp_path / 'other'}").returncode == 0
    assert numbers(tmp_path / "store") == numbers(tmp_path / "other")
    series = gandiag.load(tmp_path / "store").series
    assert series.groupby("phase")["iteration"].max().to_dict() == {"pretrain": 60, "train": 20}
    assert not series.duplicated(["seed", "phase", "iteration"]).any()


@pytest.fixture(scope="module")
def diverged(tmp_path_factory: pytest.TempPathFactory, quick: dict[str, Any]) -> gandiag.Results:
    """Ten seeds, of which seed 3 diverged at iteration 7 and seed 5 at once; only to be read."""
    out = tmp_path_factory.mktemp("diverged") / "store"
    with pytest.MonkeyPatch.context() as patch:
        script(patch, lane3={"diverge": 7}, lane5={"diverge": 1})
        wishes: dict[str, Any] = {"backend": "scripted", "settings": quick}
        return sweep("devnag-1d", 10, out=out, **wishes)


def test_a_divergence_is_recorded_with_its_iteration(diverged: gandiag.Results) -> None:
    runs = diverged.runs.set_index("seed")
    assert runs["status"].to_dict() == dict.fromkeys(range(10), "completed") | {
        3: "diverged",
        5: "diverged",
    }
    assert runs["diverged_at"].dropna().to_dict() == {3: 7, 5: 1}
    assert runs.loc[[3, 5], "success"].tolist() == [False, False]
    assert runs.loc[[3, 5], "error"].tolist() == [None, None]
    for seed, iteration in ((3, 7), (5, 1)):
        path = diverged.directory / str(runs.loc[seed, "directory"])
        (event,) = map(json.loads, (path / "events.jsonl").read_text().splitlines())
        assert (event["event"], event["phase"]) == ("diverged", "train")
        assert event["iteration"] == iteration


def test_the_last_row_of_a_diverged_run_is_what_it_is(diverged: gandiag.Results) -> None:
    series = diverged.series.set_index(["seed", "iteration"])
    assert math.isnan(series.loc[(3, 10), "mean"])
    assert math.isnan(series.loc[(3, 10), "g_loss"])
    assert math.isfinite(series.loc[(3, 5), "mean"])
    assert series.loc[3].index.tolist() == [0, 5, 10]
    assert series.loc[5].index.tolist() == [0, 5]
    path = diverged.directory / str(diverged.runs.set_index("seed").loc[3, "directory"])
    assert '"mean": NaN' in (path / "metrics.jsonl").read_text(encoding="utf-8").splitlines()[-1]


def test_the_samples_of_a_diverged_run_are_kept_to_the_last(diverged: gandiag.Results) -> None:
    runs = diverged.runs.set_index("seed")["run"]
    frames = diverged.samples(runs[3])
    assert frames.iterations.tolist() == [0, 5, 10]
    assert pd.isna(frames.values[-1]).all()
    assert not pd.isna(frames.values[-2]).any()


def test_the_neighbours_of_a_diverged_run_are_what_they_would_have_been(
    diverged: gandiag.Results, tmp_path: Path, quick: dict[str, Any], numbers: Numbers
) -> None:
    wishes: dict[str, Any] = {"backend": "scripted", "settings": quick}
    sweep("devnag-1d", "0-2,4,6-9", out=tmp_path / "without", **wishes)
    without = numbers(tmp_path / "without")
    with_ = numbers(diverged.directory)
    assert len(without) == 8
    assert {name: with_[name] for name in without} == without


def test_a_divergence_is_no_failure_of_the_sweep(
    words: list[str], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, lane1={"diverge": 3})
    done = call(*words)
    assert done.returncode == 0
    assert "diverged at 3" in done.stdout


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A file system of its own, of a size that can be changed."""
    place = tmp_path / "disk"
    place.mkdir()

    def sized(size: str) -> Path:
        options = f"size={size}" if not place.is_mount() else f"remount,size={size}"
        command = ["mount", "-t", "tmpfs", "-o", options, "gandiag-test", str(place)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"no file system could be mounted: {done.stderr.strip()}")
        return place

    yield sized
    if place.is_mount():
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.filterwarnings("ignore:.*torn by a crash")
@pytest.mark.parametrize("size", ["24k", "96k", "200k", "256k"])
def test_a_disk_that_fills_up_stops_the_sweep_and_the_same_command_goes_on(
    size: str,
    small_disk: Callable[[str], Path],
    long: Words,
    call: Call,
    numbers: Numbers,
    undisturbed: dict[str, Any],
) -> None:
    store = small_disk(size) / "store"
    words = [*long(), f"--out={store}", "--jobs=1"]
    first = call(*words)
    assert first.returncode == 1
    assert "No space left on device" in first.stderr
    assert "Traceback" not in first.stderr
    small_disk("64m")
    found = gandiag.load(store).runs
    assert set(found["status"]) <= {"pending", "interrupted", "completed"}
    assert set(found["status"]) != {"completed"}
    second = call(*words)
    assert second.returncode == 0, second.stderr
    assert numbers(store) == undisturbed
