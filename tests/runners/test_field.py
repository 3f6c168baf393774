"""The Jacobian of the game's field, as every engine gives it: closed forms and differences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.framework

Values = dict[str, NDArray[Any]]


def pair(trace: float, determinant: float) -> list[complex]:
    """The eigenvalues of a matrix of two rows."""
    root = complex(trace * trace / 4 - determinant) ** 0.5
    return [trace / 2 + root, trace / 2 - root]


# Mescheder et al. 2018; the noise of the standard deviation s has -s^2/4 +- sqrt(s^4/16 - 1/4).
EIGENVALUES = {
    "gan": [0.5j, -0.5j],
    "nsgan": [0.5j, -0.5j],
    "wgan": [1j, -1j],
    "r1": pair(-0.3, 0.25),
    "r1_strong": [-1 + math.sqrt(0.75), -1 - math.sqrt(0.75)],
    "noise": pair(-0.5, 0.25),
    "noise_weak": pair(-0.125, 0.25),
}


@pytest.mark.parametrize("name", EIGENVALUES)
def test_the_eigenvalues_of_the_dirac_gan_are_the_closed_forms(values: Values, name: str) -> None:
    assert values[f"spectrum/{name}"] == pytest.approx(np.array(EIGENVALUES[name]), abs=1e-9)


@pytest.mark.parametrize("name", ["devnag", "r1", "noise", "pretrain"])
def test_the_product_agrees_with_finite_differences(values: Values, name: str) -> None:
    exact, numeric = values[f"product/{name}/exact"], values[f"product/{name}/numeric"]
    assert np.abs(exact).max() > 1e-2
    assert exact == pytest.approx(numeric, rel=1e-5, abs=1e-7 * np.abs(numeric).max())


@pytest.mark.parametrize("name", ["devnag", "pretrain"])
def test_the_product_is_linear_and_keeps_its_state(values: Values, name: str) -> None:
    exact = values[f"product/{name}/exact"]
    assert values[f"product/{name}/sum"] == pytest.approx(exact.sum(axis=0), rel=1e-9, abs=1e-12)
    assert np.array_equal(values[f"product/{name}/later"], exact[0])


@pytest.mark.parametrize("name", ["devnag", "r1", "noise", "pretrain"])
def test_the_frameworks_agree(values_of: Any, name: str) -> None:
    torch, tensorflow = (values_of(backend) for backend in ("torch", "tensorflow"))
    key = f"product/{name}/exact"
    assert torch[key] == pytest.approx(tensorflow[key], rel=1e-8, abs=1e-11)
