"""Raster pictures: every value is at its position, and empty pixels are transparent."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gandiag_html.figures.rasters import LEVELS, PIXELS, answer_raster, density_raster

SQUARE = ((0.0, 1.0), (0.0, 1.0))


def decoded(text: str) -> NDArray[Any]:
    """The pixels of a picture as another library reads them, [height, width, 4]."""
    (found,) = re.findall(r'src="data:image/png;base64,([^"]*)"', text)
    return np.asarray(Image.open(io.BytesIO(b64decode(found))).convert("RGBA"))


def test_a_sample_is_a_pixel_at_its_position() -> None:
    pixels = decoded(
        density_raster(np.array([[0.99, 0.01], [0.51, 0.99], [2.0, 0.5]]), SQUARE, "failed", "")
    )
    rows, columns = np.nonzero(pixels[..., 3])
    assert pixels.shape == (PIXELS, PIXELS, 4)
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [
        (1, int(0.51 * PIXELS)),
        (PIXELS - 2, PIXELS - 2),
    ]


def test_a_pixel_with_more_samples_is_darker_up_to_a_limit() -> None:
    counts = [1, 2, LEVELS, 3 * LEVELS]
    places = np.repeat([[0.1, 0.5], [0.3, 0.5], [0.6, 0.5], [0.9, 0.5]], counts, axis=0)
    pixels = decoded(density_raster(places, SQUARE, "reached", ""))
    one, two, many, more = sorted(pixels[..., 3][pixels[..., 3] > 0].tolist())
    assert 0 < one < two < many == more


def test_failed_runs_have_another_colour() -> None:
    some = np.array([[0.5, 0.5]])
    failed, reached = (
        decoded(density_raster(some, SQUARE, role, "")) for role in ("failed", "reached")
    )
    assert failed[..., 0].max() > failed[..., 2].max()
    assert reached[..., 2].max() > reached[..., 0].max()


def test_answers_are_violet_for_generated_green_for_real_and_transparent_between() -> None:
    answers = np.array([[0.0, 0.5, 1.0], [0.2, 0.5, 0.9], [np.nan, 0.5, 1.0]])
    top, middle, bottom = decoded(answer_raster(answers, (0.0, 1.0), ""))
    assert bottom[0, 2] > bottom[0, 1] < bottom[0, 3]  # violet: blue over green
    assert bottom[2, 1] > bottom[2, 0]
    assert bottom[2, 1] > bottom[2, 2]
    assert (bottom[1, 3], middle[1, 3], top[1, 3]) == (0, 0, 0)
    assert bottom[0, 3] == bottom[2, 3] > middle[2, 3] > middle[0, 3] > 0
    assert top[0, 3] == 0  # an answer that is no number says nothing


def test_answers_outside_the_span_get_the_full_colour() -> None:
    pixels = decoded(answer_raster(np.array([[-9.0, -1.0], [1.0, 9.0]]), (-1.0, 1.0), ""))
    assert len(np.unique(pixels[..., 3])) == 1
