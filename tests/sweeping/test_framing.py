"""Which log points keep more than a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.experiment.loading import read_experiment
from gandiag.running.training_loop import log_points
from gandiag.sweeping.frame import BINS, IMAGES
from gandiag.sweeping.framing import ROOM, framing, spread, thinned

PUBLISHED = {"schedule.iterations": 1000, "recording.every": 10, "recording.frame_every": 100}
PAIRS = {"schedule.iterations": 1000, "recording.every": 10, "recording.frames": 5}
IN_HUNDREDS = [*range(0, 1001, 100)]


def frames(preset: str, **anew: Any) -> Any:
    return framing(read_experiment(preset, anew))


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
    assert one_more * (IMAGES * size + 2 * BINS * 4) <= ROOM
    assert (one_more + 1) * (IMAGES * size + 2 * BINS * 4) > ROOM
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
