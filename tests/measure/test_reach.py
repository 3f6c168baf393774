"""Comparisons of a log point with the real samples: what is measured when, and what it reads."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from gandiag.measure.known import Known
from gandiag.measure.reach import MOST, directions, scores, shares

SIZES = [1, 2, 3, 4, 10, 16, 100]


@pytest.fixture(autouse=True)
def _no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def lane(samples):
    return np.asarray(samples).T[None]


def read(known, fake):
    """All comparisons of samples [n, size]."""
    found = dict(shares(known, lane(fake), thorough=True)[0])
    if known.by_samples_only:
        few = known.size <= 3
        found |= scores(known, lane(fake))[0] if few else directions(known, lane(fake), True)[0]
    return {name: each for name, each in found.items() if each is not None}


@pytest.mark.parametrize("size", SIZES)
def test_where_not_thorough_the_columns_are_there_and_none(size):
    known = Known(size, samples=np.random.default_rng(0).normal(size=(200, size)))
    fake = lane(np.zeros((5, size)))
    for measure in (shares, directions):
        (cheap,), (whole,) = measure(known, fake, False), measure(known, fake, True)
        assert cheap.keys() == whole.keys()
        assert set(cheap.values()) == {None}
    assert ("total_variation" in shares(known, fake, False)[0]) == (size <= 2)


@pytest.mark.parametrize("size", SIZES)
def test_the_data_themselves_read_next_to_nothing(size):
    rng = np.random.default_rng(1)
    draw = lambda n: rng.lognormal(0, 1, size=(n, size))  # noqa: E731
    found = read(Known(size, samples=draw(2000)), draw(800))
    for name in ("lost_share", "misplaced_share"):
        # One of 40 bins of some direction is lost by chance in a tenth of the draws.
        assert abs(found[name].value) < max(4 * found[name].se, 0.03)
    distances = [name for name in found if name.endswith("distance")]
    assert len(distances) == (1 if size <= 3 else 2)
    for name in distances:
        assert found[name].value < (0.5 if name.startswith("worst") else 0.2)
        assert found[name].floor > 0
    assert np.asarray(found["score_std"].value) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_scores_are_in_standard_deviations_of_the_data(size):
    rng = np.random.default_rng(2)
    z = rng.normal(size=(1500, size))
    found = read(Known(size, samples=np.exp(rng.normal(size=(9000, size)))), np.exp(0.5 * z + 1))
    assert np.asarray(found["score_mean"].value) == pytest.approx(1.0, abs=0.06)
    assert np.asarray(found["score_std"].value) == pytest.approx(0.5, abs=0.05)
    assert found["score_distance"].value == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("size", [2, 5, 16])
def test_order_and_unit_of_columns_leave_the_lost_share(size):
    rng = np.random.default_rng(3)
    real, fake = rng.normal(size=(600, size)), np.abs(rng.normal(size=(400, size)))
    order, unit = rng.permutation(size), 2.0 ** rng.integers(-20, 20, size=size)
    first = read(Known(size, samples=real), fake)
    assert first["lost_share"].value > 0.1
    for change in (lambda x: x[:, order], lambda x: x * unit):
        second = read(Known(size, samples=change(real)), change(fake))
        for name in ("lost_share", "misplaced_share"):
            assert second[name].value == pytest.approx(first[name].value, abs=1e-12)


def test_a_column_of_a_million_hides_none_of_a_millionth():
    rng = np.random.default_rng(4)
    unit = np.array([1e6, 1e-6, 1.0, 1.0])
    known = Known(4, samples=rng.normal(size=(1000, 4)) * unit)
    fake = rng.normal(size=(500, 4)) * unit
    assert abs(read(known, fake)["lost_share"].value) < 0.06
    fake[:, 1] = 0
    assert read(known, fake)["worst_score_distance"].value == pytest.approx(0.8, abs=0.1)
    fake[:, 1] = 5e-6
    assert read(known, fake)["lost_share"].value > 0.9


def test_noise_in_many_columns_is_misplaced():
    rng = np.random.default_rng(5)
    axes = rng.normal(size=(5, 200))
    draw = lambda n: rng.normal(size=(n, 5)) @ axes + 0.2 * rng.normal(size=(n, 200))  # noqa: E731
    known = Known(200, samples=draw(2000))
    assert abs(read(known, draw(500))["misplaced_share"].value) < 0.05
    noisy = draw(500)
    noisy[:200] += rng.normal(size=(200, 200))
    assert read(known, noisy)["misplaced_share"].value == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_sample_that_is_not_finite_makes_everything_nan(size, bad):
    rng = np.random.default_rng(6)
    fake = rng.normal(size=(50, size))
    fake[3, -1] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = read(Known(size, samples=rng.normal(size=(300, size))), fake)
    for name in ("lost_share", "misplaced_share"):
        assert math.isnan(found[name].value)
    for name in ("score_distance", "worst_score_distance"):
        assert name not in found or not math.isfinite(found[name].value)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("real", ["constant", "one", "two", "nine", "repeated", "whole", "float32"])
@pytest.mark.parametrize("n", [1, 9, 60])
def test_poor_data_and_few_samples_are_no_error(size, real, n):
    rng = np.random.default_rng(7)
    made = {
        "constant": np.full((100, size), 5.0),
        "one": rng.normal(size=(1, size)),
        "two": rng.normal(size=(2, size)),
        "nine": rng.normal(size=(9, size)),
        "repeated": np.repeat(rng.normal(size=(5, size)), 20, axis=0),
        "whole": rng.integers(0, 3, size=(100, size)),
        "float32": rng.normal(size=(100, size)).astype(np.float32),
    }[real]
    for fake in (
        rng.normal(size=(n, size)),
        np.zeros((n, size)),
        made[rng.integers(len(made), size=n)],
    ):
        found = read(Known(size, samples=made), fake)
        for name in ("lost_share", "misplaced_share"):
            assert -0.2 < found[name].value <= 1 or math.isnan(found[name].value)


def test_the_neighbours_of_so_many_samples_are_searched():
    rng = np.random.default_rng(8)
    fake = rng.normal(size=(2 * MOST, 3))
    known = Known(3, samples=rng.normal(size=(500, 3)))
    whole, first = read(known, fake), read(known, fake[:MOST])
    for name in ("unmatched_share", "misplaced_share"):
        assert whole[name].value == first[name].value
        assert whole[name].n == MOST


def test_lanes_are_compared_one_by_one():
    rng = np.random.default_rng(9)
    known = Known(2, samples=rng.normal(size=(500, 2)))
    good, bad = rng.normal(size=(300, 2)), np.zeros((300, 2))
    both = shares(known, np.stack([good.T, bad.T]), True)
    for each, fake in zip(both, (good, bad), strict=True):
        assert each["lost_share"].value == read(known, fake)["lost_share"].value
    assert both[1]["lost_share"].value > 0.9
