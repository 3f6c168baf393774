"""Numbers that leave every bound, and those that only look so."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.record import Expected, Record
from gandiag.analysis.running_away import blow_ups, not_finite
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


def test_a_run_that_is_well_has_neither():
    assert not_finite(run()) == []
    assert blow_ups(run()) == []


@pytest.mark.parametrize("value", [NAN, INF, -INF])
@pytest.mark.parametrize(("column", "who"), [("d_loss", "d"), ("g_loss", "g"),
                                             ("wasserstein", "samples")])  # fmt: skip
def test_a_lost_series_is_reported_from_its_first_missing_log_point(column, who, value):
    run_ = run(**{column: lost(column, 120, value)})
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


@pytest.mark.parametrize("name", ["d_loss", "g_loss", "d_weight_norm", "g_weight_norm"])
def test_what_grows_out_of_its_earlier_levels_has_blown_up(name):
    rng = np.random.default_rng(1)
    grown = np.exp(np.maximum(X - 140, 0) / 12 + 0.1 * rng.normal(size=200))
    (found,) = blow_ups(run(**{name: grown}))
    assert (found.kind, found.first, found.series) == ("blow-up", name[0], name)
    assert 1400 <= found.start <= 1500
    assert found.severity > 10
    assert decide(run(**{name: grown})).name == "diverging"


def test_negative_losses_blow_up_as_well():
    (found,) = blow_ups(run(g_loss=-np.exp(np.maximum(X - 140, 0) / 12)))
    assert "G's loss grew" in found.sentence


def test_a_step_up_that_stays_is_no_blow_up():
    assert blow_ups(run(d_loss=np.where(X < 130, 0.1, 5.0) * (1 + 0.01 * np.sin(X)))) == []


def test_gradients_may_grow():
    assert blow_ups(run(g_grad_norm=np.exp(X / 10))) == []


def test_samples_that_move_on_have_left():
    away = 0.5 * np.where(X < 100, 0.1, 0.1 + (X - 100) / 20)
    (found,) = blow_ups(run(wasserstein=away))
    assert (found.series, found.first) == ("wasserstein", "samples")
    assert "moving away" in found.sentence
    assert 1000 < found.start <= 1700
    assert decide(run(wasserstein=away)).name == "diverging"


def test_constant_far_samples_are_off_target_up_to_thirty_standard_deviations():
    rng = np.random.default_rng(2)
    still = 0.5 * rng.normal(5, 0.2, 200)
    assert blow_ups(run(wasserstein=still)) == []
    assert decide(run(wasserstein=still)).name == "off-target"
    (gone,) = blow_ups(run(wasserstein=0.5 * rng.normal(50, 0.2, 200)))
    assert gone.description.endswith("standard deviations from the data")


def test_samples_that_come_from_far_are_on_their_way():
    coming = 0.5 * np.linspace(60, 31, 200)
    assert blow_ups(run(wasserstein=coming)) == []


@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_too_few_log_points_give_no_episode(n):
    assert blow_ups(run(d_loss=np.exp(np.arange(n)))) == []
    assert not_finite(run(d_loss=np.arange(n))) == []
