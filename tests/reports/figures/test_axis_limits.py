"""Limits of an axis: typical values are inside, and a blow-up leaves room for them."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag_html.figures.axis_limits import axis_limits


def test_the_axis_includes_typical_values_and_those_that_must_be_shown() -> None:
    low, high = axis_limits([[0.0, 1.0]], include=[3.0])
    assert low < 0.0
    assert high > 3.0


def test_a_blow_up_extends_the_axis_only_a_few_times() -> None:
    low, high = axis_limits([np.linspace(0, 1, 100)], [[0.0, 1e12]], reach=6.0)
    assert 6 < high - low < 10


def test_a_few_last_values_of_a_diverging_run_do_not_set_the_scale() -> None:
    typical, diverging = np.linspace(0, 1, 100), np.append(np.linspace(0, 1, 99), 5.5)
    assert axis_limits([typical], [diverging]) == pytest.approx(axis_limits([typical]), abs=0.01)


@pytest.mark.parametrize(
    "values", [[], [np.nan], [np.inf, -np.inf], [0.0], [4.0, 4.0], [1e308, -1e308], [1e-300]]
)
def test_any_values_give_an_axis(values: list[float]) -> None:
    for low, high in (
        axis_limits([values]),
        axis_limits([], [values]),
        axis_limits([values], [values]),
    ):
        assert np.isfinite([low, high]).all()
        assert low < high


def test_rounding_errors_around_a_constant_are_not_magnified() -> None:
    low, high = axis_limits([[1.3862943, 1.3862944]])
    assert high - low > 1e-3
