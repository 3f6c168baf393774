"""What a frame keeps of one lane."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.store.images import Images
from gandiag.sweeping.frame import BINS, frame_of

IMAGES = Images((1, 2, 2), 0.0, 1.0)


def seen(n: int = 40, size: int = 4, **more: Any) -> dict[str, NDArray[Any]]:
    """Samples [lane, size, n] in 0 to 1, each another number."""
    samples = np.arange(3 * size * n, dtype=np.float32).reshape(3, size, n)
    return {"samples": samples / samples.max(), **more}


def test_vectors_are_kept_as_they_are_samples_first_and_hold_nothing_else_alive() -> None:
    values = seen()
    kept = frame_of(values, 1, None)
    assert kept.keys() == {"samples"}
    assert np.array_equal(kept["samples"], values["samples"][1].T)
    assert kept["samples"].dtype == np.float32
    assert kept["samples"].base is None
    assert kept["samples"].flags["C_CONTIGUOUS"]


def test_samples_that_are_not_finite_are_kept_as_they_are() -> None:
    values = seen()
    values["samples"][2] = np.nan
    assert np.isnan(frame_of(values, 2, None)["samples"]).all()


def test_of_images_the_first_are_kept_as_bytes() -> None:
    values = seen()
    kept = frame_of(values, 2, IMAGES)["samples"]
    assert kept.shape == (25, 4)
    assert kept.dtype == np.uint8
    assert np.array_equal(kept, np.rint(255 * values["samples"][2].T[:25]).astype(np.uint8))
    assert frame_of(seen(n=9), 0, IMAGES)["samples"].shape == (9, 4)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_images_that_are_not_finite_make_no_frame_and_others_do_not_matter(value: float) -> None:
    values = seen()
    values["samples"][0, 1, 30] = value
    assert frame_of(values, 0, IMAGES)
    values["samples"][0, 1, 3] = value
    assert frame_of(values, 0, IMAGES) == {}
    assert frame_of(values, 1, IMAGES)


@pytest.mark.parametrize("shape", [(3, 9), (3, 3, 3)])
def test_the_plane_is_kept_as_a_square(shape: tuple[int, ...]) -> None:
    plane = np.arange(27.0).reshape(shape)
    kept = frame_of(seen(plane=plane), 1, None)["plane"]
    assert kept.tolist() == [[9, 10, 11], [12, 13, 14], [15, 16, 17]]
    assert kept.dtype == np.float32


def test_answers_are_counted_in_fifty_bins_with_both_ends_and_without_what_is_no_number() -> None:
    answers = np.full((3, 6), 0.5)
    answers[1] = [0.0, 0.019, 0.02, 0.999, 1.0, np.nan]
    kept = frame_of(seen(d_real_answers=answers, d_fake_answers=answers[::-1]), 1, None)
    counts = kept["real_answers"]
    assert counts.shape == (BINS,)
    assert (counts[0], counts[1], counts[-1], counts.sum()) == (2, 1, 2, 5)
    assert np.array_equal(kept["fake_answers"], counts)
    other = frame_of(seen(d_real_answers=answers), 0, None)
    assert other["real_answers"][25] == 6
    assert "fake_answers" not in other
