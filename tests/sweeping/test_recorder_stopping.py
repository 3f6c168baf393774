"""Runs that stop early, killed on the way or not, and the weights that they keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gandiag
from gandiag.analysis.stopping import best, stopped
from gandiag.experiment.stopping import Stopping
from gandiag.store.checkpoint import read_checkpoint
from gandiag.store.manifest import Manifest, read_manifest
from gandiag.store.weights import read_weights

Numbers = Callable[[Path], dict[str, Any]]

LONG = {"schedule.iterations": 90, "recording.every": 2, "recording.frames": 4}
RULE = {
    "stopping.column": "wasserstein",
    "stopping.goal": "low",
    "stopping.threshold": 0.005,
    "stopping.patience": 8,
}
SEEDS = "0-2,10,12"
"""Two groups, whose seeds stop at different log points, and one of them not at all."""


def swept(out: Path, settings: dict[str, Any], seeds: str = SEEDS) -> gandiag.Results:
    return gandiag.sweep("devnag-1d", seeds, backend="scripted", settings=settings, out=out)


def runs(store: Path) -> dict[int, tuple[Path, Manifest]]:
    """The runs' directories and manifests, by seed."""
    found = [(path, read_manifest(path)) for path in store.glob("scripted-*")]
    return {told.identity.seed: (path, told) for path, told in found if told}


def kept(store: Path) -> dict[int, Any]:
    """What the runs say of their ends, and the weights that they have."""
    found = {}
    for seed, (path, told) in runs(store).items():
        files = sorted(path.glob("*weights*.npz")) + sorted(path.glob("best.npz"))
        events = path / "events.jsonl"
        lines = events.read_text().splitlines() if events.exists() else []
        said = [{**json.loads(line), "time": None} for line in lines]
        arrays = {file.name: file.read_bytes() for file in files}
        found[seed] = (told.status, told.stopped_at, told.success, said, arrays)
    return found


@pytest.fixture(scope="module")
def settings(quick: dict[str, Any]) -> dict[str, Any]:
    """Short runs that stop early, with the weights of every log point."""
    return quick | LONG | RULE | {"recording.snapshots": 46}


@pytest.fixture(scope="module")
def stopping(tmp_path_factory: pytest.TempPathFactory, settings: dict[str, Any]) -> gandiag.Results:
    """Runs of which some were stopped; only to be read."""
    return swept(tmp_path_factory.mktemp("stopping") / "store", settings)


def test_runs_stop_where_their_series_says_and_their_neighbours_go_on(
    stopping: gandiag.Results, settings: dict[str, Any]
) -> None:
    rule = Stopping(column="wasserstein", goal="low", threshold=0.005, patience=8)
    ends = {}
    for seed, (path, told) in runs(stopping.directory).items():
        series = pd.read_parquet(path / "metrics.parquet")
        at = stopped(series["wasserstein"], rule)
        ends[seed] = told.stopped_at
        assert told.status == "completed"
        assert told.success is not None
        if at is None:
            assert (told.stopped_at, series["iteration"].iloc[-1]) == (None, 90)
        else:
            assert at == len(series) - 1
            assert told.stopped_at == series["iteration"].iloc[-1] < 90
    assert len({*ends.values()}) >= 3, "the script lets all of them stop alike"
    assert None in ends.values()


def test_what_is_recorded_of_a_run_until_it_stops_is_what_it_would_have_been(
    stopping: gandiag.Results, quick: dict[str, Any], tmp_path: Path
) -> None:
    free = swept(tmp_path / "store", quick | LONG).series.set_index(["seed", "iteration"])
    until = stopping.series.set_index(["seed", "iteration"])
    aside = ["run", "wall_s"]
    assert len(until) < len(free)
    pd.testing.assert_frame_equal(
        until.drop(columns=aside), free.loc[until.index].drop(columns=aside)
    )


def test_a_stop_is_an_event_and_its_log_point_a_frame(stopping: gandiag.Results) -> None:
    for path, told in runs(stopping.directory).values():
        events, at = path / "events.jsonl", told.stopped_at
        if at is None:
            assert not events.exists() or '"stopped"' not in events.read_text()
        else:
            told_so = map(json.loads, events.read_text().splitlines())
            (said,) = (event for event in told_so if event["event"] != "verdict")
            assert (said["event"], said["iteration"]) == ("stopped", at)
            assert (said["phase"], said["column"]) == ("train", "wasserstein")
            assert stopping.samples(told.run).iterations[-1] == at


def test_the_weights_of_the_end_and_of_the_best_log_point_are_those_of_their_iterations(
    stopping: gandiag.Results,
) -> None:
    rule = Stopping(column="wasserstein", goal="low")
    for path, told in runs(stopping.directory).values():
        series = pd.read_parquet(path / "metrics.parquet")
        where = best(series["wasserstein"], rule)
        assert where is not None
        for which, iteration in (
            ("last", told.stopped_at or 90),
            ("best", int(series["iteration"][where])),
        ):
            found = read_weights(path, which)  # type: ignore[arg-type]
            snapshot = read_weights(path, iteration)
            assert found.iteration == snapshot.iteration == iteration
            assert np.array_equal(found.g, snapshot.g)
            assert np.array_equal(found.d, snapshot.d)
        first = read_weights(path, 0)
        assert not np.array_equal(first.g, read_weights(path).g)
        assert np.linalg.norm(first.g) == pytest.approx(series["g_weight_norm"][0], rel=1e-6)


@pytest.mark.usefixtures("often")
def test_a_run_that_was_killed_stops_and_keeps_what_it_would_have(
    stopping: gandiag.Results,
    settings: dict[str, Any],
    tmp_path: Path,
    numbers: Numbers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = tmp_path / "store"
    with monkeypatch.context() as patch:
        script = {"2": {"SIGKILL": 55}, "delay_s": 0.01}
        patch.setenv("GANDIAG_SCRIPT", json.dumps(script))
        found = swept(store, settings)
    assert "interrupted" in set(found.runs["status"])
    assert any(read_checkpoint(path) for path in store.glob("scripted-*"))
    swept(store, settings)
    assert numbers(store) == numbers(stopping.directory)
    assert kept(store) == kept(stopping.directory)


@pytest.mark.usefixtures("often")
def test_the_best_weights_outlive_a_kill_long_after_they_were_found(
    settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks_away = {"stopping.column": "g_weight_norm", "stopping.goal": "high"}
    settings = settings | walks_away | {"stopping.patience": None}
    with monkeypatch.context() as patch:
        patch.setenv("GANDIAG_SCRIPT", '{"1": {"SIGKILL": 40}, "delay_s": 0.01}')
        swept(tmp_path / "store", settings, "0-1")
    for path, _ in runs(tmp_path / "store").values():
        assert not (path / "best.npz").exists()
        assert read_checkpoint(path) is not None
    swept(tmp_path / "store", settings, "0-1")
    for path, _ in runs(tmp_path / "store").values():
        found, first = read_weights(path, "best"), read_weights(path, 0)
        assert found.iteration == 0
        assert np.array_equal(found.g, first.g)
        assert np.array_equal(found.d, first.d)


def test_a_run_that_diverges_keeps_the_best_weights_from_before(
    quick: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANDIAG_SCRIPT", '{"1": {"diverge": 33}}')
    swept(tmp_path / "store", quick | LONG | RULE | {"stopping.patience": None}, "0-1")
    (path, told) = runs(tmp_path / "store")[1]
    assert (told.status, told.diverged_at, told.stopped_at) == ("diverged", 33, None)
    assert np.isnan(read_weights(path).g).all()
    assert np.isfinite(read_weights(path, "best").g).all()
    assert read_weights(path, "best").iteration < 33
