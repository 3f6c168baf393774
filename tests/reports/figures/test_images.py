"""Grids of images: channels, ranges and sizes."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from gandiag_html.figures.images import WIDEST, grid, range_note, range_of


def decoded(text: str) -> NDArray[Any]:
    """The pixels of a grid, [height, width, 3]."""
    (png,) = re.findall(r'base64,([^"]*)"', text)
    return np.asarray(Image.open(io.BytesIO(b64decode(png))).convert("RGB"))


def test_channels_first_and_last_give_the_same_picture() -> None:
    images = np.random.default_rng(0).random((9, 3, 8, 6))
    span = range_of([images])
    first = grid(images.reshape(9, -1), (3, 8, 6), span, 1, "a")
    last = grid(np.moveaxis(images, 1, -1).reshape(9, -1), (8, 6, 3), span, 1, "a")
    assert first == last
    assert decoded(first).shape == (3 * 9 - 1, 3 * 7 - 1, 3)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [([0.1, 1.0], 0, 1), ([-1.0, 0.2], -1, 1), ([0, 3, 200], 0, 255), ([-2.0, 2.0], -2, 2)],
)
def test_the_range_is_the_usual_one_that_contains_the_values(
    values: list[float], low: float, high: float
) -> None:
    found = range_of([np.array(values)])
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.01)


def test_values_outside_the_range_are_noted() -> None:
    span = range_of([np.array([0.0, 1.0])])
    assert span.outside_note(np.array([0.5, 0.5, 0.5, 2.0])) == (
        "25 % of the values lie outside the range"
    )
    assert span.outside_note(np.array([0.0, 1.0])) == ""
    assert "The mean of the 5 channels" in range_note((5, 8, 8), span)


def test_large_images_are_averaged_until_they_fit() -> None:
    images = np.random.default_rng(0).random((25, 128 * 128))
    assert decoded(grid(images, (128, 128), range_of([images]), 1, "a")).shape[1] <= WIDEST + 5
