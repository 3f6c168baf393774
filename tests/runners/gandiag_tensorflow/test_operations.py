"""TensorFlow's operations compute what NumPy's do.

That they keep NaN where XLA's own forget it is in ``test_gradients``.
"""

from __future__ import annotations

import numpy as np
import pytest

from ..engine_checks import Values, check_operations  # noqa: TID252

pytestmark = pytest.mark.framework


def test_every_operation_agrees_with_numpy(engines: Values) -> None:
    check_operations(engines)


def test_the_slope_of_a_leaky_relu_is_not_rounded_to_float32(engines: Values) -> None:
    expected = -0.3 * np.linspace(15.0, 45.0, 7)
    assert engines["operation/leaky_relu_far"] == pytest.approx(expected, rel=1e-15)
