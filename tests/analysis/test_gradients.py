"""G's gradient that vanishes: planted falls, and converged games that have none either."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.gradients import vanishing_gradient
from gandiag.analysis.record import Expected, Record

N = 200
AT = np.arange(N)
TARGET = Expected(mean=np.array([0.0]), std=np.array([1.0]))


def record(norm, distance):
    columns = {"g_grad_norm": np.asarray(norm, float), "wasserstein": np.asarray(distance, float)}
    return Record(np.arange(len(norm)) * 10, columns, TARGET, planned=10 * (len(norm) - 1))


def norms(rng, first, last, times, scale=1.0):
    fallen = np.where((first <= AT) & (last > AT), 1 / times, 1.0)
    return scale * fallen * np.exp(0.3 * rng.normal(size=N))


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_a_planted_fall_is_found_with_its_ends_and_its_depth(scale):
    norm = norms(np.random.default_rng(0), 80, 120, 1e4, scale)
    (found,) = vanishing_gradient(record(norm, np.full(N, 0.7)))
    assert found.kind == "vanishing-gradient"
    assert (found.start, found.end, found.recovered) == (800, 1190, True)
    assert found.severity == pytest.approx(1e4, rel=0.6)


def test_falls_of_the_documented_strength_are_found():
    found = 0
    for k in range(50):
        norm = norms(np.random.default_rng(k), 50 + 2 * k, 70 + 2 * k, 1e4)
        found += bool(vanishing_gradient(record(norm, np.full(N, 0.67))))
    assert found >= 49


def test_a_gradient_that_never_was_counts_from_the_beginning():
    (found,) = vanishing_gradient(record(np.zeros(N), np.full(N, 4.0)))
    assert (found.start, found.end, found.recovered) == (0, 1990, False)
    assert found.severity == np.inf
    assert "was 0" in found.sentence


def test_a_converged_game_may_have_no_gradient():
    rng = np.random.default_rng(1)
    norm = np.exp(-AT / 10) * np.exp(0.3 * rng.normal(size=N))
    assert vanishing_gradient(record(norm, 4 * np.exp(-AT / 20))) == []


def test_a_fall_by_a_hundred_is_none():
    norm = norms(np.random.default_rng(0), 80, N, 100)
    assert vanishing_gradient(record(norm, np.full(N, 4.0))) == []


def test_a_fall_at_the_start_is_ignored():
    norm = norms(np.random.default_rng(0), 10, 40, 1e4)
    assert vanishing_gradient(record(norm, np.full(N, 4.0))) == []


def test_a_first_gradient_near_0_hides_nothing():
    norm = norms(np.random.default_rng(0), 100, N, 1e4)
    norm[:8] = 1e-6
    assert len(vanishing_gradient(record(norm, np.full(N, 4.0)))) == 1


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("value", [0.0, 1.0, np.nan, np.inf])
def test_too_little_is_no_episode_and_no_crash(n, value):
    assert vanishing_gradient(record(np.full(n, value), np.full(n, 4.0))) == []
    assert vanishing_gradient(record(np.full(n, 1.0), np.full(n, value))) == []


def test_without_quality_or_gradient_it_is_silent():
    norm = norms(np.random.default_rng(0), 80, N, 1e4)
    assert vanishing_gradient(Record(AT, {"g_grad_norm": norm}, TARGET)) == []
    assert vanishing_gradient(Record(AT, {"wasserstein": norm}, TARGET)) == []


def test_gaps_do_not_hide_a_fall():
    rng = np.random.default_rng(0)
    norm = norms(rng, 80, 120, 1e4)
    norm[rng.choice(N, 40, replace=False)] = np.nan
    assert len(vanishing_gradient(record(norm, np.full(N, 0.7)))) == 1
