"""Numbers as text: no precision that was not measured, and none lost."""

from __future__ import annotations

import math

import pytest

from gandiag_html.formatting import (
    NOTHING,
    capitalized,
    duration,
    exact,
    measured,
    number,
    seeds,
    typeset,
)


@pytest.mark.parametrize("value", [3.14159, -0.00271828, 123456.0, 6.022e23, -1.6e-19, 0.0])
def test_a_formatted_number_is_within_half_a_unit_of_its_last_digit(value: float) -> None:
    text = number(value).replace("\N{MINUS SIGN}", "-").replace(",", "")
    assert float(text) == pytest.approx(value, rel=0.005)


def test_numbers_that_are_not_finite_have_names() -> None:
    assert number(math.nan) == "not a number"
    assert number(-math.inf) == "\N{MINUS SIGN}infinite"
    assert duration(math.inf) == NOTHING


@pytest.mark.parametrize("value", [0.1, 0.75, 100.0, 123456.0, 2e7, -3.5])
def test_a_chosen_number_is_exact(value: float) -> None:
    text = exact(value).replace("\N{MINUS SIGN}", "-").replace(",", "")
    assert float(text) == value


def test_a_value_is_rounded_to_the_second_digit_of_its_error() -> None:
    assert measured(-0.00004, 0.0123) == ("0.000", "0.012")
    assert measured(1.23456, 0.0) == (number(1.23456), "")


def test_ranges_of_seeds_start_at_four() -> None:
    assert seeds([7, 1, 2, 3]) == "seeds 1, 2, 3 and 7"
    assert seeds([4, 1, 2, 3]) == "seeds 1 to 4"


def test_only_signs_of_numbers_become_minus_signs() -> None:
    assert typeset("well-known, at -0.5 (5 %)") == (
        "well-known, at \N{MINUS SIGN}0.5 (5\N{NO-BREAK SPACE}%)"
    )
    assert capitalized("") == ""
