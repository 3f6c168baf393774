"""Density and coverage: oracle, planted defects, exact floors and standard errors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import Balls, density_coverage


@pytest.mark.parametrize(
    ("d", "n", "m", "k"), [(2, 300, 300, 5), (8, 250, 400, 3), (40, 300, 200, 5)]
)
def test_it_equals_prdc(d: int, n: int, m: int, k: int, capsys: pytest.CaptureFixture[str]) -> None:
    prdc = pytest.importorskip("prdc")
    rng = np.random.default_rng(d)
    real, fake = rng.normal(size=(m, d)), rng.normal(0.4, 0.9, (n, d))
    expected = prdc.compute_prdc(real, fake, k)
    capsys.readouterr()
    found = density_coverage(real=real, fake=fake, k=k)
    assert found.density.value == pytest.approx(expected["density"])
    assert found.coverage.value == pytest.approx(expected["coverage"])


def test_a_collapse_onto_one_point_covers_the_balls_around_it() -> None:
    real = np.random.default_rng(1).normal(size=(500, 8))
    at = real.mean(axis=0) + 0.2
    inside = np.linalg.norm(real - at, axis=1) <= Balls(real).radii
    found = density_coverage(real=real, fake=np.repeat(at[None], 500, axis=0))
    assert found.coverage.value == inside.mean() < 0.15
    assert found.density.value == pytest.approx(inside.sum() / 5)


def test_a_collapse_onto_ten_real_points_covers_them_and_their_neighbours() -> None:
    rng = np.random.default_rng(2)
    found = []
    for _ in range(50):
        real = rng.normal(size=(500, 2))
        found.append(density_coverage(real=real, fake=np.repeat(real[:10], 50, axis=0)))
    # A point is in its own ball and, on average, in those of k others.
    assert np.mean([each.density.value for each in found]) == pytest.approx(6 / 5, rel=0.03)
    assert np.mean([each.coverage.value for each in found]) == pytest.approx(0.12, rel=0.1)


@pytest.mark.parametrize("d", [3, 12])
def test_identical_and_constant_samples_are_covered(d: int) -> None:
    x = np.random.default_rng(3).normal(size=(60, d))
    for same in (x, np.full((60, d), 0.3), np.round(x)):
        assert density_coverage(real=same, fake=same).coverage.value == 1
    assert density_coverage(real=x, fake=x).density.value == pytest.approx(6 / 5)


@pytest.mark.parametrize(
    ("d", "m", "n", "k", "floor"),
    [
        (2, 300, 300, 5, 0.969),
        (8, 300, 300, 3, 0.875),
        (32, 300, 300, 10, 0.999),
        (2, 400, 150, 5, None),
    ],
)
def test_the_floors_match_simulation(d: int, m: int, n: int, k: int, floor: float | None) -> None:
    rng = np.random.default_rng(4)
    found = [
        density_coverage(real=rng.normal(size=(m, d)), fake=rng.normal(size=(n, d)), k=k)
        for _ in range(70)
    ]
    observed = np.mean([each.coverage.value for each in found])
    assert observed == pytest.approx(found[0].coverage.floor, rel=0.01)
    assert floor is None or found[0].coverage.floor == pytest.approx(floor, abs=0.002)
    density = np.mean([each.density.value for each in found])
    assert density == pytest.approx(found[0].density.floor, rel=0.04)


@pytest.mark.parametrize(("shift", "scale"), [(0.0, 1.0), (0.5, 1.0), (0.0, 1.5), (0.0, 0.6)])
def test_the_standard_error_matches_simulation(shift: float, scale: float) -> None:
    rng = np.random.default_rng(5)
    found = [
        density_coverage(real=rng.normal(size=(400, 8)), fake=rng.normal(shift, scale, (350, 8)))
        for _ in range(70)
    ]
    for name in ("density", "coverage"):
        observed = np.std([getattr(each, name).value for each in found])
        said = np.mean([getattr(each, name).se for each in found])
        assert said == pytest.approx(observed, rel=0.27)


def test_losing_half_of_the_data_halves_the_coverage() -> None:
    rng = np.random.default_rng(6)
    real = rng.normal(size=(1000, 2)) * 0.1 + np.sign(rng.random((1000, 1)) - 0.5) * [3, 0]
    fake = rng.normal(size=(1000, 2)) * 0.1 + [3, 0]
    found = density_coverage(real=real, fake=fake)
    assert found.coverage.value == pytest.approx(np.mean(real[:, 0] > 0), abs=0.02)


def test_a_narrower_generator_has_a_higher_density() -> None:
    rng = np.random.default_rng(7)
    real, noise = rng.normal(size=(2, 600, 4))
    read = [density_coverage(real=real, fake=s * noise).density.value for s in (2, 1.3, 1, 0.7)]
    assert read == sorted(read)
    assert read[0] < 0.5 < 1.05 < read[-1]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([2, 10]))
def test_it_is_invariant_to_order_and_rotation(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    real, fake = rng.normal(size=(70, d)), rng.gamma(2, 1, (60, d))
    turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
    before = density_coverage(real=real, fake=fake)
    after = density_coverage(real=rng.permutation(real) @ turn, fake=rng.permutation(fake) @ turn)
    assert before.density.value == pytest.approx(after.density.value)
    assert before.coverage.value == after.coverage.value


def test_precomputed_balls_are_accepted_and_bad_samples_rejected() -> None:
    real, fake = np.random.default_rng(8).normal(size=(2, 200, 3))
    plain = density_coverage(real=real, fake=fake)
    assert density_coverage(real=Balls(real), fake=fake).coverage.se == plain.coverage.se
    diverged = density_coverage(real=real, fake=fake * math.nan)
    assert math.isnan(diverged.density.value)
    assert math.isnan(diverged.coverage.se)
    with pytest.raises(ValueError, match="fake must be samples"):
        density_coverage(real=real, fake=fake[:5])
    with pytest.raises(ValueError, match="real has"):
        density_coverage(real=real * math.nan, fake=fake)
    assert density_coverage(real=real[:60], fake=fake).density.se is None


def test_a_coverage_of_1_in_every_group_has_a_standard_error() -> None:
    rng = np.random.default_rng(9)
    found = density_coverage(real=rng.gamma(2, size=(150, 2)), fake=rng.gamma(2, size=(600, 2)))
    assert 0 < found.coverage.se < 0.01
