"""The frames kept of a run: few, evenly spaced, and always with the latest."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.data.samples import MOST_BYTES, Samples
from gandiag.monitoring.frames import MAX_FRAMES, Frames


def filled(count: int) -> list[int]:
    frames = Frames()
    for step in range(count):
        frames.add(10 * step, Samples(np.full((3, 1), step, np.float32)))
        assert len(frames.kept) <= MAX_FRAMES
        assert max(frames.kept) == 10 * step
    return sorted(frames.kept)


@pytest.mark.parametrize("count", [1, 2, MAX_FRAMES - 1, MAX_FRAMES, MAX_FRAMES + 1, 500, 1000])
def test_few_are_kept_evenly_with_the_first_and_the_latest(count: int) -> None:
    steps = filled(count)
    assert (steps[0], steps[-1]) == (0, 10 * (count - 1))
    gaps = set(np.diff(steps[:-1]).tolist())
    assert len(gaps) <= 1
    assert len(steps) >= min(count, MAX_FRAMES // 2)


def test_a_frame_contains_the_samples_of_its_step() -> None:
    frames = Frames()
    for step in range(100):
        frames.add(step, Samples(np.full((3, 1), step, np.float32)))
    assert all((values == step).all() for step, values in frames.kept.items())


def test_images_are_bounded_in_bytes() -> None:
    images = Samples(np.zeros((5000, 3 * 64 * 64), np.float32), (3, 64, 64))
    assert images.subset().values.nbytes <= MOST_BYTES
    assert images.subset().shape == (3, 64, 64)
    tiny = Samples(np.zeros((40, 3 * 256 * 256), np.float32), (3, 256, 256))
    assert 12 <= len(tiny.subset().values) <= 16


def test_frames_of_several_sizes_are_cut_to_the_smallest() -> None:
    frames = Frames()
    for step, n in enumerate([9, 9, 9]):
        frames.add(step, Samples(np.full((n, 2), step, np.float32)))
    assert {values.shape for values in frames.kept.values()} == {(9, 2)}
    for step, n in enumerate([500, 100, 3], 9):
        frames.add(step, Samples(np.full((n, 2), step, np.float32)))
    assert {step: len(values) for step, values in frames.kept.items()} == {9: 100, 10: 100}
