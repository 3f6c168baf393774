"""The eigenvalues of games: the Dirac-GAN's closed forms, and Arnoldi against the whole matrix."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gandiag.metrics import Estimate, jacobian_spectrum

Floats = NDArray[np.float64]
few_examples = settings(max_examples=25, deadline=None, derandomize=True)


def sigmoid(t: float) -> float:
    return 1 / (1 + math.exp(-t))


def slope(t: float) -> float:
    """The first derivative of f(t) = -log(1 + exp(-t))."""
    return sigmoid(-t)


def bend(t: float) -> float:
    """The second derivative of f."""
    return -sigmoid(t) * sigmoid(-t)


Matrix = Callable[[float, float], list[list[float]]]


def gan(theta: float, psi: float) -> list[list[float]]:
    """The Jacobian of the field (-psi f'(psi theta), theta f'(psi theta)), rows theta and psi."""
    t = psi * theta
    return [
        [-psi * psi * bend(t), -slope(t) - t * bend(t)],
        [slope(t) + t * bend(t), theta * theta * bend(t)],
    ]


def nsgan(theta: float, psi: float) -> list[list[float]]:
    """The generator's part is -psi f'(-psi theta)."""
    t = psi * theta
    return [[psi * psi * bend(-t), -slope(-t) + t * bend(-t)], gan(theta, psi)[1]]


def wgan(theta: float, psi: float) -> list[list[float]]:
    return [[0.0, -1.0], [1.0, 0.0]]


def r1(gamma: float) -> Matrix:
    """R1 adds -gamma psi to the discriminator's part."""

    def matrix(theta: float, psi: float) -> list[list[float]]:
        jacobian = np.array(gan(theta, psi))
        jacobian[1, 1] -= gamma
        return jacobian.tolist()

    return matrix


def noise(sigma: float) -> Matrix:
    """At 0: both sides of the discriminator's loss add f''(0) sigma^2 psi."""

    def matrix(theta: float, psi: float) -> list[list[float]]:
        jacobian = np.array(gan(theta, psi))
        jacobian[1, 1] += 2 * bend(0.0) * sigma**2
        return jacobian.tolist()

    return matrix


def consensus(gamma: float) -> Matrix:
    """Adds -gamma grad |v|^2 / 2 = -gamma J^T v, of Jacobian -gamma J^T J where v = 0."""

    def matrix(theta: float, psi: float) -> list[list[float]]:
        jacobian = np.array(gan(theta, psi))
        return (jacobian - gamma * jacobian.T @ jacobian).tolist()

    return matrix


def pair(trace: float, determinant: float) -> list[complex]:
    """The eigenvalues of a matrix of two rows, in descending order of real, then imaginary part."""
    root = complex(trace * trace / 4 - determinant) ** 0.5
    return [trace / 2 + root, trace / 2 - root]


CASES: dict[str, tuple[Matrix, list[complex]]] = {
    "GAN": (gan, [0.5j, -0.5j]),
    "NSGAN": (nsgan, [0.5j, -0.5j]),
    "WGAN": (wgan, [1j, -1j]),
    "R1 .3": (r1(0.3), pair(-0.3, 0.25)),
    "R1 critical": (r1(1.0), [-0.5, -0.5]),
    "R1 2": (r1(2.0), pair(-2.0, 0.25)),
    "instance noise 1": (noise(1.0), pair(-0.5, 0.25)),
    "instance noise .5": (noise(0.5), pair(-0.125, 0.25)),
    "consensus .4": (consensus(0.4), [-0.1 + 0.5j, -0.1 - 0.5j]),
}


def of(matrix: NDArray[np.float64], **asked: int) -> NDArray[np.complex128]:
    return jacobian_spectrum(jvp=lambda v: matrix @ v, size=len(matrix), **asked).value


@pytest.mark.parametrize(("matrix", "expected"), CASES.values(), ids=CASES.keys())
def test_the_dirac_gan_has_its_closed_form(matrix: Matrix, expected: list[complex]) -> None:
    jacobian = np.array(matrix(0.0, 0.0))
    assert of(jacobian) == pytest.approx(np.array(expected), abs=1e-7)


@pytest.mark.parametrize("matrix", [gan, nsgan], ids=["GAN", "NSGAN"])
def test_the_test_fields_have_the_stated_jacobians(matrix: Matrix) -> None:
    def field(x: Floats) -> Floats:
        theta, psi = x
        t = psi * theta
        return np.array([-psi * slope(-t if matrix is nsgan else t), theta * slope(t)])

    x, h = np.array([0.4, -0.7]), 1e-5
    numeric = np.array([(field(x + h * e) - field(x - h * e)) / (2 * h) for e in np.eye(2)]).T
    assert np.array(matrix(*x)) == pytest.approx(numeric, abs=1e-9)


def test_all_eigenvalues_equal_numpys_in_descending_real_part() -> None:
    matrix = np.random.default_rng(1).standard_normal((40, 40))
    found, expected = of(matrix), np.linalg.eigvals(matrix)
    assert np.all(np.diff(found.real) <= 1e-10)
    gaps = np.abs(found[:, None] - expected)
    assert gaps.min(axis=1).max() < 1e-9
    assert gaps.min(axis=0).max() < 1e-9


def test_arnoldi_finds_the_largest_eigenvalues() -> None:
    matrix = np.random.default_rng(2).standard_normal((120, 120))
    found = of(matrix, k=6)
    expected = np.linalg.eigvals(matrix)
    largest = expected[np.argsort(-np.abs(expected))[:6]]
    assert np.sort_complex(found) == pytest.approx(np.sort_complex(largest), abs=1e-8)
    assert np.all(np.diff(found.real) <= 1e-10)


def test_beyond_1000_parameters_the_default_is_20() -> None:
    scale = np.concatenate([np.linspace(5, 3, 20), np.linspace(1, -1, 1181)])
    calls = []

    def jvp(v: Floats) -> Floats:
        calls.append(1)
        return scale * v

    found = jacobian_spectrum(jvp=jvp, size=1201).value
    assert found.real == pytest.approx(scale[:20], abs=1e-8)
    assert len(calls) < 600


@given(seed=st.integers(0, 1000), size=st.integers(1, 12))
@few_examples
def test_it_is_invariant_to_the_basis(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((size, size))
    turn = np.linalg.qr(rng.standard_normal((size, size)))[0]
    one, other = of(matrix), of(turn @ matrix @ turn.T)
    assert np.abs(one[:, None] - other).min(axis=1).max() < 1e-6
    assert one.sum() == pytest.approx(np.trace(matrix), abs=1e-9)


def test_more_damping_lowers_the_real_parts() -> None:
    found = [of(np.array(r1(gamma)(0.0, 0.0)))[0].real for gamma in (0, 0.2, 0.5, 0.9)]
    assert found == sorted(found, reverse=True)


def test_k_of_a_small_game_are_the_largest() -> None:
    assert of(np.diag([1.0, -3.0, 2.0]), k=2).tolist() == [2, -3]
    assert of(np.diag([1.0, -3.0, 2.0]), k=1).tolist() == [-3]


def test_the_result_is_reproducible() -> None:
    matrix = np.random.default_rng(3).standard_normal((60, 60))
    assert np.array_equal(of(matrix, k=4, seed=7), of(matrix, k=4, seed=7))


def test_the_estimate_is_complex_without_error_or_floor() -> None:
    found = jacobian_spectrum(jvp=lambda v: v, size=3)
    assert isinstance(found, Estimate)
    assert found.value.dtype == np.complex128
    assert (found.se, found.floor, found.interval) == (None, None, None)


@pytest.mark.parametrize("k", [None, 2])
def test_a_diverged_game_gives_nan(k: int | None) -> None:
    found = jacobian_spectrum(jvp=lambda v: v * np.nan, size=30, k=k).value
    assert found.shape == (30 if k is None else 2,)
    assert np.isnan(found).all()


@pytest.mark.parametrize(("size", "k"), [(0, None), (3, 0), (3, 4)])
def test_invalid_k_and_size_are_rejected(size: int, k: int | None) -> None:
    with pytest.raises(ValueError, match="k must be from 1 to size"):
        jacobian_spectrum(jvp=lambda v: v, size=size, k=k)


def test_a_product_of_another_shape_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"jvp must return shape \(3,\), not \(2,\)"):
        jacobian_spectrum(jvp=lambda v: v[:2], size=3)
