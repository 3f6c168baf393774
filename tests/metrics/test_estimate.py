"""All fields of an estimate have the shape of its value."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gandiag.metrics import Estimate


def test_every_field_takes_the_shape_of_the_value() -> None:
    found = Estimate(np.zeros((2, 3)), se=np.float32(1), floor=0.5, interval=(-1.0, np.ones(3)))
    assert [np.shape(x) for x in (found.se, found.floor, *found.interval)] == [(2, 3)] * 4
    assert found.se.dtype == np.float64


def test_numbers_become_floats_and_none_stays_none() -> None:
    found = Estimate(np.array(1), floor=np.float32(2))
    assert (type(found.value), type(found.floor)) == (float, float)
    assert (found.se, found.interval, found.n) == (None, None, 0)


def test_fields_of_another_shape_are_rejected() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        Estimate(np.zeros(2), se=np.zeros(3))
    with pytest.raises(ValueError, match="broadcast"):
        Estimate(0.0, se=np.zeros(3))


def test_complex_numbers_stay_complex() -> None:
    found = Estimate(np.array([1j, 2.0]))
    assert found.value.dtype == np.complex128
    assert found.value.tolist() == [1j, 2]
    assert (found.se, found.floor) == (None, None)


def test_it_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Estimate(0.0).value = 1.0  # type: ignore[misc]
