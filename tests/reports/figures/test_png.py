"""PNG files: what Pillow reads is what was written."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from gandiag_html.figures.png import indexed, picture, transparent_gaps


def rgba(png: bytes) -> np.ndarray:
    """The pixels of a file [height, width, 4]."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


@pytest.mark.parametrize("depth", [1, 3])
def test_pixels_round_trip_and_brightness_one_is_transparent(depth: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, depth), dtype=np.uint8)
    pixels[2, 3] = 1
    found = rgba(transparent_gaps(pixels))
    gaps = (pixels == 1).all(axis=2)
    assert np.array_equal(found[..., :3], np.broadcast_to(pixels, (7, 5, 3)))
    assert np.array_equal(found[..., 3] == 0, gaps)
    assert set(np.unique(found[~gaps, 3])) == {255}


@pytest.mark.parametrize("size", [2, 13, 255])
def test_indices_become_the_colours_of_the_palette(size: int) -> None:
    rng = np.random.default_rng(size)
    palette = rng.integers(0, 256, (size, 4), dtype=np.uint8)
    pixels = rng.integers(0, size, (9, 6), dtype=np.uint8)[::-1]
    assert np.array_equal(rgba(indexed(pixels, palette)), palette[pixels])


def test_a_label_is_escaped() -> None:
    assert 'alt="&#34;&gt;&lt;script&gt;"' in picture(b"", (1, 1), "images", '"><script>')
