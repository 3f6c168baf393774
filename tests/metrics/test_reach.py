"""The two shares against closed forms, simulations, and shares that are known."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from gandiag.metrics import Neighbourhoods, reach
from gandiag.metrics._reach import FEWEST, MISSED, few_of, neighbour

DISTRIBUTIONS = {
    "normal": lambda rng, n: rng.normal(size=n),
    "lognormal": lambda rng, n: rng.lognormal(0, 1.5, size=(n, 2)),
    "t2": lambda rng, n: rng.standard_t(2, size=(n, 3)),
    "ring": lambda rng, n: ring(rng, n),
    "ten": lambda rng, n: rng.normal(size=(n, 10)) ** 3,
}


def ring(rng, n, modes=range(8)):
    angle = 2 * np.pi * rng.choice(list(modes), n) / 8
    return 2 * np.stack([np.cos(angle), np.sin(angle)], 1) + 0.05 * rng.normal(size=(n, 2))


def repeated(real, fake, times, seed=0):
    """Lost and misplaced shares of independent draws [times, 2], and their errors."""
    rng = np.random.default_rng(seed)
    both = [reach(real=real(rng), fake=fake(rng)) for _ in range(times)]
    shares = [(each.lost_share, each.misplaced_share) for each in both]
    return tuple(
        np.array([[getattr(one, part) for one in pair] for pair in shares])
        for part in ("value", "se")
    )


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@pytest.mark.parametrize(("m", "n"), [(200, 200), (100, 400), (400, 60)])
def test_of_a_perfect_generator_both_shares_are_0_on_average(name, m, n):
    draw = DISTRIBUTIONS[name]
    value, se = repeated(lambda rng: draw(rng, m), lambda rng: draw(rng, n), 60)
    error = value.std(axis=0) / math.sqrt(len(value))
    assert (np.abs(value.mean(axis=0)) < 4 * error + [0, 0.006]).all()
    if n >= 200:
        assert (np.abs(value.mean(axis=0)) < 0.015).all()
    assert (value[:, 0] >= -MISSED / (1 - MISSED)).all()
    assert (se > 0).all()


@pytest.mark.parametrize(("m", "n"), [(50, 50), (300, 100), (1000, 5000), (40, 2)])
def test_the_ball_is_the_smallest_that_a_perfect_generator_hits(m, n):
    def missed(k):
        return math.prod((m - i) / (m + n - i) for i in range(1, k + 1))

    k, expected = neighbour(m, n)
    if k == 0:
        assert missed(m // 5) > MISSED
        return
    assert expected == pytest.approx(missed(k))
    assert missed(k) <= MISSED < missed(k - 1)


def test_between_two_normals_it_is_the_integral_of_the_limit():
    """E(1 + c q / p)^-k over p: the k-th neighbour's ball has Gamma(k) of the fake samples."""
    m, n, shift, width = 4000, 4000, 0.8, 0.7
    k, missed = neighbour(m, n)

    def empty(x):
        p, q = norm.pdf(x), norm.pdf(x, shift, width)
        return p * (1 + n / m * q / p) ** -k

    limit = (quad(empty, -8, 8)[0] - missed) / (1 - missed)
    rng = np.random.default_rng(3)
    value = [
        reach(real=rng.normal(size=m), fake=rng.normal(shift, width, n)).unmatched_share.value
        for _ in range(12)
    ]
    assert np.mean(value) == pytest.approx(limit, abs=4 * np.std(value) / math.sqrt(12) + 0.003)
    assert limit > 0.1


def test_few_samples_in_a_ball_are_as_rare_as_in_an_urn():
    """Of m - 1 real and n fake samples in any order, j fake ones come before the k-th real one."""
    m, n, k = 60, 90, 12
    most, chance = few_of(m, n, k)
    rng = np.random.default_rng(0)
    order = rng.permuted(np.tile(np.arange(m - 1 + n) < m - 1, (40_000, 1)), axis=1)
    place = (np.cumsum(order, axis=1) == k).argmax(axis=1)
    before = place + 1 - k
    assert (before <= most).mean() == pytest.approx(chance, abs=4 * (chance / 40_000) ** 0.5)


@pytest.mark.parametrize("lost", range(8))
def test_of_eight_modes_it_is_the_part_that_is_lost(lost):
    rng = np.random.default_rng(lost)
    share = reach(real=ring(rng, 1000), fake=ring(rng, 1000, range(8 - lost))).lost_share
    assert share.value == pytest.approx(lost / 8, abs=3.5 * share.se)
    assert share.se < 0.03


@pytest.mark.parametrize("off", [0.0, 0.1, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("size", [1, 2, 6])
def test_the_misplaced_share_is_that_of_the_samples_off_the_data(off, size):
    rng = np.random.default_rng(int(10 * off) + size)
    real, fake = rng.normal(size=(800, size)), rng.normal(size=(1000, size))
    wrong = rng.random(1000) < off
    fake[wrong] += 30.0
    share = reach(real=real, fake=fake).misplaced_share
    assert share.value == pytest.approx(wrong.mean(), abs=3 * share.se + 1e-9)


def test_between_two_modes_samples_are_off_the_data():
    rng = np.random.default_rng(0)
    real = np.repeat([-3.0, 3.0], 500) + 0.3 * rng.normal(size=1000)
    both = reach(real=real, fake=rng.normal(0, 0.3, 600))
    assert both.misplaced_share.value > 0.95
    assert both.lost_share.value > 0.95


@pytest.mark.parametrize(
    ("real", "fake"),
    [
        (lambda rng: rng.normal(size=(400, 2)), lambda rng: rng.normal(size=(300, 2))),
        (lambda rng: ring(rng, 500), lambda rng: ring(rng, 300, range(6))),
        (lambda rng: rng.lognormal(size=400), lambda rng: rng.lognormal(0.6, 1, 400)),
        (lambda rng: rng.gamma(2, size=(300, 9)), lambda rng: 1 + rng.gamma(2, size=(300, 9))),
    ],
)
def test_the_errors_are_those_of_repeated_draws(real, fake):
    value, se = repeated(real, fake, 60, seed=1)
    ratio = se.mean(axis=0) / value.std(axis=0)
    assert ((ratio > 0.6) & (ratio < 2)).all()


def test_columns_and_samples_may_come_in_any_order_and_unit():
    rng = np.random.default_rng(4)
    real, fake = rng.normal(size=(300, 4)), rng.normal(0.2, 1, size=(200, 4))
    shares = [
        (each.lost_share.value, each.misplaced_share.value)
        for each in (
            reach(real=real, fake=fake),
            reach(real=real[:, [3, 1, 0, 2]], fake=fake[:, [3, 1, 0, 2]]),
            reach(real=rng.permutation(real), fake=rng.permutation(fake)),
            reach(real=1024.0 * real, fake=1024.0 * fake),
            reach(real=Neighbourhoods(real), fake=fake),
        )
    ]
    assert shares == [shares[0]] * 5


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64])
def test_repeated_and_whole_numbers_are_data_like_others(kind):
    rng = np.random.default_rng(5)
    real = rng.poisson(3, size=(600, 2)).astype(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        same = reach(real=real, fake=rng.poisson(3, size=(600, 2)).astype(kind))
        point = reach(real=real, fake=np.full((600, 2), 3, dtype=kind))
    assert abs(same.lost_share.value) < 0.05
    assert abs(same.misplaced_share.value) < 0.05
    assert point.lost_share.value > 0.7


@pytest.mark.parametrize("size", [1, 12])
def test_data_that_are_one_point_are_reached_at_it_and_nowhere_else(size):
    real = np.full((100, size), 7.0)
    there = reach(real=real, fake=real[:50])
    beside = reach(real=real, fake=real[:50] + 1e-3)
    assert (there.lost_share.value <= 0, there.misplaced_share.value <= 0) == (True, True)
    assert beside.lost_share.value == pytest.approx(1)
    assert beside.misplaced_share.value == pytest.approx(1)


@pytest.mark.parametrize(("m", "n"), [(2, 100), (7, 100), (500, 7), (500, 1), (500, 12)])
def test_of_too_few_samples_nothing_is_known(m, n):
    rng = np.random.default_rng(0)
    both = reach(real=rng.normal(size=(m, 2)), fake=rng.normal(size=(n, 2)))
    for share in (both.lost_share, both.misplaced_share):
        assert math.isnan(share.value)
        assert math.isnan(share.se)
        assert (share.floor, share.n) == (0.0, n)


def test_of_few_samples_as_many_as_balls_need_something_is_known():
    rng = np.random.default_rng(0)
    real = rng.normal(size=500)
    known = [
        math.isfinite(reach(real=real, fake=rng.normal(size=n)).lost_share.value)
        for n in range(FEWEST, 40)
    ]
    assert known == sorted(known)
    assert FEWEST + known.index(True) == 20


def test_a_fake_sample_that_is_not_finite_leaves_nan_and_a_real_one_is_refused():
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(100, 2)), rng.normal(size=(100, 2))
    fake[3, 1] = np.inf
    assert math.isnan(reach(real=real, fake=fake).lost_share.value)
    with pytest.raises(ValueError, match="NaN or infinite"):
        reach(real=fake, fake=real)
    with pytest.raises(ValueError, match="coordinates"):
        reach(real=real, fake=real[:, :1])
