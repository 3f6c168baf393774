"""A gradient inside a gradient sees through it, on every engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.framework

Values = dict[str, NDArray[Any]]


def test_the_second_derivative_of_a_cube_is_linear(values: Values) -> None:
    assert values["gradient/cube"] == pytest.approx(np.array([[6.0], [12.0], [-18.0]]), rel=1e-12)


def test_r1_of_the_dirac_gan_has_its_closed_form(values: Values) -> None:
    # gamma/2 · psi² at psi = .7, gamma = .3; at the point 0 the game itself has no slope.
    assert values["gradient/r1"] == pytest.approx(np.array([[0.21]]), rel=1e-12)


def test_nan_is_kept_by_extremes_and_shares(values: Values) -> None:
    found = {name: value for name, value in values.items() if name.startswith("nan/")}
    assert len(found) == 5
    assert all(np.isnan(value).all() for value in found.values()), found
    assert values["inf/share"] == pytest.approx(0.5)


def test_an_unrolled_discriminator_agrees_with_finite_differences(values: Values) -> None:
    exact, numeric = values["gradient/unrolled"], values["gradient/unrolled_numeric"]
    assert np.abs(exact).max() > 1e-3
    assert exact == pytest.approx(numeric, rel=1e-6, abs=1e-9)
