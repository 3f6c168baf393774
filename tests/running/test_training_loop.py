"""A group of seeds in training: its lanes, its log points, and what its observations look at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.experiment.loading import read_experiment
from gandiag.running.runner import Setting, flatten
from gandiag.running.training_loop import (
    StartPoint,
    evaluation,
    first_phase,
    lanes_of,
    log_points,
    train,
)
from gandiag.testing import RUNNER

SETTING = Setting("cpu", "script", 10)

AYLIEN = read_experiment(
    "aylien-1d",
    {
        "schedule.iterations": 12,
        "schedule.chunk": 5,
        "recording.every": 5,
        "recording.samples": 40,
        "pretraining.iterations": 7,
        "recording.pretrain_every": 3,
    },
)


@pytest.mark.parametrize(
    ("iterations", "every", "points"),
    [(10, 5, [0, 5, 10]), (12, 5, [0, 5, 10, 12]), (3, 10, [0, 3]), (1, 1, [0, 1])],
)
def test_there_is_a_log_point_at_the_start_at_every_cadence_and_at_the_end(
    iterations: int, every: int, points: list[int]
) -> None:
    assert log_points(iterations, every) == points


@given(st.integers(1, 20), st.sets(st.integers(0, 500), min_size=1, max_size=20))
def test_a_seed_has_its_lane_and_empty_lanes_repeat_the_first(width: int, seeds: set[int]) -> None:
    own = {seed % width: seed for seed in seeds}
    members = list(own.values())
    expected = tuple(own.get(lane, members[0]) for lane in range(width))
    assert lanes_of(members, width) == expected


def test_a_training_is_observed_at_all_log_points_of_both_phases() -> None:
    lanes = lanes_of([3], 10)
    seen = [
        (found.phase, found.iteration, found.since)
        for found in train(RUNNER, AYLIEN, SETTING, lanes, StartPoint("pretrain"))
    ]
    assert seen == [
        *(("pretrain", 0, 0), ("pretrain", 3, 3), ("pretrain", 6, 3), ("pretrain", 7, 1)),
        *(("train", 0, 0), ("train", 5, 5), ("train", 10, 5), ("train", 12, 2)),
    ]


def test_the_game_begins_with_the_pretrained_discriminator() -> None:
    seen = list(train(RUNNER, AYLIEN, SETTING, lanes_of([3], 10), StartPoint("pretrain")))
    before = next(found for found in seen if (found.phase, found.iteration) == ("pretrain", 7))
    after = next(found for found in seen if (found.phase, found.iteration) == ("train", 0))
    assert np.array_equal(before.state["d"]["weights"], after.state["d"]["weights"])
    assert after.state["d"]["steps"].sum() == 0
    assert not np.array_equal(seen[0].state["d"]["weights"], before.state["d"]["weights"])


@pytest.mark.parametrize("at", range(8))
def test_a_training_continued_at_any_log_point_is_the_same(at: int) -> None:
    lanes = lanes_of([3, 4], 10)
    whole = list(train(RUNNER, AYLIEN, SETTING, lanes, StartPoint("pretrain")))
    stop = whole[at]
    again = StartPoint(stop.phase, stop.iteration, stop.state)
    rest = list(train(RUNNER, AYLIEN, SETTING, lanes, again))
    assert len(rest) == len(whole) - at - 1
    for one, other in zip(whole[at + 1 :], rest, strict=True):
        assert (one.phase, one.iteration, one.since) == (other.phase, other.iteration, other.since)
        for name, value in flatten(one.state).items():
            assert np.array_equal(value, flatten(other.state)[name], equal_nan=True)
        for name, value in one.values.items():
            assert np.array_equal(value, other.values[name], equal_nan=True)


def test_the_first_phase_is_the_pretraining_where_there_is_one() -> None:
    assert first_phase(AYLIEN) == "pretrain"
    assert first_phase(read_experiment("dirac")) == "train"


def test_evaluation_points_do_not_depend_on_the_group() -> None:
    experiment = read_experiment("devnag-1d", {"recording.samples": 40, "recording.batches": 2})
    alone = evaluation(experiment, [7])
    among = evaluation(experiment, [3, 7, 5])
    for name, value in flatten(alone).items():
        lane = flatten(among)[name]
        axis = 1 if name.startswith("probe") else 0
        assert np.array_equal(value.take(0, axis), lane.take(1, axis))
    assert alone["real"].shape == (1, 1, 40)
    assert alone["batches"]["latent"].shape == (1, 1, 2 * 500)


def test_evaluation_batches_are_drawn_as_in_training() -> None:
    line = {"latent": {"kind": "line", "low": -8.0, "high": 8.0}, "data.order": "sorted"}
    found = evaluation(read_experiment("devnag-1d", line), [7])
    assert np.ptp(found["latent"]) == 16
    real = found["batches"]["real"].reshape(64, 500)
    assert np.all(np.diff(real, axis=1) >= 0)
    assert np.abs(real.mean(1) - 4).max() < 0.3
    assert np.ptp(found["batches"]["latent"].reshape(64, 500), axis=1).min() > 15.9


def test_an_ordered_latent_is_observed_without_jitter() -> None:
    found = evaluation(AYLIEN, [7])["latent"]
    assert np.array_equal(found[0, 0], np.linspace(-8, 8, 40, dtype=np.float32))
