"""Quality that is lost again: planted falls, their risk measures, and noise that is none."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.record import Expected, Record
from gandiag.analysis.regression import quality_regressions

TARGET = Expected(mean=np.array([0.0]), std=np.array([1.0]))


def record(distance, cadence=10, **columns):
    n = len(distance)
    columns = {"wasserstein": np.asarray(distance, float), **columns}
    return Record(np.arange(n) * cadence, columns, TARGET, planned=cadence * max(n - 1, 1))


def learnt(rng, n, noise=0.1):
    """A distance that falls from 4 to .1 within the first tenth."""
    x = np.arange(n) / n
    return (0.1 + 4 * np.exp(-x / 0.03)) * np.exp(noise * rng.normal(size=n))


@pytest.mark.parametrize("n", [80, 200, 2000])
def test_a_planted_regression_is_found_with_its_ends(n):
    rng = np.random.default_rng(0)
    distance = learnt(rng, n)
    first, last = n // 2, n // 2 + n // 8
    distance[first:last] = 1.0 * np.exp(0.05 * rng.normal(size=last - first))
    (found,) = quality_regressions(record(distance))
    assert found.kind == "quality-regression"
    assert found.start / 10 == pytest.approx(first, abs=3)
    assert first <= found.peak / 10 < last
    assert found.end / 10 == pytest.approx(last, abs=3)
    assert found.recovered
    assert found.evidence["drawdown"] == pytest.approx(0.9, abs=0.2)
    assert found.severity == pytest.approx(3 * found.evidence["drawdown"])


def test_an_ongoing_regression_has_not_recovered_and_is_in_the_prefix():
    distance = learnt(np.random.default_rng(1), 200)
    distance[150:] = 3.0
    (found,) = quality_regressions(record(distance))
    assert (found.recovered, found.end) == (False, 1990)
    assert quality_regressions(record(distance).prefix(1480)) == []
    assert len(quality_regressions(record(distance).prefix(1560))) == 1


def test_regressions_of_the_documented_strength_are_found():
    found = 0
    for k in range(50):
        rng = np.random.default_rng(k)
        distance = learnt(rng, 100)
        first = 40 + k % 40
        distance[first : first + 13] = 1.05 * np.exp(0.1 * rng.normal(size=13))
        found += bool(quality_regressions(record(distance)))
    assert found == 50


def test_memory_and_heavy_tails_about_a_good_level_are_no_regression():
    rng = np.random.default_rng(2)
    for n in (60, 200, 1000) * 10:
        shocks = rng.standard_t(3, n)
        walk = np.empty(n)
        walk[0] = rng.normal()
        for k in range(1, n):
            walk[k] = 0.95 * walk[k - 1] + np.sqrt(1 - 0.95**2) * rng.normal()
        for noise in (0.1 * shocks, 0.05 * walk):
            distance = np.abs(learnt(rng, n) + noise)
            assert quality_regressions(record(distance)) == []


def test_early_swings_are_ignored_and_later_ones_are_one_regression():
    at = np.arange(400)
    distance = 0.1 + np.where(at < 60, 3 * np.abs(np.sin(at / 8)), 0.0)
    assert quality_regressions(record(distance)) == []
    swings = 0.1 + np.where((at > 200) & (at < 300), 2 * np.sin((at - 200) / 12) ** 2, 0.0)
    (found,) = quality_regressions(record(swings))
    assert found.evidence["swings"] >= 2
    assert "swings" in found.sentence


def test_what_stays_good_or_lies_within_its_error_is_none():
    distance = np.where(np.arange(200) < 100, 0.02, 0.3)
    assert quality_regressions(record(distance)) == []
    distance = np.where(np.arange(200) < 100, 0.2, 1.0)
    assert len(quality_regressions(record(distance))) == 1
    assert quality_regressions(record(distance, wasserstein_se=np.full(200, 0.5))) == []


def test_a_rise_by_less_than_half_of_a_bad_best_is_none():
    assert quality_regressions(record(np.where(np.arange(200) < 100, 2.0, 2.8))) == []
    assert len(quality_regressions(record(np.where(np.arange(200) < 100, 2.0, 3.2)))) == 1


def test_the_risk_measures_are_those_of_their_definitions():
    """The slow twin, on a series without noise; the median of 5 leaves a long stretch as it is."""
    distance = np.full(200, 0.1)
    distance[100:150] = 1.1
    (found,) = quality_regressions(record(distance))
    drawdowns = [d - min(distance[: k + 1]) for k, d in enumerate(distance)]
    assert found.evidence["max_drawdown"] == pytest.approx(max(drawdowns))
    assert found.evidence["cvar_drawdown"] == pytest.approx(np.mean(sorted(drawdowns)[-9:]))
    steps = sorted(np.diff(distance))
    assert found.evidence["cvar_step"] == pytest.approx(np.mean(steps[-9:]))
    assert found.evidence["iqr_step"] == 0


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("value", [0.0, 4.0, np.nan, np.inf])
def test_too_little_is_no_episode_and_no_crash(n, value):
    assert quality_regressions(record(np.full(n, value))) == []


def test_without_quality_it_is_silent():
    assert quality_regressions(Record(np.arange(100), {"d_loss": np.ones(100)}, TARGET)) == []
    assert quality_regressions(record(np.full(100, np.nan))) == []


def test_gaps_do_not_hide_a_regression():
    rng = np.random.default_rng(3)
    distance = learnt(rng, 200)
    distance[100:140] = 2.0
    distance[rng.choice(200, 60, replace=False)] = np.nan
    assert len(quality_regressions(record(distance))) == 1


def test_three_log_points_after_a_gap_are_no_regression_and_enough_are():
    rng = np.random.default_rng(0)
    iteration = np.r_[np.arange(0, 1000, 10), 1600 + np.arange(0, 120, 10)]
    values = 0.05 + 0.01 * rng.random(len(iteration))
    values[100:] = 1.5
    run = Record(iteration, {"wasserstein": values}, Expected(np.zeros(1), np.ones(1)))
    for points in (1, 2, 3, 4):
        assert quality_regressions(run.prefix(1600 + 10 * (points - 1))) == []
    assert [each.recovered for each in quality_regressions(run)] == [False]
