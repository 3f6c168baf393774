"""Thresholds may depend on the calibrating set only."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.selftest.calibration import sorted_values
from gandiag.selftest.cases import cases

NAME = ("healthy-line",)


def test_cases_of_the_reporting_set_are_refused() -> None:
    with pytest.raises(ValueError, match="reporting set; thresholds"):
        sorted_values(lambda record: 0.0, cases("reporting", 1, NAME))


def test_values_are_sorted_and_none_is_left_out() -> None:
    selected = cases("calibrating", 12, NAME)
    lengths = [len(case.draw()[0]) for case in selected]
    values = sorted_values(lambda record: None if len(record) == 60 else len(record), selected)
    np.testing.assert_array_equal(values, sorted(n for n in lengths if n != 60))
