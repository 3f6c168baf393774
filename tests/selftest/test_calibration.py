"""Thresholds are set on the calibrating set and on no other."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.selftest.calibration import readings
from gandiag.selftest.cases import cases

NAME = ("healthy-line",)


def test_the_reporting_set_is_refused() -> None:
    with pytest.raises(ValueError, match="reporting set: set nothing on it"):
        readings(lambda record: 0.0, cases("reporting", 1, NAME))


def test_readings_are_those_of_the_records_sorted_and_silence_is_left_out() -> None:
    todo = cases("calibrating", 12, NAME)
    lengths = [len(case.draw()[0]) for case in todo]
    found = readings(lambda record: None if len(record) == 60 else len(record), todo)
    np.testing.assert_array_equal(found, sorted(n for n in lengths if n != 60))
