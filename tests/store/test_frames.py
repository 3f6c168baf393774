"""The frames of a run, on the disk and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gandiag.errors import StoreError
from gandiag.store.frames import NAME, read_frames, write_frames
from gandiag.store.images import Images

SAMPLES = {10: np.ones((4, 2), np.float32), 0: np.zeros((4, 2), np.float32)}


def test_frames_come_back_in_the_order_of_their_iterations(tmp_path: Path) -> None:
    write_frames(tmp_path, SAMPLES, {})
    found = read_frames(tmp_path)
    assert found.iterations.tolist() == [0, 10]
    assert found.values[:, 0, 0].tolist() == [0.0, 1.0]
    assert found.values.dtype == np.float32
    assert (found.shape, found.limits, found.plane, found.real_answers) == (None,) * 4


def test_what_every_frame_has_beside_its_samples_is_kept_with_it(tmp_path: Path) -> None:
    beside = {
        k: {"plane": np.full((3, 3), k, np.float32), "real_answers": np.full(50, k, np.int32)}
        for k in SAMPLES
    }
    write_frames(tmp_path, SAMPLES, beside)
    found = read_frames(tmp_path)
    assert found.plane is not None
    assert found.plane[:, 1, 1].tolist() == [0.0, 10.0]
    assert found.real_answers is not None
    assert found.real_answers.shape == (2, 50)
    write_frames(tmp_path, SAMPLES, {0: beside[0], 10: {"plane": beside[10]["plane"]}})
    assert read_frames(tmp_path).real_answers is None
    assert read_frames(tmp_path).plane is not None


def test_images_say_their_shape_and_what_their_bytes_stand_for(tmp_path: Path) -> None:
    grids = {k: np.full((25, 12), k, np.uint8) for k in (0, 51, 255)}
    write_frames(tmp_path, grids, {}, Images((3, 2, 2), -1.0, 1.0))
    found = read_frames(tmp_path)
    assert found.values.dtype == np.float32
    assert found.values[:, 3, 4].tolist() == pytest.approx([-1.0, -0.6, 1.0])
    assert found.shape is not None
    assert found.limits is not None
    assert found.shape.tolist() == [3, 2, 2]
    assert found.limits.tolist() == [-1.0, 1.0]


def test_without_frames_there_is_no_file(tmp_path: Path) -> None:
    write_frames(tmp_path, {}, {})
    assert not (tmp_path / NAME).exists()
    with pytest.raises(StoreError, match=NAME):
        read_frames(tmp_path)


def test_frames_of_an_older_store_are_read_and_those_of_a_newer_are_understood(
    tmp_path: Path,
) -> None:
    old = {"iterations": np.array([0]), "values": np.zeros((1, 4, 1), np.float32)}
    np.savez(tmp_path / NAME, **old, of_the_future=np.zeros(3))
    assert read_frames(tmp_path).values.shape == (1, 4, 1)


@pytest.mark.parametrize("more", [{}, {"limits": np.array([0.0, 1.0])}])
def test_a_file_without_samples_is_damaged(more: Any, tmp_path: Path) -> None:
    np.savez(tmp_path / NAME, iterations=np.array([0]), **more)
    with pytest.raises(StoreError, match="holds no samples"):
        read_frames(tmp_path)
