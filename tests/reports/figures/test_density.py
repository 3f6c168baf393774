"""The kernel density of real samples is a density, and keeps narrow modes narrow."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag_html.figures.density import kernel_density


def test_a_density_integrates_to_one_and_is_as_narrow_as_its_modes() -> None:
    rng = np.random.default_rng(0)
    density = kernel_density(np.concatenate([rng.normal(-5, 0.1, 1000), rng.normal(5, 0.1, 1000)]))
    assert density is not None
    x = np.linspace(-8, 8, 2001)
    assert np.trapezoid(density(x), x) == pytest.approx(1, abs=0.01)
    assert density(np.array([5.0]))[0] > 0.75 * 0.5 / (0.1 * np.sqrt(2 * np.pi))
    assert density(np.array([0.0]))[0] < 1e-6


def test_a_density_of_one_value_is_none() -> None:
    assert kernel_density(np.zeros(50)) is None
    assert kernel_density(np.empty(0)) is None
