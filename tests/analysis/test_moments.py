"""Moments over time: planted deviations, overshoots, settling, drifts, and which moment fails."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.analysis.moments import moments_over_time
from gandiag.analysis.record import Expected, Record

N = 200
AT = np.arange(N)
NORMAL = Expected(mean=np.array([4.0]), std=np.array([0.5]), skew=0.0, kurtosis=0.0)


def record(expected=NORMAL, n=N, **columns):
    columns = {name: np.broadcast_to(np.asarray(v, float), n).copy() for name, v in columns.items()}
    return Record(np.arange(n) * 10, columns, expected, planned=10 * max(n - 1, 1))


def right(rng):
    return {
        "mean": 4 + 0.01 * rng.normal(size=N),
        "std": 0.5 + 0.01 * rng.normal(size=N),
        "skew": 0.05 * rng.normal(size=N),
        "kurtosis": 0.1 * rng.normal(size=N),
    }


def by_moment(moments):
    return {found.evidence["moment"]: found for found in moments.deviations}


def test_right_moments_are_reported_as_right():
    found = moments_over_time(record(**right(np.random.default_rng(0))))
    assert len(found.deviations) == 4
    assert (found.failing.value, found.failing.n) == (0, 4)
    assert found.failing.sentence.endswith("the excess kurtosis are right")
    assert all(each.evidence["settled"] == 0 for each in found.deviations)


def test_the_one_that_fails_is_named_while_the_others_look_right():
    columns = right(np.random.default_rng(0)) | {"std": np.full(N, 0.5 / 3)}
    found = moments_over_time(record(**columns)).failing
    assert found.value == 1
    assert found.evidence["fail"] == "std"
    assert found.sentence.startswith("the standard deviation is 3 times too small while the mean")


def test_deviations_are_in_standard_deviations_and_in_standard_errors():
    columns = right(np.random.default_rng(0)) | {"mean": 4.8, "mean_se": 0.02, "std": 0.75}
    found = by_moment(moments_over_time(record(**columns)))
    assert found["mean"].value == pytest.approx(1.6)
    assert found["mean"].evidence["deviation_se"] == pytest.approx(40)
    assert found["mean"].interval == pytest.approx((1.6 - 1.96 * 0.04, 1.6 + 1.96 * 0.04))
    assert found["std"].value == pytest.approx(0.5)
    assert found["std"].interval is None
    assert "deviation_se" not in found["std"].evidence


def test_a_moment_within_its_errors_does_not_fail():
    columns = {"mean": 4.25, "std": 0.5}
    assert moments_over_time(record(**columns)).failing.value == 1
    assert moments_over_time(record(**columns, mean_se=0.1)).failing.value == 0


def test_a_damped_oscillation_overshoots_and_settles_where_its_envelope_says():
    """exp(-t / 20) cos(t / 10): beyond the data by exp(-pi / 2) at t = 10 pi, within 1/3 later."""
    path = -np.exp(-AT / 20) * np.cos(AT / 10)
    mean = by_moment(moments_over_time(record(mean=4 + 0.5 * path, std=0.5)))["mean"]
    smooth = [np.median(path[k : k + 5]) for k in range(N - 4)]
    assert mean.evidence["overshoot"] == pytest.approx(max(smooth) / -smooth[0])
    last_out = max(k for k, value in enumerate(smooth) if abs(value) > 1 / 3)
    assert mean.evidence["settled"] == 10 * (last_out + 3)


def test_the_value_is_that_of_the_last_tenth():
    mean = by_moment(moments_over_time(record(mean=np.where(AT < 180, 9.0, 4.1), std=0.5)))["mean"]
    assert mean.value == pytest.approx(0.2)


def test_an_approach_from_one_side_does_not_overshoot():
    mean = 4 - 2 * np.exp(-AT / 20)
    assert (
        by_moment(moments_over_time(record(mean=mean, std=0.5)))["mean"].evidence["overshoot"] == 0
    )


def test_an_unsettled_moment_is_reported():
    mean = by_moment(moments_over_time(record(mean=4 + AT / 100, std=0.5)))["mean"]
    assert "settled" not in mean.evidence
    assert mean.sentence.endswith("has not settled")


def test_a_drift_after_settling_is_reported_and_noise_is_not():
    rng = np.random.default_rng(1)
    noise = 0.01 * rng.normal(size=N)
    found = by_moment(moments_over_time(record(mean=4 + 0.15 * AT / N + noise, std=0.5)))["mean"]
    assert found.evidence["drift"] == pytest.approx(0.3, abs=0.02)
    assert found.evidence["drift_t"] > 10
    assert "drifts (+0.3)" in found.sentence
    still = by_moment(moments_over_time(record(mean=4 + noise, std=0.5)))["mean"]
    assert abs(still.evidence["drift_t"]) < 4
    assert "drifts" not in still.sentence


def test_axes_are_separate():
    expected = Expected(mean=np.zeros(2), std=np.ones(2))
    columns = {"mean_0": 0.0, "std_0": 1.0, "mean_1": 2.0, "std_1": 1.0}
    found = moments_over_time(record(expected, **columns))
    assert [(f.evidence["moment"], f.evidence["axis"]) for f in found.deviations] == [
        ("mean", "0"),
        ("std", "0"),
        ("mean", "1"),
        ("std", "1"),
    ]
    assert found.failing.sentence.startswith(
        "the mean on axis 1 is off by +2 standard deviations while"
    )


def test_data_that_are_a_point_have_the_first_distance_as_their_unit():
    expected = Expected(mean=np.zeros(1), std=np.zeros(1))
    mean = by_moment(moments_over_time(record(expected, mean=np.r_[2.0, np.ones(N - 1)], std=0.0)))
    assert mean["mean"].value == pytest.approx(0.5)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("value", [0.0, 4.0, np.nan, np.inf])
def test_too_few_data_are_reported(n, value):
    found = moments_over_time(record(n=n, mean=value, std=value))
    for each in (*found.deviations, found.failing):
        assert math.isnan(each.value)
        assert each.sentence.startswith("not enough data: ")


def test_without_expectation_or_columns_there_is_not_enough_data():
    for nothing in (record(Expected(), mean=4.0, std=0.5), record(d_loss=1.0)):
        found = moments_over_time(nothing)
        assert found.deviations == ()
        assert found.failing.sentence.startswith("not enough data: ")


def test_gaps_and_infinities_are_left_out():
    columns = right(np.random.default_rng(2)) | {"std": np.full(N, 0.1)}
    for values in columns.values():
        values[3::7], values[5::11] = np.nan, np.inf
    assert moments_over_time(record(**columns)).failing.evidence["fail"] == "std"
