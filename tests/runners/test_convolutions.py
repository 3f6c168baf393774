"""Convolutions and their transposes are their definitions, on both frameworks."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from .layered import BATCH, Floats, Values, lanes_of

pytestmark = pytest.mark.framework


def slow_conv(x: Floats, kernel: Floats, stride: int) -> Floats:
    """TensorFlow's SAME, output by output; x [channel, height, width, batch]."""
    side = kernel.shape[-1]
    heights = [math.ceil(h / stride) for h in x.shape[1:3]]
    before = [
        max((out - 1) * stride + side - h, 0) // 2
        for out, h in zip(heights, x.shape[1:3], strict=True)
    ]
    y = np.zeros((len(kernel), *heights, x.shape[-1]))
    for row, column, i, j in itertools.product(*map(range, (*heights, side, side))):
        at = (row * stride - before[0] + i, column * stride - before[1] + j)
        if 0 <= at[0] < x.shape[1] and 0 <= at[1] < x.shape[2]:
            y[:, row, column] += kernel[:, :, i, j] @ x[:, at[0], at[1]]
    return y


CONVOLUTIONS = {
    "conv-3-1": ((5, 4), 1),
    "conv-3-2": ((4, 7), 2),
    "conv-5-2": ((7, 4), 2),
    "conv-4-3": ((7, 8), 3),
    "conv-1-1": ((3, 3), 1),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_a_convolution_is_padded_so_that_the_stride_divides_the_sides(
    layers: Values, name: str
) -> None:
    sides, stride = CONVOLUTIONS[name]
    for case in lanes_of(layers, name):
        slow = slow_conv(case.images(2, *sides), case.held(1, "weights"), stride)
        biases = 0 if name == "conv-4-3" else case.held(1, "biases")[:, :, None, None]
        assert case.y == pytest.approx(slow + biases, abs=1e-12)


TRANSPOSES = {
    "up-3-1": ((5, 4), (5, 4), 1),
    "up-3-2": ((2, 3), (4, 6), 2),
    "up-5-2": ((3, 2), (6, 4), 2),
    "up-4-3": ((2, 3), (6, 9), 3),
    "up-odd-5-2": ((3, 3), (5, 5), 2),
    "up-odd-4-3": ((2, 2), (4, 4), 3),
}


@pytest.mark.parametrize("name", TRANSPOSES)
def test_a_transposed_convolution_is_the_adjoint_of_the_convolution_back(
    layers: Values, name: str
) -> None:
    _, made, stride = TRANSPOSES[name]
    basis = np.eye(3 * math.prod(made)).reshape(3, *made, -1)
    for case in lanes_of(layers, name):
        back = slow_conv(basis, case.held(1, "weights"), stride).reshape(case.x.shape[0], -1)
        biases = 0 if name == "up-4-3" else case.held(1, "biases")[:, :, None, None]
        assert case.y.shape == (3, *made, BATCH)
        adjoint = (back.T @ case.x).reshape(3, *made, BATCH)
        assert case.y == pytest.approx(adjoint + biases, abs=1e-12)


def test_the_kernel_of_a_convolution_is_divided_by_its_largest_singular_value(
    layers: Values,
) -> None:
    for case in lanes_of(layers, "spectral-conv"):
        kernel = case.held(1, "weights")
        kernel = kernel / np.linalg.svd(kernel.reshape(3, -1))[1][0]
        slow = slow_conv(case.images(2, 4, 3), kernel, 2)
        assert case.y == pytest.approx(slow + case.held(1, "biases")[:, :, None, None], abs=1e-9)


def test_labels_are_constant_channels_of_images(layers: Values) -> None:
    for case in lanes_of(layers, "labels-every-images"):
        planes = np.broadcast_to(case.labels[:, None, None], (3, 2, 3, BATCH))
        seen = np.concatenate([case.images(2, 2, 3), planes])
        hidden = slow_conv(seen, case.held(1, "weights"), 1)
        hidden = (hidden + case.held(1, "biases")[:, :, None, None]).reshape(18, BATCH)
        beside = np.concatenate([hidden, case.labels])
        expected = case.held(3, "weights") @ beside + case.held(3, "biases")
        assert case.y == pytest.approx(expected, abs=1e-12)
