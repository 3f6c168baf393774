"""The operations in NumPy: what mathematics says; the frameworks' are compared with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special
from scipy.signal import correlate

from gandiag.training import numpy_operations as ops
from gandiag.training.operations import Operations

from ..runners.operating import KERNELS, cases  # noqa: TID252

RNG = np.random.default_rng(5)


def plain_conv(
    x: NDArray[Any], kernel: NDArray[Any], stride: int, before: tuple[int, int]
) -> NDArray[Any]:
    """The definition, number by number: what lies outside the image is zero."""
    lanes, _, height, width, batch = x.shape
    rows, columns = -(-height // stride), -(-width // stride)
    made = np.zeros((lanes, kernel.shape[1], rows, columns, batch))
    for r, c, i, j in np.ndindex(rows, columns, kernel.shape[3], kernel.shape[4]):
        y, z = r * stride + i - before[0], c * stride + j - before[1]
        if 0 <= y < height and 0 <= z < width:
            for lane in range(lanes):
                made[lane, :, r, c] += kernel[lane, :, :, i, j] @ x[lane, :, y, z]
    return made


def test_every_operation_of_the_protocol_is_there_and_none_is_forgotten_by_the_tests() -> None:
    named = {name for name in vars(Operations) if not name.startswith("_")}
    assert [name for name in named if not hasattr(ops, name)] == []
    tried = {name.split("_3_")[0] for name in cases(ops, np.asarray)}
    assert named - tried == set()


@pytest.mark.parametrize(("side", "stride"), KERNELS)
def test_a_convolution_is_its_definition(side: int, stride: int) -> None:
    x = RNG.standard_normal((2, 3, 7, 8, 2))
    kernel = RNG.standard_normal((2, 4, 3, side, side))
    rows, columns = (ops.padding(length, side, stride) for length in (7, 8))
    slow = plain_conv(x, kernel, stride, (rows[0], columns[0]))
    np.testing.assert_allclose(ops.conv(x, kernel, stride), slow, rtol=1e-12, atol=1e-12)


def test_a_convolution_by_single_steps_is_scipys() -> None:
    x, kernel = RNG.standard_normal((1, 1, 9, 6, 1)), RNG.standard_normal((1, 1, 1, 3, 3))
    theirs = correlate(x[0, 0, :, :, 0], kernel[0, 0, 0], "same")
    np.testing.assert_allclose(ops.conv(x, kernel, 1)[0, 0, :, :, 0], theirs, atol=1e-12)


@pytest.mark.parametrize(("side", "stride"), KERNELS)
@pytest.mark.parametrize("sides", [(6, 6), (7, 8), (1, 5)])
def test_the_transpose_is_the_adjoint(side: int, stride: int, sides: tuple[int, int]) -> None:
    x = RNG.standard_normal((1, 3, *sides, 2))
    kernel = RNG.standard_normal((1, 4, 3, side, side))
    forth = ops.conv(x, kernel, stride)
    y = RNG.standard_normal(forth.shape)
    back = ops.conv_transpose(y, kernel, stride, sides)
    assert back.shape == x.shape
    assert np.vdot(forth, y) == pytest.approx(np.vdot(x, back), rel=1e-10)


@pytest.mark.parametrize("odd", [5, 6, 7, 12])
@pytest.mark.parametrize(("side", "stride"), KERNELS)
def test_an_odd_zero_is_padded_behind_and_padding_is_minimal(
    odd: int, side: int, stride: int
) -> None:
    before, behind = ops.padding(odd, side, stride)
    assert behind - before in (0, 1)
    last = (-(-odd // stride) - 1) * stride + side  # where the last step ends
    assert before + behind == max(last - odd, 0)


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_numbers_keep_their_type(kind: str) -> None:
    made = cases(ops, lambda array: array.astype(kind))
    kinds = {name: array.dtype.name for name, array in made.items()}
    assert set(kinds.values()) == {kind, "bool"}
    assert {name for name, found in kinds.items() if found == "bool"} == {"isfinite"}


def test_large_inputs_neither_overflow_nor_lose_precision() -> None:
    x = np.array([-1e4, -700.0, -40.0, 0.0, 40.0, 1e4])
    with np.errstate(over="raise", invalid="raise"):
        np.testing.assert_allclose(ops.sigmoid(x), special.expit(x), rtol=1e-12)
        np.testing.assert_allclose(ops.softplus(x), -special.log_expit(-x), rtol=1e-12)
        np.testing.assert_allclose(ops.elu(x), np.where(x > 0, x, special.expm1(x)), rtol=1e-12)


@pytest.mark.parametrize("name", ["minimum", "maximum"])
def test_nan_stays_nan(name: str) -> None:
    nan, one = np.array([np.nan, 1.0]), np.array([1.0, np.nan])
    assert np.isnan(getattr(ops, name)(nan, one)).all()
    assert np.isnan(ops.clip(nan, 0.0, 2.0)).tolist() == [True, False]
    assert np.isnan(ops.relu(nan)).tolist() == [True, False]
