"""From what an engine saw to what is recorded."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from gandiag.experiment import Experiment
from gandiag.group import Observation
from gandiag.measure import columns_of, measure, notes
from gandiag.reading import read_experiment

DEVNAG = read_experiment("devnag-1d")
PLANE: dict[str, Any] = {
    "data": {
        "kind": "multivariate-normal",
        "means": [1.0, 1.0],
        "covariance": [[1.0, 0.8], [0.8, 1.0]],
    },
    "generator.layers.2.units": 2,
    "success": [],
}


def seen(
    experiment: Experiment = DEVNAG, phase: str = "train", iteration: int = 50, **more: Any
) -> Observation:
    """What an engine might have seen of three lanes."""
    samples = np.random.default_rng(1).normal(4.0, 1.25, (3, experiment.data.size, 200))
    values = {
        "failed_at": np.full(3, -1),
        "samples": samples.astype(np.float32),
        "d_real": np.array([0.5, 0.6, 0.7], dtype=np.float32),
        **{f"{who}_loss_sum": np.array([50.0, 500.0, 1000.0]) for who in "dg"},
        **{f"{who}_loss_{part}": np.arange(3.0) for who in "dg" for part in ("min", "max", "last")},
    }
    return Observation(phase, iteration, 25 if iteration else 0, values | more, {})


def test_a_row_is_plain_numbers_that_json_can_write() -> None:
    rows = measure(DEVNAG, seen())
    assert len(rows) == 3
    for row in rows:
        assert json.loads(json.dumps(row)) == row
        assert {type(value) for value in row.values()} <= {float, int, str, type(None)}


def test_updates_are_counted_by_whoever_makes_them() -> None:
    row = measure(DEVNAG, seen(iteration=50, d_updates=np.full(3, 7.0), g_updates=np.ones(3)))[0]
    assert (row["iteration"], row["d_updates"], row["g_updates"]) == (50, 7, 1)
    assert type(row["d_updates"]) is int


def test_a_loss_is_the_mean_over_every_update_since_the_last_log_point() -> None:
    rows = measure(DEVNAG, seen())
    assert [row["d_loss"] for row in rows] == [0.1, 1.0, 2.0]
    assert [row["g_loss_max"] for row in rows] == [0.0, 1.0, 2.0]


def test_pretraining_makes_one_update_of_d_an_iteration_and_none_of_the_game() -> None:
    row = measure(DEVNAG, seen(phase="pretrain"))[0]
    assert (row["d_updates"], row["g_updates"], row["d_loss"]) == (0, 0, 2.0)


def test_before_the_first_update_there_is_no_loss() -> None:
    row = measure(DEVNAG, seen(iteration=0))[0]
    assert not [name for name in row if "loss" in name]


def test_on_the_line_there_are_moments_and_distances_with_errors_and_floors() -> None:
    row = measure(DEVNAG, seen())[0]
    for name in ("mean", "std", "skew", "kurtosis", "wasserstein", "ks", "energy"):
        assert math.isfinite(row[name])
        assert row[f"{name}_se"] > 0
    for name in ("wasserstein", "ks", "energy"):
        assert row[f"{name}_floor"] > 0
    assert row["n_samples"] == 200


def test_an_ordered_latent_has_no_errors_and_no_floors_and_the_reason_is_noted() -> None:
    experiment = read_experiment("aylien-1d")
    row = measure(experiment, seen(experiment))[0]
    assert "wasserstein" in row
    assert not [name for name in row if name.endswith(("_se", "_floor"))]
    assert set(notes(experiment)) == {"se", "floor"}
    assert notes(DEVNAG) == {}


def test_in_the_plane_the_columns_carry_the_coordinate() -> None:
    experiment = read_experiment("devnag-1d", PLANE)
    observation = seen(experiment)
    row = measure(experiment, observation)[1]
    samples = observation.values["samples"][1].astype(np.float64)
    assert row["mean_0"] == pytest.approx(samples[0].mean(), rel=1e-6)
    assert row["std_1"] == pytest.approx(samples[1].std(), rel=1e-6)
    assert row["cov_0_1"] == pytest.approx(np.cov(samples, ddof=0)[0, 1], rel=1e-5)
    assert "cov_1_0" not in row
    assert "mean" not in row
    assert row["mean_0_se"] > 0


def test_what_is_not_finite_is_recorded_as_what_it_is_in_its_own_lane() -> None:
    samples = np.array(seen().values["samples"])
    samples[1, 0, 7] = np.nan
    rows = measure(DEVNAG, seen(samples=samples, d_real=np.array([0.5, np.inf, 0.7])))
    assert math.isnan(rows[1]["mean"])
    assert rows[1]["d_real"] == math.inf
    assert math.isfinite(rows[0]["mean"])
    assert math.isfinite(rows[2]["wasserstein"])


def test_what_an_engine_does_not_answer_is_none() -> None:
    row = measure(DEVNAG, seen())[0]
    assert row["d_accuracy"] is None
    assert row["d_real"] == 0.5


def test_the_columns_of_an_experiment_are_those_it_records() -> None:
    recorded = measure(DEVNAG, seen())[0]
    assert set(columns_of(DEVNAG)) <= set(recorded)
    assert {"mean", "std", "wasserstein", "n_samples"} <= set(columns_of(DEVNAG))
    assert "cov_0_1" in columns_of(read_experiment("devnag-1d", PLANE))
