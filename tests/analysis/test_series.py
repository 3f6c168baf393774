"""Words for series, against slow twins; and the size of the trend's test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.analysis.record import Record
from gandiag.analysis.series import (
    covered,
    lag1,
    mask_overflow,
    onset,
    points,
    running_median,
    smoothed,
    stretches,
    trend,
)

ANY = st.lists(st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1.0, 2.5, -3.0, 7.0, 1e9]))
ODD = st.sampled_from([1, 3, 5, 9])
MASK = st.lists(st.booleans(), max_size=40)


@given(ANY, ODD)
def test_smoothed_is_the_median_of_the_last_finite_values(values, width):
    values, dense, due = np.array(values), [], []
    for value in values:
        dense += [value] if math.isfinite(value) else []
        padded = [dense[0]] * (width - 1) + dense if dense else [math.nan]
        due.append(np.median(padded[-width:]))
    np.testing.assert_array_equal(smoothed(values, width), due)


@given(st.lists(st.floats(-9, 9), max_size=30), ODD)
def test_a_running_median_is_the_median_of_every_window(values, window):
    values = np.array(values)
    due = [np.median(values[k : k + window]) for k in range(len(values) - window + 1)]
    np.testing.assert_array_equal(running_median(values, window), due)


def slow_stretches(mask, gap, least):
    filled = list(mask)
    for first in range(len(mask)):
        for last in range(first + 1, len(mask)):
            if mask[first] and mask[last] and last - first <= gap + 1:
                filled[first : last + 1] = [True] * (last - first + 1)
    found, begun = [], None
    for k, held in enumerate([*filled, False]):
        if held and begun is None:
            begun = k
        elif not held and begun is not None:
            found += [(begun, k - 1)] if k - begun >= least else []
            begun = None
    return found


@given(MASK, st.integers(0, 4), st.integers(1, 5))
def test_stretches_are_runs_of_true_whose_small_holes_are_filled(mask, gap, least):
    found = stretches(np.array(mask, bool), gap=gap, least=least)
    assert found == slow_stretches(mask, gap, least)


@given(MASK, st.integers(0, 4))
def test_an_onset_is_where_the_last_stretch_begins_if_it_reaches_the_end(mask, gap):
    held = slow_stretches(mask, gap, 1)
    due = held[-1][0] if held and len(mask) - 1 - held[-1][1] <= gap else None
    assert onset(np.array(mask, bool), gap=gap) == due


@settings(max_examples=50)
@given(st.lists(st.floats(-1e3, 1e3) | st.just(math.nan), min_size=3, max_size=60))
def test_a_trend_is_the_line_of_polyfit(values):
    values = np.array(values)
    known = np.flatnonzero(np.isfinite(values))
    line = trend(values)
    assert line.n == len(known)
    if len(known) >= 3:
        slope = np.polyfit(known, values[known], 1)[0]
        scale = 1e-9 * (1 + np.abs(values[known]).max()) * len(values)
        assert line.change == pytest.approx(slope * (known[-1] - known[0]), abs=scale)
        assert line.level == pytest.approx(values[known].mean(), abs=scale)


def test_of_white_noise_the_standard_error_is_that_of_linregress():
    from scipy.stats import linregress

    rng = np.random.default_rng(0)
    ratios = []
    for _ in range(200):
        y = rng.normal(size=200)
        line = trend(y)
        ratios.append(line.se / (linregress(np.arange(200), y).stderr * 199))
    assert np.median(ratios) == pytest.approx(1, abs=0.02)
    assert min(ratios) >= 1 - 1e-9  # memory only ever adds


@pytest.mark.parametrize(
    ("memory", "n", "most"),
    [
        *((0.0, 200, 0.07), (0.5, 200, 0.08), (0.8, 200, 0.09), (0.9, 200, 0.12)),
        *((0.95, 200, 0.17), (0.95, 2000, 0.08)),
    ],
)
def test_trendless_noise_has_as_many_trends_as_the_docstring_says(memory, n, most, ar1):
    rng = np.random.default_rng(1)
    t = np.abs([trend(ar1(rng, n, memory)).t for _ in range(1200)])
    assert 0.03 <= np.mean(t > 1.96) <= most
    assert np.mean(t > 4) <= 0.025


def test_a_trend_in_noise_is_found_with_its_size():
    rng = np.random.default_rng(2)
    lines = [trend(rng.normal(size=200) + np.linspace(0, 2, 200)) for _ in range(200)]
    assert np.mean([line.change for line in lines]) == pytest.approx(2, abs=0.1)
    assert np.mean([line.t > 4 for line in lines]) > 0.95
    covered = [abs(line.change - 2) < 1.96 * line.se for line in lines]
    assert 0.9 <= np.mean(covered) <= 1


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [math.nan] * 9])
def test_fewer_than_three_values_have_no_trend(values):
    line = trend(np.array(values))
    assert (line.t, line.change) == (0.0, 0.0)


@pytest.mark.parametrize("level", [0.0, 0.1, 1e-12, 1e12])
def test_a_constant_has_no_trend(level):
    assert abs(trend(np.full(50, level)).t) < 3


def test_an_exact_line_is_certain():
    assert trend(np.arange(9.0)).t > 1e6
    assert trend(-np.arange(9.0)).t < -1e6


@pytest.mark.parametrize("memory", [0.0, 0.6, 0.95])
def test_the_memory_of_noise_is_read(memory, ar1):
    rng = np.random.default_rng(3)
    assert lag1(ar1(rng, 20_000, memory)) == pytest.approx(memory, abs=0.03)


@given(st.integers(5, 40), st.sampled_from([3, 5]), st.data())
def test_a_stretch_of_medians_covers_log_points_in_order(n, window, data):
    medians = n - window + 1
    first = data.draw(st.integers(0, medians - 1))
    last = data.draw(st.integers(first, medians - 1))
    begin, end = covered((first, last), window, n)
    assert 0 <= begin <= first + window // 2 <= last + window // 2 <= end <= n - 1
    if (first, last) == (0, medians - 1):
        assert (begin, end) == (0, n - 1)


def test_a_part_of_the_planned_length_in_log_points():
    run = Record(np.arange(0, 501, 10), {}, planned=1000)
    assert points(run, 0.2, least=5) == 20
    assert points(run, 0.001, least=5) == 5
    assert points(run, 0.9, least=5, most=30) == 30
    assert points(run.prefix(0), 0.2, least=5) == 5
    assert points(Record(np.arange(0, 501, 10), {}), 0.2, least=5) == 10


def test_what_is_too_large_to_be_squared_is_not_sound():
    found = mask_overflow(np.array([1.0, math.inf, math.nan, 1e200, -1e200, -2.0]))
    assert np.isfinite(found).tolist() == [True, False, False, False, False, True]
