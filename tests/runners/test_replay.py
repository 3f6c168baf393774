"""A seed's numbers are its own: they do not depend on who trains beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.framework

Values = dict[str, NDArray[Any]]


def test_a_seed_alone_and_in_a_group_is_bit_identical(values: Values) -> None:
    modes = {name.split("/")[1] for name in values if name.startswith("lanes/")}
    assert modes
    for mode in modes:
        alone = {n: v for n, v in values.items() if n.startswith(f"lanes/{mode}/1/")}
        assert len(alone) > 10
        for name, value in alone.items():
            company = values[name.replace(f"/{mode}/1/", f"/{mode}/50/")]
            assert np.array_equal(value, company, equal_nan=True), name


def test_the_weights_change(values: Values) -> None:
    for name, value in values.items():
        if name.startswith("lanes/") and name.endswith("g_weights"):
            assert np.ptp(value, axis=0).min() > 0
