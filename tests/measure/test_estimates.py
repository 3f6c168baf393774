"""The estimates of a lane as columns."""

from __future__ import annotations

import numpy as np

from gandiag.measure.estimates import columns, split
from gandiag.metrics import Estimate


def test_every_lane_gets_its_own_entry() -> None:
    value = np.arange(6.0).reshape(2, 3)
    first, second = split({"mean": Estimate(value, 0.1 * value, n=9)}, 2)
    assert np.array_equal(first["mean"].value, [0, 1, 2])
    assert np.allclose(second["mean"].se, [0.3, 0.4, 0.5])  # type: ignore[arg-type]
    assert second["mean"].floor is None
    assert second["mean"].n == 9


def test_standard_error_and_floor_are_columns_where_present() -> None:
    found = {"kid": Estimate(0.5, se=0.1), "ks": Estimate(0.2, floor=0.3)}
    assert columns(found, errors=True) == {"kid": 0.5, "kid_se": 0.1, "ks": 0.2, "ks_floor": 0.3}
    assert columns(found, errors=False) == {"kid": 0.5, "ks": 0.2}


def test_the_index_of_a_vector_entry_comes_before_the_part() -> None:
    found = columns({"share": Estimate(np.array([0.2, 0.8]), 0.1, n=5)}, errors=True)
    assert found == {"share_0": 0.2, "share_1": 0.8, "share_0_se": 0.1, "share_1_se": 0.1}
    assert {type(value) for value in found.values()} == {float}


def test_a_skipped_estimate_is_none_in_every_part() -> None:
    assert columns({"kid": None}, errors=True) == {"kid": None, "kid_se": None, "kid_floor": None}
