"""The extrapolated Fréchet distance is unbiased, with a correct standard error."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from gandiag.metrics import frechet, frechet_infinity
from gandiag.metrics._frechet_infinity import _subsets

CASES = [(0.0, 1.0), (0.1, 1.0), (0.4, 1.0), (0.0, 1.3), (0.0, 0.5)]


@pytest.mark.parametrize(("shift", "scale"), CASES)
@pytest.mark.parametrize(("d", "n", "m"), [(1, 120, 150), (8, 300, 200)])
def test_value_and_standard_error_match_simulation(
    d: int, n: int, m: int, shift: float, scale: float
) -> None:
    rng = np.random.default_rng(1)
    found = [
        frechet_infinity(
            real=rng.normal(size=(m, d)), fake=rng.normal(shift, scale, (n, d)), sizes=6
        )
        for _ in range(200)
    ]
    values = np.array([each.value for each in found])
    truth = d * (shift**2 + (scale - 1) ** 2)
    noise = values.std() / math.sqrt(200)
    assert values.mean() == pytest.approx(truth, abs=4 * noise, rel=0.03)
    ratio = np.mean([each.se for each in found]) / values.std()
    assert 0.82 < ratio < (1.35 if (shift, scale) == (0, 1) else 1.2)
    assert found[0].floor == 0


def test_it_has_no_bias_where_the_plain_distance_does() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(0.05, 1, (800, 20)), rng.normal(size=(800, 20))
    plain, found = frechet(real=y, fake=x), frechet_infinity(real=y, fake=x)
    truth = 20 * 0.05**2
    assert plain.value > truth + 5 * plain.se
    assert abs(found.value - truth) < 3 * found.se


def test_two_sizes_give_the_line_through_two_points() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(0.3, 1, (80, 2)), rng.normal(size=(40, 2))
    draw = np.random.default_rng(5)
    a, b = draw.permutation(x), draw.permutation(y)
    full = frechet(real=y, fake=x).value
    parts = [
        frechet(real=b[10 * i : 10 * (i + 1)], fake=a[20 * i : 20 * (i + 1)]).value
        for i in range(4)
    ]
    expected = full - (np.mean(parts) - full) / 3
    found = frechet_infinity(real=y, fake=x, sizes=2, seed=5)
    assert found.value == pytest.approx(expected)


@pytest.mark.parametrize("share", [1.0, 0.5, 1 / 3, 0.3, 0.25, 1 / 3.7])
@pytest.mark.parametrize(("n", "m"), [(8, 8), (9, 11), (100, 37)])
def test_subsets_are_disjoint_and_as_many_as_fit(n: int, m: int, share: float) -> None:
    found = list(_subsets(n, m, share))
    assert len(found) == math.floor(1 / share + 1e-9)
    for side, size in ((0, n), (1, m)):
        taken = np.concatenate([np.arange(size)[pair[side]] for pair in found])
        assert len(np.unique(taken)) == len(taken) == len(found) * int(size * share)


def test_the_seed_determines_the_subsets() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 60, 3))
    once, again = (frechet_infinity(real=y, fake=x, seed=1) for _ in range(2))
    assert (once.value, once.se) == (again.value, again.se)
    assert frechet_infinity(real=y, fake=x, seed=2).value != once.value


def test_a_larger_shift_gives_a_larger_distance() -> None:
    y = np.random.default_rng(5).normal(size=(100, 3))
    found = [frechet_infinity(real=y, fake=y + s).value for s in (0, 0.5, 1, 2)]
    assert np.all(np.diff(found) > 0)


def test_two_points_have_standard_error_0() -> None:
    found = frechet_infinity(real=np.zeros((8, 3)), fake=np.ones((9, 3)))
    assert found.value == pytest.approx(3)
    assert found.se == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e200])
def test_a_sample_that_is_not_finite_gives_nan_without_warning(bad: float) -> None:
    fake = np.zeros((9, 2))
    fake[3, 1] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = frechet_infinity(real=np.eye(9)[:, :2], fake=fake)
    assert np.isnan([found.value, found.se]).all()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"fake": np.zeros((7, 2))}, "fake must be samples .* n >= 8"),
        ({"real": np.zeros((7, 2))}, "real must be samples .* n >= 8"),
        ({"sizes": 1}, "sizes must be at least 2, to fit a line, not 1"),
    ],
)
def test_too_few_samples_or_sizes_are_rejected(how: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        frechet_infinity(**{"real": np.zeros((9, 2)), "fake": np.zeros((9, 2))} | how)
