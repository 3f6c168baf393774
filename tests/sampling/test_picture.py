"""Pictures of samples: every image in its place, and both kinds of samples in view."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from gandiag.data import Mnist, Normal, Point, Ring, StackedMnist
from gandiag.errors import UsageError
from gandiag.sampling.picture import FAKE, GAP, REAL, picture

DIGITS = Mnist(kind="mnist", low=-1.0, high=1.0)


def pixels(png: bytes) -> NDArray[Any]:
    return np.asarray(Image.open(io.BytesIO(png)))


def colours(png: bytes) -> set[tuple[int, ...]]:
    """The colours in a chart."""
    return {tuple(row) for row in pixels(png)[..., :3].reshape(-1, 3)}


def rgb(colour: str) -> NDArray[Any]:
    return np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)])


def near(png: bytes, colour: str, opacity: float) -> bool:
    """Whether a colour is there that is laid on white."""
    there = np.array(sorted(colours(png)))
    wanted = opacity * rgb(colour) + (1 - opacity) * 255
    return bool((np.abs(there - wanted).max(axis=1) <= 2).any())


def test_images_are_drawn_row_by_row_and_every_pixel_has_its_value() -> None:
    images = np.random.default_rng(0).uniform(-1, 1, (7, 1, 28, 28))
    page = pixels(picture(images, DIGITS, columns=3))
    side = (page.shape[1] - GAP) // 3
    times = (side - GAP) // 28
    assert page.shape == (3 * side + GAP, 3 * side + GAP)
    for k, image in enumerate(images):
        top, left = (k // 3) * side + GAP, (k % 3) * side + GAP
        cut = page[top : top + 28 * times : times, left : left + 28 * times : times]
        assert np.array_equal(cut, np.rint((image[0] + 1) * 127.5).astype(np.uint8))
    assert (page[2 * side + GAP :, side + GAP :] == 255).all()  # two places are empty


def test_a_grid_is_square_and_one_image_has_no_grid() -> None:
    for n, rows in ((64, 8), (10, 3), (1, 1)):
        height, width = pixels(picture(np.zeros((n, 1, 28, 28)), DIGITS)).shape
        columns = -(-n // rows)
        assert (height - GAP) * columns == (width - GAP) * rows


def test_values_out_of_range_are_clipped_and_nan_is_drawn_as_the_smallest() -> None:
    images = np.full((3, 1, 28, 28), 9.0)
    images[1] = -9.0
    images[2] = np.nan
    page = pixels(picture(images, DIGITS, columns=3))
    middle = [page[20, k * page.shape[1] // 3 + 20] for k in range(3)]
    assert middle == [255, 0, 0]


def test_three_channels_are_drawn_as_rgb() -> None:
    images = np.zeros((1, 3, 28, 28))
    images[:, 1] = 1.0
    page = pixels(picture(images, StackedMnist(kind="stacked-mnist", low=0.0, high=1.0)))
    assert page[page.shape[0] // 2, page.shape[1] // 2].tolist() == [0, 255, 0]


@pytest.mark.parametrize(
    ("data", "size"), [(Normal(kind="normal", mean=4, std=1), 1), (Point(kind="point"), 1)]
)
def test_numbers_are_a_histogram_with_the_data_in_view(data: Any, size: int) -> None:
    png = picture(np.random.default_rng(0).normal(9, 1, (300, size)), data)
    assert near(png, FAKE, 0.4)
    assert near(png, REAL, 1.0)


def inked(png: bytes) -> NDArray[Any]:
    """Which columns of pixels have bars, the frame left aside."""
    page = pixels(png)[..., :3].astype(int)
    wanted = 0.4 * rgb(FAKE) + 0.6 * 255
    return (np.abs(page - wanted).max(axis=2) <= 2)[120:].sum(axis=0) > 60  # not the legend


@pytest.mark.parametrize(("std", "least", "most"), [(0.006, 1, 8), (0.1, 20, 90), (1.0, 250, 800)])
def test_bars_are_as_wide_as_what_they_count(std: float, least: int, most: int) -> None:
    samples = np.random.default_rng(0).normal(6, std, (64, 1))
    seen = inked(picture(samples, Normal(kind="normal", mean=4, std=1)))
    assert least <= seen.sum() <= most


def test_a_narrow_peak_leaves_the_data_visible() -> None:
    page = pixels(picture(np.full((64, 1), 6.0), Normal(kind="normal", mean=4, std=1)))
    curve = (np.abs(page[120:650, 100:800, :3].astype(int) - rgb(REAL)) <= 2).all(axis=2)
    rows = np.flatnonzero(curve.any(axis=1))
    assert rows.max() - rows.min() > 100


def test_points_are_a_scatter_over_the_data() -> None:
    png = picture(np.zeros((5, 2)), Ring(kind="ring"))
    assert near(png, REAL, 1.0)
    assert near(png, FAKE, 1 - 0.4**5)


def test_samples_that_are_not_finite_are_left_out_of_a_chart() -> None:
    samples = np.random.default_rng(0).normal(0, 1, (20, 2))
    with_bad = np.concatenate([samples, [[np.nan, 0.0], [np.inf, 1.0]]])
    ring = Ring(kind="ring")
    assert np.array_equal(pixels(picture(samples, ring)), pixels(picture(with_bad, ring)))


@pytest.mark.parametrize("data", [Ring(kind="ring"), DIGITS])
def test_where_nothing_is_finite_there_is_nothing_to_draw(data: Any) -> None:
    with pytest.raises(UsageError, match="no sample is finite"):
        picture(np.full((4, *data.shape), np.nan), data)
