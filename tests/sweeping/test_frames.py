"""Which log points keep more than a row, and what a frame keeps of one lane."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gandiag.experiment.loading import read_experiment
from gandiag.running.training_loop import log_points
from gandiag.store.images import Images
from gandiag.sweeping.frames import (
    BINS,
    IMAGES,
    MAX_BYTES,
    make_frame,
    plan_frames,
    spread,
    thinned,
)

PUBLISHED = {"schedule.iterations": 1000, "recording.every": 10, "recording.frame_every": 100}
PAIRS = {"schedule.iterations": 1000, "recording.every": 10, "recording.frames": 5}
IN_HUNDREDS = [*range(0, 1001, 100)]


def frames(preset: str, **anew: Any) -> Any:
    return plan_frames(read_experiment(preset, anew))


def test_the_published_cadence_and_the_last_log_point_are_frames() -> None:
    assert sorted(frames("devnag-1d", **PUBLISHED).kept) == IN_HUNDREDS
    odd = PUBLISHED | {"schedule.iterations": 1030}
    assert sorted(frames("devnag-1d", **odd).kept) == [*IN_HUNDREDS, 1030]


def test_without_a_published_cadence_frames_are_evenly_spread() -> None:
    found = frames("dirac", **PAIRS)
    assert sorted(found.kept) == [0, 250, 500, 750, 1000]
    assert found.thorough == found.kept


def test_where_the_cadence_is_no_log_point_the_next_one_is() -> None:
    settings = {"schedule.iterations": 100, "recording.every": 15, "recording.frame_every": 40}
    assert sorted(frames("devnag-1d", **settings).kept) == [0, 45, 90, 100]


def test_snapshots_are_spread_evenly_and_none_by_default() -> None:
    assert frames("devnag-1d", **PAIRS).snapshots == frozenset()
    some = frames("devnag-1d", **PAIRS, **{"recording.snapshots": 3})
    assert sorted(some.snapshots) == [0, 500, 1000]
    every = frames("devnag-1d", **PAIRS, **{"recording.snapshots": 9999})
    assert sorted(every.snapshots) == log_points(1000, 10)


def test_of_images_every_log_point_is_a_frame_where_there_is_room() -> None:
    found = frames("wiseodd-mnist", **PUBLISHED)
    assert sorted(found.kept) == log_points(1000, 10)
    assert sorted(found.thorough) == IN_HUNDREDS


@pytest.mark.parametrize(
    "preset", ["wiseodd-mnist", "edward-mnist", "dcgan-mnist", "stacked-mnist"]
)
def test_the_frames_of_images_take_little_room_and_the_published_ones_are_there(
    preset: str,
) -> None:
    every = {"recording.every": 1, "schedule.iterations": 1000, "recording.frame_every": 50}
    found, size = frames(preset, **every), read_experiment(preset).data.size
    one_more = len(found.kept) + 1
    assert one_more * (IMAGES * size + 2 * BINS * 4) <= MAX_BYTES
    assert (one_more + 1) * (IMAGES * size + 2 * BINS * 4) > MAX_BYTES
    assert found.kept > found.thorough == {*range(0, 1001, 50)}


counts = st.integers(1, 60)


@given(st.integers(1, 200), counts, counts)
def test_thinning_keeps_the_first_ones_before_others_and_as_many_as_fit(
    n: int, first: int, room: int
) -> None:
    points = [3 * k for k in range(n)]
    before_others = spread(points, max(first, 2))
    kept = thinned(points, before_others, room)
    assert kept == sorted(set(kept))
    assert len(kept) == min(n, max(room, 2))
    assert {points[0], points[-1]} <= {*kept} <= {*points}
    if len(before_others) <= room:
        assert {*before_others} <= {*kept}
    else:
        assert {*kept} <= {*before_others}


@given(st.integers(1, 300), st.integers(0, 300))
def test_what_is_spread_is_even_to_one_log_point(n: int, count: int) -> None:
    found = spread(range(n), count)
    assert len(found) == len({*found}) == min(n, count)
    gaps = np.diff(found)
    assert not len(gaps) or gaps.max() - gaps.min() <= 1
    if count >= 2:
        assert (found[0], found[-1]) == (0, n - 1)


FORM = Images((1, 2, 2), 0.0, 1.0)


def observed(n: int = 40, size: int = 4, **more: Any) -> dict[str, NDArray[Any]]:
    """Samples [lane, size, n] in 0 to 1, each another number."""
    samples = np.arange(3 * size * n, dtype=np.float32).reshape(3, size, n)
    return {"samples": samples / samples.max(), **more}


def test_vectors_are_kept_as_they_are_samples_first_and_hold_nothing_else_alive() -> None:
    values = observed()
    kept = make_frame(values, 1, None)
    assert kept.keys() == {"samples"}
    assert np.array_equal(kept["samples"], values["samples"][1].T)
    assert kept["samples"].dtype == np.float32
    assert kept["samples"].base is None
    assert kept["samples"].flags["C_CONTIGUOUS"]


def test_samples_that_are_not_finite_are_kept_as_they_are() -> None:
    values = observed()
    values["samples"][2] = np.nan
    assert np.isnan(make_frame(values, 2, None)["samples"]).all()


def test_of_images_the_first_are_kept_as_bytes() -> None:
    values = observed()
    kept = make_frame(values, 2, FORM)["samples"]
    assert kept.shape == (25, 4)
    assert kept.dtype == np.uint8
    assert np.array_equal(kept, np.rint(255 * values["samples"][2].T[:25]).astype(np.uint8))
    assert make_frame(observed(n=9), 0, FORM)["samples"].shape == (9, 4)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_images_that_are_not_finite_make_no_frame_and_others_do_not_matter(value: float) -> None:
    values = observed()
    values["samples"][0, 1, 30] = value
    assert make_frame(values, 0, FORM)
    values["samples"][0, 1, 3] = value
    assert make_frame(values, 0, FORM) == {}
    assert make_frame(values, 1, FORM)


@pytest.mark.parametrize("shape", [(3, 9), (3, 3, 3)])
def test_the_plane_is_kept_as_a_square(shape: tuple[int, ...]) -> None:
    plane = np.arange(27.0).reshape(shape)
    kept = make_frame(observed(plane=plane), 1, None)["plane"]
    assert kept.tolist() == [[9, 10, 11], [12, 13, 14], [15, 16, 17]]
    assert kept.dtype == np.float32


def test_answers_are_counted_in_fifty_bins_with_both_ends_and_without_what_is_no_number() -> None:
    answers = np.full((3, 6), 0.5)
    answers[1] = [0.0, 0.019, 0.02, 0.999, 1.0, np.nan]
    kept = make_frame(observed(d_real_answers=answers, d_fake_answers=answers[::-1]), 1, None)
    counts = kept["real_answers"]
    assert counts.shape == (BINS,)
    assert (counts[0], counts[1], counts[-1], counts.sum()) == (2, 1, 2, 5)
    assert np.array_equal(kept["fake_answers"], counts)
    other = make_frame(observed(d_real_answers=answers), 0, None)
    assert other["real_answers"][25] == 6
    assert "fake_answers" not in other
