"""Enough of a run to continue it as if nothing had happened."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from gandiag.store.checkpoint import NAME, Checkpoint, read_checkpoint
from gandiag.store.weights import Weights


def checkpoint() -> Checkpoint:
    state = {
        "g.weights": np.array([1.0, np.nan, np.inf, -0.0, 1e-42], dtype=np.float32),
        "g.steps": np.array([7.0]),
        "failed_at": np.array(-1, dtype=np.int32),
    }
    frames = {0: np.zeros((4, 1), np.float32), 25: np.ones((4, 1), np.float32)}
    return Checkpoint("train", 25, 1.5, state, frames)


def test_a_checkpoint_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    checkpoint().write(tmp_path)
    found = read_checkpoint(tmp_path)
    assert found is not None
    assert (found.phase, found.iteration, found.wall_s) == ("train", 25, 1.5)
    for name, value in checkpoint().state.items():
        assert found.state[name].dtype == value.dtype
        assert found.state[name].tobytes() == value.tobytes()
    assert found.state.keys() == checkpoint().state.keys()
    assert found.frames.keys() == {0, 25}
    assert np.array_equal(found.frames[25], checkpoint().frames[25])


def test_what_stands_beside_the_frames_and_the_best_weights_come_back_too(tmp_path: Path) -> None:
    plane = np.arange(4, dtype=np.float32).reshape(2, 2)
    beside = {0: {"plane": plane, "real_answers": np.ones(50, np.int32)}, 25: {}}
    best = Weights(10, np.array([np.nan, 2.0], np.float32), np.zeros(3), g_average=np.ones(2))
    Checkpoint("train", 25, 1.5, {}, checkpoint().frames, beside, best).write(tmp_path)
    found = read_checkpoint(tmp_path)
    assert found is not None
    assert found.answers.keys() == {0}
    assert found.answers[0].keys() == {"plane", "real_answers"}
    assert np.array_equal(found.answers[0]["plane"], plane)
    assert found.best is not None
    assert found.best.arrays().keys() == {"iteration", "g", "d", "g_average"}
    assert (found.best.iteration, found.best.g.tobytes()) == (10, best.g.tobytes())
    assert checkpoint().best is None


def test_only_the_latest_checkpoint_is_kept(tmp_path: Path) -> None:
    checkpoint().write(tmp_path)
    Checkpoint("train", 50, 2.0, {}, {}).write(tmp_path)
    found = read_checkpoint(tmp_path)
    assert found is not None
    assert found.iteration == 50
    assert os.listdir(tmp_path) == [NAME]


def test_without_a_file_there_is_no_checkpoint(tmp_path: Path) -> None:
    assert read_checkpoint(tmp_path) is None


def test_a_checkpoint_that_lost_its_end_is_ignored_at_every_length(tmp_path: Path) -> None:
    checkpoint().write(tmp_path)
    whole = (tmp_path / NAME).read_bytes()
    for length in range(0, len(whole), 37):
        (tmp_path / NAME).write_bytes(whole[:length])
        assert read_checkpoint(tmp_path) is None


@pytest.mark.parametrize("where", [0.3, 0.6])
def test_a_checkpoint_with_a_changed_byte_in_its_numbers_is_ignored(
    where: float, tmp_path: Path
) -> None:
    Checkpoint("train", 25, 1.5, {"w": np.zeros(10_000, np.float32)}, {}).write(tmp_path)
    content = bytearray((tmp_path / NAME).read_bytes())
    content[int(where * 40_000)] ^= 0x40
    (tmp_path / NAME).write_bytes(content)
    assert read_checkpoint(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04", b"\x80\x04N."])
def test_what_is_no_checkpoint_is_ignored(content: bytes, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert read_checkpoint(tmp_path) is None


def test_a_checkpoint_without_its_facts_is_ignored(tmp_path: Path) -> None:
    np.savez(tmp_path / NAME, phase="train")
    assert read_checkpoint(tmp_path) is None
