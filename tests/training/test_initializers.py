"""Weights begin with the law that is asked for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import TypeAdapter
from scipy import stats

from gandiag.training.initializers import Initializer

MANY = (400, 500)
FANS = (50, 30)


def drawn(
    kind: str,
    shape: tuple[int, ...] = MANY,
    fans: tuple[int, int] = FANS,
    seed: int = 3,
    **more: Any,
) -> NDArray[np.float32]:
    initializer: Any = TypeAdapter(Initializer).validate_python({"kind": kind} | more)
    out = np.full(shape, np.nan, dtype=np.float32)
    initializer.fill(np.random.default_rng(seed), out, fans)
    return out


def follows(values: NDArray[np.float32], law: Any) -> bool:
    """Kolmogorov and Smirnov's test, of 200,000 values."""
    return bool(stats.kstest(values.ravel().astype(np.float64), law.cdf).pvalue > 1e-3)


LAWS = {
    "uniform-fan-in": ({}, stats.uniform(-1 / math.sqrt(50), 2 / math.sqrt(50))),
    "glorot-uniform": ({}, stats.uniform(-math.sqrt(6 / 80), 2 * math.sqrt(6 / 80))),
    "normal": ({"std": 0.02}, stats.norm(0, 0.02)),
    "normal-fan-in": ({"gain": 3.0}, stats.norm(0, math.sqrt(3 / 50))),
    "truncated-normal": ({"std": 0.5}, stats.truncnorm(-2, 2, scale=0.5)),
}


@pytest.mark.parametrize("kind", LAWS)
def test_the_values_follow_the_distribution(kind: str) -> None:
    more, law = LAWS[kind]
    assert follows(drawn(kind, **more), law)


@pytest.mark.parametrize("kind", ["uniform-fan-in", "glorot-uniform", "normal-fan-in"])
def test_more_inputs_make_smaller_weights(kind: str) -> None:
    few, many = (drawn(kind, fans=(n, n)).std() for n in (10, 1000))
    assert few / many == pytest.approx(10, rel=0.02)


def test_uniform_values_stay_within_the_bound() -> None:
    values = drawn("uniform-fan-in")
    bound = 1 / math.sqrt(50)
    assert 0.999 * bound < np.abs(values).max() <= bound * (1 + 1e-6)


def test_he_s_gain_is_two_by_default() -> None:
    assert drawn("normal-fan-in").std() == pytest.approx(math.sqrt(2 / 50), rel=0.01)


def test_a_truncated_normal_is_cut_at_two_and_keeps_88_percent_of_its_deviation() -> None:
    values = drawn("truncated-normal", std=1.0)
    assert 1.99 < np.abs(values).max() <= 2
    assert values.std() == pytest.approx(0.8796, abs=0.003)
    assert values.mean() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("shape", [(6, 6), (4, 9), (9, 4), (5, 3, 2, 2), (20, 3, 2, 2)])
def test_an_orthogonal_matrix_has_one_singular_value_the_gain(shape: tuple[int, ...]) -> None:
    values = drawn("orthogonal", shape, gain=1.4)
    singular = np.linalg.svd(values.reshape(len(values), -1), compute_uv=False)
    assert singular == pytest.approx(np.full(len(singular), 1.4), rel=1e-5)


def test_orthogonal_matrices_are_spread_evenly() -> None:
    # Without the signs of R's diagonal, the first entry would never be positive or never negative.
    corners = [drawn("orthogonal", (3, 3), seed=seed)[0, 0] for seed in range(400)]
    assert stats.kstest(corners, stats.uniform(-1, 2).cdf).pvalue > 1e-3  # Archimedes


def test_a_constant_is_the_same_everywhere() -> None:
    assert (drawn("constant", value=-0.25) == -0.25).all()


@pytest.mark.parametrize("kind", [*LAWS, "orthogonal"])
def test_the_same_generator_draws_the_same_bits(kind: str) -> None:
    more = LAWS.get(kind, ({}, None))[0]
    first, again, other = (drawn(kind, (20, 20), seed=seed, **more) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert np.abs(first - other).min() < 1  # and no value is left as it was
    assert not np.array_equal(first, other)
