"""A user's own measure that got worse again, or stopped getting better."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.own_regression import own_regressions, own_stagnations
from tests.analysis.test_own_quality import falling, record, rising_again


@pytest.mark.parametrize("n", [20, 50, 200, 1000])
def test_a_measure_that_gets_worse_by_its_double_is_found(n):
    (found,) = own_regressions(record(rising_again(n, by=1.0)))
    assert (found.kind, found.recovered, found.series) == ("quality-regression", False, "fid")
    last = 100 * (n - 1)
    assert 0.35 * last < found.start < 0.75 * last
    assert found.severity == pytest.approx(1.0, abs=0.25)
    assert "fid went from its best of 1" in found.description


def test_worse_by_three_fifths_is_told_with_numbers():
    (found,) = own_regressions(record(rising_again(200)))
    assert found.severity == pytest.approx(0.6, abs=0.1)


def test_high_values_that_fall_are_found_by_the_same_factor():
    (found,) = own_regressions(record(100 / rising_again(200), "high", "inception"))
    assert found.severity == pytest.approx(1 - 1 / 1.6, abs=0.06)
    assert not own_regressions(record(100 / falling(200), "high", "inception"))


def test_values_without_a_zero_are_compared_with_what_was_gained():
    values = rising_again(200, by=0.6, last=290.0) - 1000  # -430 to -710, and back to -536
    assert own_regressions(record(values, name="elbo"))
    assert not own_regressions(record(falling(200, last=290.0, noise=0.005) - 1000, name="elbo"))


def test_it_is_over_when_half_of_it_is_undone():
    t = np.linspace(0, 1, 200)
    values = falling(200) * (1 + 2.0 * np.exp(-(((t - 0.6) / 0.06) ** 2)))
    (found,) = own_regressions(record(values))
    assert found.recovered
    assert "recovered by half" in found.description
    assert found.peak == pytest.approx(0.6 * 19_900, rel=0.05)


@pytest.mark.parametrize("heavy", [False, True])
def test_noise_about_a_level_is_no_regression(heavy):
    alarms = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        e = rng.standard_t(3, size=100) / np.sqrt(3) if heavy else rng.normal(size=100)
        alarms += bool(own_regressions(record(falling(noise=0.0) * np.exp(0.1 * e))))
    assert alarms <= 1


def test_a_measure_that_has_stopped_getting_better_stagnates():
    (found,) = own_stagnations(record(falling(200)))
    assert (found.kind, found.recovered) == ("stagnation", False)
    assert found.start < 0.7 * 19_900
    assert "got no better" in found.description
    t = np.linspace(0, 1, 200)
    assert not own_stagnations(record(300 * np.exp(-4 * t)))
    assert not own_stagnations(record(rising_again(200, by=2.0)))  # that is a regression
