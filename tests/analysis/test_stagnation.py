"""Quality that stands still above the floor, and quality that is good or on its way."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.record import Expected, Record
from gandiag.analysis.stagnation import stagnations

TARGET = Expected(mean=np.array([0.0]), std=np.array([1.0]))


def record(distance, floor=None, cadence=10):
    n = len(distance)
    columns = {"wasserstein": np.asarray(distance, float)}
    if floor is not None:
        columns["wasserstein_floor"] = np.full(n, floor)
    return Record(np.arange(n) * cadence, columns, TARGET, planned=cadence * max(n - 1, 1))


def walk(rng, n, memory):
    values = np.empty(n)
    values[0] = rng.normal()
    for k in range(1, n):
        values[k] = memory * values[k - 1] + np.sqrt(1 - memory**2) * rng.normal()
    return values


@pytest.mark.parametrize("n", [60, 200, 2000])
def test_a_plateau_is_found_to_the_end(n):
    rng = np.random.default_rng(0)
    x = np.arange(n) / n
    distance = 1.0 + 3 * np.exp(-x / 0.05) + 0.03 * rng.normal(size=n)
    (found,) = stagnations(record(distance))
    assert found.kind == "stagnation"
    assert found.start / 10 / n == pytest.approx(0.2, abs=0.1)
    assert (found.end, found.recovered) == (10 * (n - 1), False)
    assert found.severity == pytest.approx(3, rel=0.05)


def test_one_that_ends_has_recovered():
    at = np.arange(300)
    distance = np.where(at < 180, 1.0, 0.05) * (1 + 0.05 * np.sin(at))
    (found,) = stagnations(record(distance))
    assert found.recovered
    assert found.end / 10 == pytest.approx(180, abs=16)


def test_plateaus_of_the_documented_strength_are_found():
    found = 0
    for k in range(50):
        rng = np.random.default_rng(k)
        distance = 0.05 + 4 * np.exp(-np.arange(200) / 10)
        first = 20 + 2 * k
        distance[first : first + 80] = 0.67 * (1 + 0.1 * walk(rng, 80, 0.8))
        found += bool(stagnations(record(distance)))
    assert found >= 49


@pytest.mark.parametrize("memory", [0.0, 0.95])
def test_what_is_good_or_still_improves_does_not_stagnate(memory):
    rng = np.random.default_rng(1)
    for n in (60, 200, 1000) * 5:
        noise = walk(rng, n, memory)
        good = np.abs(0.05 + 4 * np.exp(-np.arange(n) / n / 0.1) + 0.05 * noise)
        assert stagnations(record(good)) == []
        slow = 4 * np.exp(-2 * np.arange(n) / n) * (1 + 0.03 * noise)
        assert stagnations(record(slow)) == []


def test_quality_that_worsens_steadily_does_not_stagnate():
    assert stagnations(record(np.linspace(1, 8, 200))) == []


def test_a_level_at_the_floor_of_the_measurement_is_none():
    level = 1.0 + 0.01 * np.random.default_rng(2).normal(size=200)
    assert len(stagnations(record(level, floor=0.4))) == 1
    assert stagnations(record(level, floor=0.9)) == []


def test_a_plateau_at_the_start_is_ignored():
    at = np.arange(200)
    assert stagnations(record(np.where(at < 50, 4.0, 0.05))) == []


@pytest.mark.parametrize("n", [0, 1, 2, 3, 11])
@pytest.mark.parametrize("value", [0.0, 4.0, np.nan, np.inf])
def test_too_little_is_no_episode_and_no_crash(n, value):
    assert stagnations(record(np.full(n, value))) == []


def test_a_constant_distance_stagnates():
    (found,) = stagnations(record(np.full(100, 4.0)))
    assert found.severity == pytest.approx(12)


def test_without_quality_it_is_silent():
    assert stagnations(Record(np.arange(100), {"d_loss": np.ones(100)}, TARGET)) == []


def test_gaps_do_not_hide_a_plateau():
    rng = np.random.default_rng(3)
    distance = 1.0 + 0.03 * rng.normal(size=200)
    distance[rng.choice(200, 60, replace=False)] = np.nan
    assert len(stagnations(record(distance))) == 1
