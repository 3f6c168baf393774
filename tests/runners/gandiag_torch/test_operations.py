"""PyTorch's operations compute what NumPy's do."""

from __future__ import annotations

import numpy as np
import pytest

from ..engine_checks import Values, check_operations  # noqa: TID252

pytestmark = pytest.mark.framework


def test_every_operation_agrees_with_numpy(engines: Values) -> None:
    check_operations(engines)


def test_softplus_is_not_linear_where_float64_sees_a_difference(engines: Values) -> None:
    x = np.linspace(15.0, 45.0, 7)
    surplus = engines["operation/softplus_far"] - x
    assert surplus[:4] == pytest.approx(np.log1p(np.exp(-x[:4])), abs=1e-14)
    assert surplus[1] > 1e-10  # by default PyTorch's is linear from 20 on
