"""Floors and true values from the literature, in one place."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.data import Normal
from gandiag.metrics import (
    c2st,
    density_coverage,
    digit_coverage,
    energy,
    frechet,
    frechet_infinity,
    kid,
    ks,
    kullback_leibler,
    mmd,
    mode_coverage,
    ndb,
    precision_recall,
    sliced_wasserstein,
    vendi,
    wasserstein,
)

UNIT = Normal(kind="normal", mean=0.0, std=1.0)
N = 2500


def normal(seed: int, n: int = N, d: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, d))


def test_wasserstein_of_two_normal_samples_is_1_822_over_root_n() -> None:
    pairs = [wasserstein(real=normal(2 * k), fake=normal(2 * k + 1)) for k in range(400)]
    values = np.array([found.value for found in pairs])
    assert np.mean([found.floor for found in pairs]) == pytest.approx(0.0364, rel=0.02)
    assert values.mean() == pytest.approx(0.0366, abs=3.5 * values.std() / 20)
    assert values.std() < 0.02


def test_wasserstein_ks_and_energy_against_the_exact_distribution() -> None:
    fake = normal(1)
    assert wasserstein(real=UNIT, fake=fake).floor == pytest.approx(0.0258, abs=5e-5)
    assert ks(real=UNIT, fake=fake).floor == pytest.approx(0.869 / math.sqrt(N), rel=1e-3)
    assert energy(real=UNIT, fake=fake).floor == pytest.approx(1.128 / N, rel=1e-3)


@pytest.mark.parametrize("d", [2, 9])
def test_sliced_wasserstein_of_a_shift_is_its_length_over_root_d(d: int) -> None:
    real, shift = normal(1, d=d), np.full(d, 2.0)
    found = sliced_wasserstein(real=real, fake=real + shift, projections=1000)
    assert found.value == pytest.approx(np.linalg.norm(shift) / math.sqrt(d), rel=0.03)


def test_mmd_and_kid_are_unbiased() -> None:
    pairs = [(normal(2 * k, 300, 4), normal(2 * k + 1, 300, 4)) for k in range(80)]
    for metric in (mmd, kid):
        found = [metric(real=real, fake=fake) for real, fake in pairs]
        values = np.array([each.value for each in found])
        assert {each.floor for each in found} == {0.0}
        assert abs(values.mean()) < 4 * values.std() / math.sqrt(len(values))


@pytest.mark.parametrize(
    ("d", "n", "figure"), [(1, 2500, 3 / 2500), (2, 2500, 7 / 2500), (64, 2500, 0.883)]
)
def test_the_bias_of_the_frechet_distance_equals_the_closed_form(
    d: int, n: int, figure: float
) -> None:
    found = [frechet(real=normal(2 * k, n, d), fake=normal(2 * k + 1, n, d)) for k in range(40)]
    floors = np.array([each.floor for each in found])
    values = np.array([each.value for each in found])
    assert floors.mean() == pytest.approx(figure, rel=0.03)
    assert values.mean() == pytest.approx(figure, abs=3.5 * values.std() / math.sqrt(40))


def test_the_extrapolated_frechet_distance_is_unbiased() -> None:
    shift = np.full(16, 0.1)  # a distance of .16
    found = [
        (frechet_infinity(real=x, fake=y), frechet(real=x, fake=y))
        for k in range(12)
        for x, y in [(normal(2 * k, 3000, 16), normal(2 * k + 1, 3000, 16) + shift)]
    ]
    extrapolated, raw = (np.mean([pair[i].value for pair in found]) for i in (0, 1))
    assert extrapolated == pytest.approx(0.16, rel=0.08)
    assert raw > 0.19


@pytest.mark.parametrize(("k", "figure"), [(3, 0.875), (5, 0.969), (10, 0.999)])
def test_coverage_and_density_of_real_samples(k: int, figure: float) -> None:
    found = [
        density_coverage(real=normal(2 * j, 500, 8), fake=normal(2 * j + 1, 500, 8), k=k)
        for j in range(16)
    ]
    assert found[0].coverage.floor == pytest.approx(figure, abs=2e-3)
    assert np.mean([f.coverage.value for f in found]) == pytest.approx(figure, abs=0.012)
    assert found[0].density.floor == 1
    assert np.mean([f.density.value for f in found]) == pytest.approx(1, abs=0.03)


def test_precision_and_recall_of_real_samples_are_below_1() -> None:
    found = [
        precision_recall(real=normal(2 * j, 500, 8), fake=normal(2 * j + 1, 500, 8))
        for j in range(16)
    ]
    for name, figure in (("precision", 0.938), ("recall", 0.935)):
        each = [getattr(one, name) for one in found]
        assert np.mean([e.value for e in each]) == pytest.approx(figure, abs=0.012)
        assert np.mean([e.floor for e in each]) == pytest.approx(figure, abs=0.012)


def test_ndb_of_real_samples_is_its_level() -> None:
    assert ndb(real=normal(1, d=2), fake=normal(2, d=2)).floor == 0.05


def test_c2st_reaches_the_bayes_auc() -> None:
    shift = np.array([0.5, 0.0, 0.0])
    found = [
        c2st(real=normal(2 * k, d=3), fake=normal(2 * k + 1, d=3) + shift).value for k in range(6)
    ]
    assert np.mean(found) == pytest.approx(0.6382, abs=0.012)


def test_vendi_counts_equal_samples_once() -> None:
    assert vendi(fake=np.eye(12)).value == pytest.approx(12)
    assert vendi(fake=np.ones((12, 3))).value == pytest.approx(1)
    assert vendi(fake=np.repeat(np.eye(4), 5, axis=0)).value == pytest.approx(4)


RING = 2 * np.pi * np.arange(8) / 8
GEOMETRIES = {
    "ring": (np.stack([np.cos(RING), np.sin(RING)], axis=1), 0.01, 0.0014),
    "grid": (
        np.stack(np.meshgrid(*[np.arange(-4.0, 5, 2)] * 2), axis=-1).reshape(-1, 2), 0.05, 0.0049,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("centres", "std", "figure"), GEOMETRIES.values(), ids=GEOMETRIES.keys())
def test_mode_coverage_of_real_samples(centres: np.ndarray, std: float, figure: float) -> None:
    rng = np.random.default_rng(5)
    apart = np.linalg.norm(centres[:, None] - centres, axis=-1)[~np.eye(len(centres), dtype=bool)]
    assert len(np.unique(centres.round(9), axis=0)) == len(centres)
    assert apart.min() > 6 * std
    found = [
        mode_coverage(
            fake=centres[rng.integers(0, len(centres), N)] + std * rng.normal(size=(N, 2)),
            centres=centres, std=std,
        )
        for _ in range(40)
    ]  # fmt: skip
    assert found[0].high_quality.floor == pytest.approx(0.98889, abs=1e-5)
    assert np.mean([f.high_quality.value for f in found]) == pytest.approx(0.98889, abs=1e-3)
    assert found[0].reverse_kl.floor == pytest.approx(figure, abs=1e-4)
    assert np.mean([f.reverse_kl.value for f in found]) == pytest.approx(figure, rel=0.15)
    for each in found:
        modes = len(centres) / each.modes.value
        assert each.reverse_kl.value >= math.log(modes) - 1e-12


@pytest.mark.parametrize(("d", "figure"), [(1, 0.9973), (2, 0.98889), (3, 0.9707), (10, 0.468)])
def test_three_std_contain_less_in_more_dimensions(d: int, figure: float) -> None:
    """The share within 3 std falls with the dimension, so the rule is a quantile."""
    x = normal(3, 40_000, d)
    assert np.mean(np.linalg.norm(x, axis=1) < 3) == pytest.approx(figure, abs=0.008)
    found = mode_coverage(fake=x, centres=np.zeros((1, d)), std=1.0)
    assert found.high_quality.value == pytest.approx(0.98889, abs=0.003)


def test_digit_coverage_of_real_digits_and_stacked_digits() -> None:
    labels = np.random.default_rng(1).integers(0, 10, N)
    assert digit_coverage(probabilities=np.eye(10)[labels]).kl.floor == pytest.approx(0.0018)
    frequencies = np.array([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]) / 60_000
    stacked = np.einsum("i,j,k->ijk", *[frequencies] * 3).ravel()
    counts = np.random.default_rng(2).multinomial(26_000, stacked)
    found = kullback_leibler(counts=counts, expected=stacked)
    assert found.floor == pytest.approx(0.0235, abs=5e-5)
    assert found.value == pytest.approx(0.0237, abs=0.0035)
