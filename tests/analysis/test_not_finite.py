"""Values that are lost for good, and those that are only not measured."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.not_finite import not_finite
from gandiag.analysis.record import Expected, Record
from gandiag.analysis.verdict import decide

NAN, INF = np.nan, np.inf
LINE = Expected(np.array([4.0]), np.array([0.5]))
X = np.arange(200)


def run(planned=None, diverged_at=None, **columns):
    rng = np.random.default_rng(0)
    n = len(next(iter(columns.values()))) if columns else 200
    made = {"d_loss": rng.normal(1.4, 0.1, n), "g_loss": rng.normal(0.7, 0.1, n)}
    made["wasserstein"] = 0.02 + 0.01 * rng.random(n)
    made |= {name: np.asarray(values, float) for name, values in columns.items()}
    return Record(np.arange(n) * 10, made, LINE, planned, diverged_at)


def lost(column, at, value):
    return np.where(np.arange(200) < at, run().columns[column], value)


@pytest.mark.parametrize("value", [NAN, INF, -INF])
@pytest.mark.parametrize(("column", "who"), [("d_loss", "d"), ("g_loss", "g"),
                                             ("wasserstein", "samples")])  # fmt: skip
def test_a_lost_series_is_reported_from_its_first_missing_log_point(column, who, value):
    run_ = run(**{column: lost(column, 120, value)}, n_samples=np.full(200, 500.0))
    (found,) = not_finite(run_)
    assert (found.kind, found.start, found.first, found.series) == (
        "non-finite", 1200, who, column,
    )  # fmt: skip
    verdict = decide(run_)
    assert (verdict.name, verdict.onset) == ("diverging", 1200)
    how = "infinite or NaN" if np.isinf(value) else "NaN or was no longer recorded"
    assert f"{column} became {how}" in verdict.sentence


def test_one_log_point_may_recover():
    one = run().columns["d_loss"].copy()
    one[100] = NAN
    assert not_finite(run(d_loss=one)) == []
    one[-1] = INF
    assert not_finite(run(d_loss=one)) == []


def test_the_engines_own_count_names_the_iteration():
    (found,) = not_finite(run(diverged_at=1987))
    assert (found.start, found.end) == (1987, 1990)
    (late,) = not_finite(run(diverged_at=5000))
    assert late.start == late.peak == late.end == 5000
    (nothing,) = not_finite(Record(np.empty(0, np.int64), {}, LINE, 100, 7))
    assert nothing.start == 7
    assert decide(Record(np.empty(0, np.int64), {}, LINE, 100, 7)).name == "diverging"


@pytest.mark.parametrize("at", [[0], [10], [50], [0, 10], [0, 10, 20, 30]])
@pytest.mark.parametrize("prefix", [3, 12, 19, 33, 60, 200])
def test_samples_that_are_measured_now_and_then_are_not_lost_in_between(at, prefix):
    """Which is what a loop does that logs samples once an epoch."""
    rare = np.full(prefix, NAN)
    rare[[k for k in at if k < prefix]] = 0.1
    assert not_finite(run(wasserstein=rare)) == []


def test_a_log_point_without_samples_has_lost_no_distance():
    until = np.where(X < 120, 0.1, NAN)
    none = run(wasserstein=until, n_samples=np.where(X < 120, 500.0, NAN))
    assert not_finite(none) == []
    (found,) = not_finite(run(wasserstein=until, n_samples=np.full(200, 500.0)))
    assert found.start == 1200


def test_a_distance_lost_at_the_end_of_rare_samples_is_reported():
    due = X % 10 == 0
    rare = np.where(due, np.where(X < 120, 0.1, NAN), NAN)
    found = not_finite(run(wasserstein=rare, n_samples=np.where(due, 500.0, NAN)))
    assert [each.start for each in found] == [1200]


def test_a_loss_that_was_infinite_from_the_start_is_not_lost_but_unknown():
    assert not_finite(run(d_loss=np.full(200, NAN))) == []


def test_a_run_that_is_well_has_lost_nothing():
    assert not_finite(run()) == []
    for n in (0, 1, 2, 7):
        assert not_finite(run(d_loss=np.arange(n))) == []


@pytest.mark.parametrize("period", [2, 3, 10])
@pytest.mark.parametrize("phase", [0, 1])
@pytest.mark.parametrize("column", ["g_loss", "g_grad_norm", "sliced_wasserstein"])
def test_what_is_missing_as_a_rule_is_not_lost(column, phase, period):
    values = np.where(X % period == phase % period, 0.7, NAN)
    for n in range(1, 201, 7):
        assert not_finite(run(**{column: values}).prefix(10 * n)) == []
    (found,) = not_finite(run(**{column: np.where(X < 150, values, INF)}))
    assert 1500 - 10 * period <= found.start <= 1500


@pytest.mark.parametrize("column", ["d_weight_norm", "g_grad_norm", "wasserstein"])
def test_what_is_no_longer_recorded_while_the_losses_go_on_is_not_lost(column):
    assert not_finite(run(**{column: np.where(X < 120, 0.7, NAN)})) == []


def test_infinity_counts_from_the_first_log_point_on():
    (found,) = not_finite(run(d_loss=np.full(200, INF)))
    assert found.start == 0
