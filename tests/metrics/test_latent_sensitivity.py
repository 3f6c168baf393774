"""Latent sensitivity: linear maps, standard error, and a constant generator."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import latent_sensitivity

few_examples = settings(max_examples=25, deadline=None, derandomize=True)

RNG = np.random.default_rng(0)
MAP = RNG.standard_normal((6, 4))
BENT = RNG.standard_normal((3, 4))


def tanh(z: np.ndarray) -> np.ndarray:
    return np.tanh(z @ BENT.T)


def tanh_jvp(z: np.ndarray, v: np.ndarray) -> np.ndarray:
    return (1 - np.tanh(z @ BENT.T) ** 2) * (v @ BENT.T)


def test_a_linear_generator_has_its_closed_form() -> None:
    z = np.random.default_rng(1).standard_normal((20_000, 4))
    found = latent_sensitivity(generator=lambda z: z @ MAP.T + 5, latent=z)
    assert found.value == pytest.approx(np.linalg.norm(MAP) / 2, abs=4 * found.se)
    assert found.se < 0.01 * found.value
    assert found.floor == 0


def test_an_isotropic_map_is_exact() -> None:
    turn = np.linalg.qr(RNG.standard_normal((4, 4)))[0]
    found = latent_sensitivity(generator=lambda z: 2.5 * z @ turn, latent=RNG.random((9, 4)))
    assert found.value == pytest.approx(2.5)
    assert found.se == pytest.approx(0, abs=1e-9)


def test_differences_approximate_the_exact_product() -> None:
    z = np.random.default_rng(2).standard_normal((500, 4))
    exact = latent_sensitivity(generator=tanh, latent=z, jvp=tanh_jvp)
    fine = latent_sensitivity(generator=tanh, latent=z, step=1e-5)
    coarse = latent_sensitivity(generator=tanh, latent=z)
    single = latent_sensitivity(generator=tanh, latent=z.astype(np.float32))
    assert fine.value == pytest.approx(exact.value, rel=1e-8)
    assert fine.se == pytest.approx(exact.se, rel=1e-6)
    assert coarse.value == pytest.approx(exact.value, rel=1e-4)
    assert single.value == pytest.approx(exact.value, rel=2e-4)


def test_the_standard_error_matches_simulation() -> None:
    rng = np.random.default_rng(3)
    found = [
        latent_sensitivity(generator=tanh, latent=rng.standard_normal((300, 4)), seed=i)
        for i in range(800)
    ]
    observed = np.std([f.value for f in found])
    assert np.mean([f.se for f in found]) == pytest.approx(observed, rel=0.1)


def test_a_generator_that_ignores_its_input_gives_0() -> None:
    found = latent_sensitivity(generator=lambda z: np.ones((len(z), 2)), latent=np.eye(3))
    assert (found.value, found.se, found.floor) == (0, 0, 0)


def test_it_falls_as_the_generator_shrinks() -> None:
    z = np.random.default_rng(4).standard_normal((50, 4))
    scales = [2.0, 1.0, 0.3, 0.01]
    found = [latent_sensitivity(generator=lambda z, s=s: s * tanh(z), latent=z) for s in scales]
    assert [f.value / found[1].value for f in found] == pytest.approx(scales)


@given(seed=st.integers(0, 1000))
@few_examples
def test_it_is_invariant_to_rotation_and_shift_of_the_output(seed: int) -> None:
    rng = np.random.default_rng(seed)
    z, turn = rng.standard_normal((30, 4)), np.linalg.qr(rng.standard_normal((3, 3)))[0]
    one = latent_sensitivity(generator=tanh, latent=z, seed=seed)
    other = latent_sensitivity(generator=lambda z: tanh(z) @ turn + 2, latent=z, seed=seed)
    again = latent_sensitivity(generator=tanh, latent=z, seed=seed)
    assert other.value == pytest.approx(one.value, rel=1e-9)
    assert again.value == one.value
    assert latent_sensitivity(generator=tanh, latent=z, seed=seed + 1).value != one.value


def test_the_generator_gets_points_of_the_original_shape_and_dtype() -> None:
    observed = []

    def generator(z: np.ndarray) -> np.ndarray:
        observed.append((z.dtype, z.shape))
        return np.zeros((len(z), 8, 8))

    latent_sensitivity(generator=generator, latent=np.zeros((5, 3), np.float32))
    latent_sensitivity(generator=generator, latent=np.zeros(5))
    assert observed[0] == (np.float32, (5, 3))
    assert observed[2] == (np.float64, (5,))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_diverged_generator_gives_nan(bad: float) -> None:
    found = latent_sensitivity(generator=lambda z: z * bad, latent=np.ones((4, 2)))
    assert math.isnan(found.value)
    assert math.isnan(found.se)


def test_mismatched_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match="n >= 2"):
        latent_sensitivity(generator=tanh, latent=np.zeros((1, 4)))
    with pytest.raises(ValueError, match="latent holds points"):
        latent_sensitivity(generator=tanh, latent=[[np.nan] * 4] * 2)
    with pytest.raises(ValueError, match="4 latent points gave 2 samples"):
        latent_sensitivity(generator=lambda z: z[:2], latent=np.zeros((4, 4)))
