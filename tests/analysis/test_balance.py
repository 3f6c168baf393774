"""D that overpowers and D that is blind: planted stretches, and starts that are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.balance import d_blind, d_overpowering
from gandiag.analysis.record import Expected, Record

N = 200
AT = np.arange(N)
TARGET = Expected(mean=np.array([4.0]), std=np.array([2.0]))


def record(n=N, **columns):
    return Record(np.arange(n) * 5, columns, TARGET, planned=(n - 1) * 5)


def accuracy(rng, first=0, last=0, level=0.99):
    values = 0.6 + 0.04 * rng.normal(size=N)
    values[first:last] = level + 0.005 * rng.normal(size=last - first)
    return np.clip(values, 0, 1)


def blind_run(rng, first, last, distance=2.0):
    """D guesses all the time; the samples are far off in a stretch, in standard deviations."""
    away = np.where((first <= AT) & (last > AT), distance, 0.05)
    return {
        "d_accuracy": 0.5 + 0.03 * rng.normal(size=N),
        "wasserstein": 2 * away * (1 + 0.05 * rng.normal(size=N)),
    }


def test_a_stretch_of_full_accuracy_is_found_with_its_ends():
    (found,) = d_overpowering(record(d_accuracy=accuracy(np.random.default_rng(0), 80, 120)))
    assert found.kind == "d-overpowering"
    assert (found.start, found.end) == (400, 595)
    assert found.recovered
    assert found.severity == pytest.approx(0.99, abs=0.01)


def test_one_that_goes_on_has_not_recovered():
    (found,) = d_overpowering(record(d_accuracy=accuracy(np.random.default_rng(0), 100, N)))
    assert (found.start, found.end, found.recovered) == (500, 995, False)


def test_planted_stretches_of_the_documented_strength_are_found():
    found = 0
    for k in range(60):
        rng = np.random.default_rng(k)
        first = 40 + 2 * k
        values = accuracy(rng, first, first + 25, 0.98)
        found += bool(d_overpowering(record(d_accuracy=values)))
    assert found >= 59


def test_an_easy_start_is_ignored():
    assert d_overpowering(record(d_accuracy=accuracy(np.random.default_rng(0), 0, 45))) == []


def test_one_that_outlasts_the_start_begins_with_it():
    (found,) = d_overpowering(record(d_accuracy=accuracy(np.random.default_rng(0), 0, 90)))
    assert found.start == 0


def test_single_log_points_neither_make_nor_break_a_stretch():
    values = accuracy(np.random.default_rng(0), 80, 120)
    values[95] = 0.5
    assert len(d_overpowering(record(d_accuracy=values))) == 1
    values = accuracy(np.random.default_rng(0))
    values[::7] = 1.0
    assert d_overpowering(record(d_accuracy=values)) == []


def test_a_short_lapse_does_not_cut_a_stretch():
    values = accuracy(np.random.default_rng(0), 80, 140)
    values[105:110] = 0.6
    assert len(d_overpowering(record(d_accuracy=values))) == 1


def test_a_blind_d_is_found_while_the_samples_are_far_off():
    columns = blind_run(np.random.default_rng(0), 80, 140)
    (found,) = d_blind(record(**columns))
    assert found.kind == "d-blind"
    assert (found.start, found.end, found.recovered) == (400, 695, True)
    assert found.severity == pytest.approx(6, rel=0.1)


def test_a_d_that_is_always_wrong_is_blind_too():
    columns = blind_run(np.random.default_rng(0), 80, 140)
    columns["d_accuracy"] = np.zeros(N)
    assert len(d_blind(record(**columns))) == 1


@pytest.mark.parametrize(("apart", "count"), [(0.001, 1), (0.2, 0)])
def test_without_an_accuracy_the_outputs_decide(apart, count):
    columns = blind_run(np.random.default_rng(0), 80, 140)
    del columns["d_accuracy"]
    columns |= {"d_real": np.full(N, 0.5), "d_fake": np.full(N, 0.5 - apart)}
    assert len(d_blind(record(**columns))) == count


def test_a_critic_is_never_blind():
    columns = blind_run(np.random.default_rng(0), 80, 140)
    del columns["d_accuracy"]
    columns |= {"d_real": np.full(N, -3.0), "d_fake": np.full(N, -3.0)}
    assert d_blind(record(**columns)) == []


def test_samples_that_are_good_or_on_their_way_prove_no_blindness():
    rng = np.random.default_rng(0)
    guess = 0.5 + 0.03 * rng.normal(size=N)
    good = 0.2 * (1 + 0.1 * rng.normal(size=N))
    assert d_blind(record(d_accuracy=guess, wasserstein=good)) == []
    coming = 12 * np.exp(-AT / 55) * (1 + 0.05 * rng.normal(size=N))
    assert d_blind(record(d_accuracy=guess, wasserstein=coming)) == []


def test_a_d_that_sees_is_not_blind():
    columns = blind_run(np.random.default_rng(0), 80, 140)
    columns["d_accuracy"] = np.full(N, 0.8)
    assert d_blind(record(**columns)) == []


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("value", [0.5, np.nan, np.inf, 1.0])
def test_too_little_is_no_episode_and_no_crash(n, value):
    columns = {name: np.full(n, value) for name in ("d_accuracy", "wasserstein")}
    assert d_overpowering(record(n, **columns)) == []
    assert d_blind(record(n, **columns)) == []


def test_missing_columns_are_no_episode():
    assert d_overpowering(record()) == d_blind(record()) == []
    assert d_blind(record(d_accuracy=np.full(N, 0.5))) == []
    assert d_blind(record(wasserstein=np.full(N, 9.0))) == []


def test_gaps_do_not_hide_a_stretch():
    rng = np.random.default_rng(0)
    columns = blind_run(rng, 80, 140)
    for values in columns.values():
        values[rng.choice(N, 40, replace=False)] = np.nan
    assert len(d_blind(record(**columns))) == 1
