"""Images as bytes between two values."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.store.images import Images, images_of, values_of


def drawn(values: list[float], shape: tuple[int, ...] = (1, 1, 2), **more: Any) -> Any:
    real = np.array(values, np.float32).reshape(-1, 2)
    return SimpleNamespace(shape=shape, preview=lambda n, seed=0: real, **more)


@given(st.lists(st.integers(0, 255)), st.floats(-5, 5), st.floats(0.1, 300))
def test_every_byte_stands_for_one_value(given_: list[int], low: float, span: float) -> None:
    form = Images((1, 1, 1), low, low + span)
    values = low + np.array(given_, np.float64) / 255 * span
    assert form.bytes_of(values).tolist() == given_
    back = values_of(form.bytes_of(values), low, low + span)
    assert back.dtype == np.float32
    assert back == pytest.approx(values, abs=1e-5 * max(abs(low), span))


def test_values_beyond_the_range_are_cut() -> None:
    found = Images((1, 2, 2), -1.0, 1.0).bytes_of(np.array([-9.0, -1.0, 0.0, 1.0, 9.0]))
    assert found.tolist() == [0, 0, 128, 255, 255]
    assert found.dtype == np.uint8


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([0.0, 0.5, 0.9, 0.1], (0.0, 1.0)),
        ([-0.5, 0.5], (-1.0, 1.0)),
        ([0.0, 200.0], (0.0, 255.0)),
        ([-3.0, 5.0], (-3.0, 5.0)),
        ([7e3, 7e3], (7e3, 7001.0)),
    ],
)
def test_the_range_is_a_usual_one_that_holds_the_data_or_their_own(
    values: list[float], limits: tuple[float, float]
) -> None:
    form = images_of(drawn(values))
    assert form is not None
    assert (form.low, form.high) == limits


def test_data_that_say_their_range_are_believed_without_a_look() -> None:
    form = images_of(drawn([9.0, 9.0], low=-1.0, high=1.0))
    assert form == Images((1, 1, 2), -1.0, 1.0)


@pytest.mark.parametrize("shape", [(1,), (2,), (28, 28)])
def test_only_what_has_channels_height_and_width_is_an_image(shape: tuple[int, ...]) -> None:
    assert images_of(drawn([0.0, 1.0], shape)) is None
