"""What a worker keeps of the runs of a group, and how often it saves them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.experiment.loading import experiment_from
from gandiag.running.runner import flatten
from gandiag.running.training_loop import StartPoint
from gandiag.store.checkpoint import Checkpoint
from gandiag.store.manifest import Manifest, read_manifest
from gandiag.store.run import RunWriter
from gandiag.store.weights import read_weights
from gandiag.sweeping import group_recorder
from gandiag.sweeping.execution import make_plan
from gandiag.sweeping.group_recorder import NEGLIGIBLE_S, SHARE, GroupRecorder, Pace, wait_s
from gandiag.sweeping.job import Message
from gandiag.sweeping.request import Request
from gandiag.testing import RUNNER
from gandiag.testing.promises import observations


def runs(store: Path) -> dict[int, tuple[Path, Manifest]]:
    """The runs' directories and manifests, by seed."""
    found = [(path, read_manifest(path)) for path in store.glob("scripted-*")]
    return {told.identity.seed: (path, told) for path, told in found if told}


def test_a_run_without_a_rule_keeps_the_weights_of_its_end_alone(store: Path) -> None:
    for path in store.glob("scripted-*"):
        assert {file.name for file in path.glob("*.npz")} == {"weights.npz", "samples.npz"}
    path, told = runs(store)[3]
    assert told.status == "diverged"
    assert np.isnan(read_weights(path).g).all()
    assert read_weights(path).iteration == 10


def test_before_the_game_there_are_no_weights_to_keep(
    sweeping: Callable[..., list[str]], call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANDIAG_SCRIPT", '{"0": {"diverge": 5}}')
    anew: dict[str, Any] = {"pretraining.iterations": 20, "recording.pretrain_every": 5}
    assert call(*sweeping(seeds="2", preset="aylien-1d", **anew)).returncode == 0
    found = runs(tmp_path / "store")
    assert found[0][1].diverged_in == "pretrain"
    assert not list(found[0][0].glob("*weights*"))
    assert read_weights(found[1][0]).iteration == 20


Make = Callable[..., tuple[GroupRecorder, list[Message]]]


@pytest.fixture
def make(quick: dict[str, Any], tmp_path: Path) -> Make:
    """Builds the recorder of a group in this process, and what it says."""

    def build(preset: str = "devnag-1d", **anew: Any) -> tuple[GroupRecorder, list[Message]]:
        request = Request(preset, 2, "scripted", settings=quick | anew, out=tmp_path)
        plan, said = make_plan(request), list[Message]()
        writers = []
        for run in plan.runs:
            path = tmp_path / run.identity.directory
            path.mkdir(exist_ok=True)
            writers.append(RunWriter(path, run, experiment_from(run.identity.experiment, preset)))
        return GroupRecorder(writers, plan.jobs[0], said.append), said

    return build


def test_the_expensive_metrics_are_asked_for_at_the_published_cadence_of_the_game(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, measure = [], group_recorder.measure

    def spy(experiment: Any, seen: Any, thorough: bool) -> Any:
        asked.append((seen.phase, seen.iteration, thorough))
        return measure(experiment, seen, thorough)

    monkeypatch.setattr(group_recorder, "measure", spy)
    anew = {"pretraining.iterations": 10, "recording.pretrain_every": 5}
    found, _ = make("aylien-1d", **anew, **{"recording.frame_every": 10})
    found.train(RUNNER, StartPoint("pretrain"))
    assert asked == [
        *(("pretrain", k, False) for k in (0, 5, 10)),
        *(("train", k, k % 10 == 0) for k in (0, 5, 10, 15, 20)),
    ]


def test_progress_of_a_group_contains_the_headline_columns(make: Make) -> None:
    found, said = make("ring8", **{"schedule.latent": "shared"})
    found.train(RUNNER, StartPoint("train"))
    progress = [message for message in said if message.kind == "progress"]
    assert progress[-1].iteration == 20
    assert {tuple(seen) for seen in progress[-1].latest.values()} == {("modes", "high_quality")}
    assert [message.seed for message in said if message.kind == "ended"] == [0, 1]


def test_a_run_that_was_killed_behind_its_last_log_point_ends_with_the_weights_it_had(
    make: Make, tmp_path: Path
) -> None:
    found, _ = make()
    found.train(RUNNER, StartPoint("train"))
    ends = {seed: read_weights(path) for seed, (path, _) in runs(tmp_path).items()}
    for seed, (path, told) in runs(tmp_path).items():
        experiment = experiment_from(told.identity.experiment, "here")
        last = observations(RUNNER, experiment, RUNNER.setting(experiment, "cpu", None), [0, 1])[-1]
        state = {name: value[seed] for name, value in flatten(last.state).items()}
        Checkpoint("train", 20, 1.0, state, {}).write(path)
        told.with_(status="interrupted").write(path)
    again, said = make()
    again.train(RUNNER, StartPoint("train", 20))
    assert [message.kind for message in said] == ["ended", "ended"]
    for seed, (path, told) in runs(tmp_path).items():
        assert told.status == "completed"
        assert read_weights(path).iteration == 20
        assert np.array_equal(read_weights(path).g, ends[seed].g)


def test_grids_of_images_are_of_the_same_latent_points_throughout(
    make: Make, tmp_path: Path
) -> None:
    small = {"data.digits": "mnist5k", "data.first": 0, "recording.frame_every": 10}
    found, _ = make("wiseodd-mnist", **small)
    found.train(RUNNER, StartPoint("train"))
    with np.load(next(tmp_path.glob("*/samples.npz"))) as held:
        assert held["iterations"].tolist() == [0, 5, 10, 15, 20]
        assert held["values"].shape == (5, 25, 784)
        assert held["shape"].tolist() == [1, 28, 28]
        assert held["limits"].tolist() == [0.0, 1.0]
        assert held["real_answers"].shape == held["fake_answers"].shape == (5, 50)
        same = [
            np.corrcoef(held["values"][0].ravel(), grid.ravel())[0, 1] for grid in held["values"]
        ]
    assert min(same) > 0.9


def test_what_the_discriminator_answers_over_the_plane_is_kept_with_the_frames(
    make: Make, tmp_path: Path
) -> None:
    found, _ = make("chivers-2d", **{"recording.frame_every": 10})
    found.train(RUNNER, StartPoint("train"))
    with np.load(next(tmp_path.glob("*/samples.npz"))) as held:
        assert held["iterations"].tolist() == [0, 10, 20]
        assert held["values"].shape == (3, 40, 2)
        frames, side, other = held["plane"].shape
        assert (frames, side) == (3, other)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands until it is set."""
    now = [100.0]
    monkeypatch.setattr(group_recorder.time, "perf_counter", lambda: now[0])
    return now


def saves(clock: list[float], every_s: float, cost_s: float, training_s: float) -> int:
    """How often a training run saves that looks up ten times a second."""
    found, end, count = Pace(every_s), clock[0] + training_s, 0
    while clock[0] < end:
        clock[0] += 0.1
        if found.is_due:
            with found.saving():
                clock[0] += cost_s
            count += 1
    return count


def test_what_costs_nothing_is_saved_every_ten_seconds(clock: list[float]) -> None:
    assert saves(clock, 10.0, 0.0, 600.0) == pytest.approx(60, abs=1)


@pytest.mark.parametrize("cost_s", [0.25, 1.0, 5.0])
def test_what_costs_much_is_saved_so_seldom_that_it_takes_a_small_share(
    cost_s: float, clock: list[float]
) -> None:
    hour = 3600.0
    count = saves(clock, 10.0, cost_s, hour)
    first = cost_s  # nobody knows what it costs until it was done
    assert count * cost_s - first <= SHARE * hour
    assert count * cost_s >= 0.8 * SHARE * hour


def test_what_a_save_takes_is_no_time_of_training(clock: list[float]) -> None:
    found = Pace(10.0)
    clock[0] += 10.0
    with found.saving():
        clock[0] += 1.0
    clock[0] += 49.9
    assert not found.is_due
    clock[0] += 0.2
    assert found.is_due


def test_a_save_that_has_become_cheap_is_made_often_again(clock: list[float]) -> None:
    found = Pace(10.0)
    for cost_s in (2.0, 0.01):
        with found.saving():
            clock[0] += cost_s
    clock[0] += 10.0
    assert found.is_due


@given(st.floats(0.01, 100), st.floats(0, 100))
def test_the_wait_is_never_shorter_than_asked_for_and_grows_with_the_cost(
    every_s: float, cost_s: float
) -> None:
    wait = wait_s(every_s, cost_s)
    assert wait >= every_s
    assert wait_s(every_s, cost_s + 1) >= wait
    if cost_s > NEGLIGIBLE_S:
        assert cost_s <= SHARE * wait * (1 + 1e-9)


def test_for_ten_seconds_nothing_jumps_where_a_cost_ceases_to_be_negligible() -> None:
    assert wait_s(10.0, NEGLIGIBLE_S) == pytest.approx(wait_s(10.0, NEGLIGIBLE_S + 1e-9))
