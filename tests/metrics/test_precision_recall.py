"""Improved precision and recall: oracle, planted defects, floors and standard errors."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import Balls, precision_recall

Draw = Callable[[np.random.Generator, int], np.ndarray]


def normal(d: int, shift: float = 0.0, scale: float = 1.0) -> Draw:
    return lambda rng, n: scale * rng.normal(size=(n, d)) + shift


@pytest.mark.parametrize(
    ("d", "n", "m", "k"), [(2, 300, 300, 5), (8, 250, 400, 3), (40, 300, 200, 5)]
)
def test_it_equals_prdc(d: int, n: int, m: int, k: int, capsys: pytest.CaptureFixture[str]) -> None:
    prdc = pytest.importorskip("prdc")
    rng = np.random.default_rng(d)
    real, fake = rng.normal(size=(m, d)), rng.normal(0.4, 0.9, (n, d))
    expected = prdc.compute_prdc(real, fake, k)
    capsys.readouterr()
    found = precision_recall(real=real, fake=fake, k=k)
    assert found.precision.value == pytest.approx(expected["precision"])
    assert found.recall.value == pytest.approx(expected["recall"])


@pytest.mark.parametrize("d", [2, 16])
def test_a_collapse_has_precision_1_and_recall_0(d: int) -> None:
    real = np.random.default_rng(1).normal(size=(500, d))
    found = precision_recall(fake=np.repeat(real.mean(axis=0)[None], 500, axis=0), real=real)
    assert (found.precision.value, found.recall.value) == (1.0, 0.0)
    # The error of half a sample of 500 from the end.
    assert found.precision.se == pytest.approx(np.sqrt(0.5 * 500.5) / 501 / np.sqrt(500))
    assert found.recall.se == pytest.approx(found.precision.se)


def test_a_collapse_onto_ten_real_points_recalls_only_these() -> None:
    real = np.random.default_rng(2).normal(size=(500, 8))
    found = precision_recall(real=real, fake=np.repeat(real[:10], 50, axis=0))
    assert found.precision.value == 1
    assert found.recall.value == 10 / 500


def test_added_noise_lowers_precision_and_not_recall() -> None:
    rng = np.random.default_rng(3)
    found = precision_recall(real=rng.normal(size=(500, 8)), fake=2 * rng.normal(size=(500, 8)))
    assert found.precision.value < 0.3
    assert found.recall.value > 0.97


def test_swapping_the_sides_swaps_precision_and_recall() -> None:
    rng = np.random.default_rng(4)
    real, fake = rng.normal(size=(200, 2)), 0.3 * rng.normal(size=(200, 2))
    one, other = precision_recall(fake=fake, real=real), precision_recall(real=real, fake=fake)
    swapped = precision_recall(real=fake, fake=real)
    assert one.recall.value == other.recall.value < 0.6 < one.precision.value
    assert swapped.precision.value == one.recall.value
    with pytest.raises(TypeError):
        precision_recall(real, fake)  # type: ignore[misc]


@pytest.mark.parametrize("d", [3, 12])
def test_identical_and_constant_samples_give_1(d: int) -> None:
    x = np.random.default_rng(5).normal(size=(60, d))
    for same in (x, np.full((60, d), 0.3), np.round(x)):
        found = precision_recall(real=same, fake=same)
        assert (found.precision.value, found.recall.value) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("d", "n", "m"), [(2, 200, 200), (8, 500, 500), (32, 100, 400), (8, 400, 100)]
)
def test_the_floors_match_simulation(d: int, n: int, m: int) -> None:
    rng = np.random.default_rng(6)
    found = [
        precision_recall(real=rng.normal(size=(m, d)), fake=rng.normal(size=(n, d)))
        for _ in range(40)
    ]
    for name in ("precision", "recall"):
        values = [getattr(each, name).value for each in found]
        floors = [getattr(each, name).floor for each in found]
        assert np.mean(values) == pytest.approx(np.mean(floors), rel=0.015)
    if (d, n, m) == (8, 500, 500):
        assert found[0].precision.floor == pytest.approx(0.935, abs=0.03)


DISTRIBUTIONS: dict[str, tuple[Draw, Draw]] = {
    "the same": (normal(8), normal(8)),
    "shifted": (normal(8), normal(8, shift=0.5)),
    "wide": (normal(8), normal(8, scale=1.5)),
    "of many coordinates": (normal(32), normal(32)),
}


@pytest.mark.parametrize("distributions", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS.keys())
def test_the_standard_error_matches_simulation(distributions: tuple[Draw, Draw]) -> None:
    rng = np.random.default_rng(7)
    found = [
        precision_recall(real=distributions[0](rng, 400), fake=distributions[1](rng, 350))
        for _ in range(60)
    ]
    for name in ("precision", "recall"):
        observed = np.std([getattr(each, name).value for each in found])
        if observed > 0.005:
            said = np.mean([getattr(each, name).se for each in found])
            assert said == pytest.approx(observed, rel=0.27)


def test_losing_half_of_the_data_halves_the_recall() -> None:
    rng = np.random.default_rng(8)
    real = rng.normal(size=(1000, 2)) * 0.1 + np.sign(rng.random((1000, 1)) - 0.5) * [3, 0]
    fake = rng.normal(size=(1000, 2)) * 0.1 + [3, 0]
    found = precision_recall(real=real, fake=fake)
    assert found.recall.value == pytest.approx(np.mean(real[:, 0] > 0), abs=0.01)


def test_precomputed_balls_are_accepted_and_reused() -> None:
    real, fake = np.random.default_rng(9).normal(size=(2, 200, 4))
    balls = Balls(real)
    given_balls, plain = (
        precision_recall(real=balls, fake=fake),
        precision_recall(real=real, fake=fake),
    )
    assert given_balls.precision.value == plain.precision.value
    assert given_balls.recall.se == plain.recall.se
    assert "radii" in vars(balls)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([2, 10]))
def test_it_is_invariant_to_order_and_rotation(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    real, fake = rng.normal(size=(70, d)), rng.gamma(2, 1, (60, d))
    turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
    before = precision_recall(real=real, fake=fake)
    after = precision_recall(real=rng.permutation(real) @ turn, fake=rng.permutation(fake) @ turn)
    assert before.precision.value == after.precision.value
    assert before.recall.value == after.recall.value
    assert before.precision.floor == after.precision.floor


def test_a_diverged_generator_gives_nan() -> None:
    real = np.random.default_rng(10).normal(size=(200, 2))
    for bad in (math.nan, math.inf):
        fake = real.copy()
        fake[3, 1] = bad
        found = precision_recall(real=real, fake=fake)
        assert math.isnan(found.precision.value)
        assert math.isnan(found.recall.se)


def test_samples_whose_squares_overflow_have_precision_0() -> None:
    x = np.random.default_rng(12).normal(size=(200, 12))
    assert precision_recall(real=x, fake=1e200 * x).precision.value == 0


def test_few_samples_have_no_standard_error_and_too_few_are_rejected() -> None:
    x = np.random.default_rng(11).normal(size=(60, 2))
    assert precision_recall(real=x, fake=x).precision.se is None
    with pytest.raises(ValueError, match="fake must be samples"):
        precision_recall(real=x, fake=x[:5])
    with pytest.raises(ValueError, match="real has"):
        precision_recall(real=x * math.nan, fake=x)
