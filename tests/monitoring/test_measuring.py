"""The metrics of a user's samples: the standard ones, the user's own, and what fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from gandiag.data.samples import Samples
from gandiag.errors import UsageError
from gandiag.metrics import Estimate
from gandiag.monitoring.measuring import MOST_SAMPLES, Measuring, columns_of

RNG = np.random.default_rng(0)
REAL = Samples(RNG.normal(size=(300, 2)).astype(np.float32))
FAKE = Samples(RNG.normal(1.0, 1.0, size=(200, 2)).astype(np.float32))


def test_own_metrics_stand_beside_the_standard_ones() -> None:
    row, lost = Measuring(REAL, {"gap": lambda fake, real: fake.mean() - real.mean()})(FAKE)
    assert row["gap"] == pytest.approx(FAKE.values.mean() - REAL.values.mean(), rel=1e-5)
    assert {"mean_0", "sliced_wasserstein", "cov_0_1"} <= row.keys()
    assert lost == {}


def test_none_leaves_a_standard_metric_out_and_a_name_replaces_it() -> None:
    row, _ = Measuring(REAL, {"cov": None, "sliced_wasserstein": lambda fake: 7.0})(FAKE)
    assert "cov_0_1" not in row
    assert row["sliced_wasserstein"] == 7.0
    with pytest.raises(UsageError, match="did you mean 'cov'"):
        Measuring(REAL, {"covs": None})


def test_a_metric_that_fails_costs_its_own_columns_alone() -> None:
    def broken(fake: Any) -> float:
        fake[:] = np.nan  # a copy: the others do not see it
        raise RuntimeError("no")

    row, lost = Measuring(REAL, {"broken": broken, "last": lambda fake: fake.sum()})(FAKE)
    assert lost == {"the metric broken": "RuntimeError: no"}
    assert row["last"] == pytest.approx(float(FAKE.values.sum()), rel=1e-5)


def test_samples_are_measured_through_the_users_features() -> None:
    seen = Measuring(REAL, features=lambda samples: samples[:, :1] ** 2)
    row, _ = seen(FAKE)
    assert row["mean"] == pytest.approx(float((FAKE.values[:, 0] ** 2).mean()), rel=1e-5)
    assert row["mean_floor"] == pytest.approx(float((REAL.values[:, 0] ** 2).mean()), rel=1e-5)


def test_no_more_samples_are_looked_at_than_a_log_point_can_afford() -> None:
    many = Samples(np.zeros((MOST_SAMPLES + 10, 2), np.float32))
    row, _ = Measuring(None, {"n": lambda fake: len(fake)})(many)
    assert row["n_samples"] == row["n"] == MOST_SAMPLES


def test_every_form_of_a_result_becomes_columns() -> None:
    @dataclass
    class Both:
        a: Estimate
        b: Estimate

    both = Both(Estimate(1.0, 0.1), Estimate(2.0, floor=0.5))
    assert dict(columns_of("x", both)) == {"a": 1.0, "a_se": 0.1, "b": 2.0, "b_floor": 0.5}
    assert dict(columns_of("x", {"u": 3, "v": [1.0, 2.0]})) == {"x_u": 3, "x_v_0": 1, "x_v_1": 2}
    assert dict(columns_of("x", np.array([4.0]))) == {"x": 4.0}


def test_a_users_metric_takes_the_place_of_a_pooled_moment_of_its_name() -> None:
    wide = Samples(RNG.normal(size=(50, 10)).astype(np.float32))
    row, errors = Measuring(wide, {"mean": lambda fake: 3.0})(wide)
    assert row["mean"] == 3.0
    assert "mean_mean" not in row
    assert "mean_se" not in row
    assert "std" in row
    assert errors == {}
    row, _ = Measuring(wide, {"mean_se": lambda fake: 3.0})(wide)
    assert row["mean_se"] == 3.0
    assert "mean" in row


def test_features_that_change_their_size_are_not_measured() -> None:
    sizes = iter((1, 1, 2))
    seen = Measuring(REAL, {"n": len_of}, features=lambda x: np.tile(x[:, :1], (1, next(sizes))))
    assert "wasserstein" in seen(FAKE)[0]
    row, errors = seen(FAKE)
    assert set(row) == {"n_samples", "n"}
    assert "different numbers of coordinates: [1, 2]" in errors["the metric wasserstein"]


def len_of(fake: Any) -> int:
    return len(fake)


def test_a_covariance_matrix_of_the_users_has_each_pair_once() -> None:
    row, _ = Measuring(REAL, {"cov": lambda fake: np.cov(fake.T)})(FAKE)
    assert [name for name in row if name.startswith("cov")] == ["cov_0_1"]
