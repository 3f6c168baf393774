"""Convolutions and their transposes as layers: their shapes, arrays and biases.

What the operations compute is in ``test_numpy_operations``.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.signal import correlate

from .building import LANES, layer, random_arrays, random_input, run


def test_a_convolution_sums_the_correlations_of_the_channels_and_adds_a_bias() -> None:
    spec, x = layer("conv", channels=4, kernel=3, activation="elu"), random_input(2, 5, 6)
    arrays = random_arrays(spec, (2, 5, 6))
    y, _ = run(spec, arrays, x)
    lane, channel, sample = 1, 2, 3
    linear = arrays["biases"][lane, channel, 0] + sum(
        correlate(x[lane, i, :, :, sample], arrays["weights"][lane, channel, i], "same")
        for i in range(2)
    )
    expected = np.where(linear > 0, linear, np.expm1(linear))
    assert y[lane, channel, :, :, sample] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("stride", "side"), [(1, None), (2, None), (2, 9), (3, 13)])
def test_the_transpose_is_the_adjoint_of_the_convolution_back(
    stride: int, side: int | None
) -> None:
    up = layer("conv-transpose", channels=3, kernel=4, stride=stride, side=side, bias=False)
    back = layer("conv", channels=2, kernel=4, stride=stride, bias=False)
    larger = up.shape((2, 5, 5))
    assert larger == (3, *[side or 5 * stride] * 2)
    assert back.shape(larger) == (2, 5, 5)
    arrays = random_arrays(up, (2, 5, 5))
    assert [p.shape for p in back.parameters(larger)] == [arrays["weights"].shape[1:]]
    small, large = random_input(2, 5, 5), random_input(*larger)
    forth, there = run(up, arrays, small)[0], run(back, arrays, large)[0]
    assert np.vdot(forth, large) == pytest.approx(np.vdot(small, there), rel=1e-10)
    assert forth.shape == (LANES, *larger, small.shape[-1])


def test_the_fans_count_the_area_of_the_kernel() -> None:
    found = layer("conv", channels=8, kernel=5).parameters((3, 9, 9))
    assert [p.fans for p in found] == [(3 * 25, 8 * 25)] * 2
    assert [math.prod(p.shape) for p in found] == [3 * 8 * 25, 8]


def test_a_stride_that_skips_pixels_or_leads_to_another_side_is_refused() -> None:
    with pytest.raises(ValidationError, match="stride = 3 leaves out what kernel = 2 spans"):
        layer("conv", channels=1, kernel=2, stride=3)
    wrong = layer("conv-transpose", channels=1, kernel=4, stride=2, side=8)
    with pytest.raises(ValueError, match="stride = 2 does not lead back from side = 8 to 3 × 3"):
        wrong.shape((1, 3, 3))
