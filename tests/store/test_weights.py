"""The weights of a run, on the disk and back."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.errors import StoreError
from gandiag.store.weights import Weights, file_of, read_weights


def some(iteration: int = 25, **more: NDArray[Any]) -> Weights:
    g = np.array([1.0, np.nan, -0.0, 1e-42], dtype=np.float32)
    return Weights(iteration, g, np.arange(3, dtype=np.float64), **more)


def test_weights_come_back_to_the_last_bit(tmp_path: Path) -> None:
    full = some(
        g_memory=np.ones(2, np.float32),
        d_memory=np.zeros(0, np.float32),
        g_average=np.full(4, 0.5, np.float32),
    )
    full.write(tmp_path / "weights.npz")
    found = read_weights(tmp_path)
    assert found.arrays().keys() == full.arrays().keys()
    for name, value in full.arrays().items():
        assert np.asarray(value).tobytes() == np.asarray(found.arrays()[name]).tobytes()
        assert np.asarray(value).dtype == np.asarray(found.arrays()[name]).dtype
    assert found.iteration == 25


def test_what_a_player_does_not_hold_is_none(tmp_path: Path) -> None:
    some().write(tmp_path / "weights.npz")
    found = read_weights(str(tmp_path))
    assert (found.g_memory, found.d_memory, found.g_average) == (None, None, None)
    with np.load(tmp_path / "weights.npz") as held:
        assert {*held.files} == {"g", "d", "iteration"}


def test_a_lane_of_a_state_is_copied_and_not_looked_at() -> None:
    state = {
        "g": {"weights": np.arange(6.0).reshape(2, 3), "average": np.ones((2, 3)), "m": 0},
        "d": {"weights": np.zeros((2, 4)), "memory": np.full((2, 5), 7.0)},
    }
    found = Weights.of_lane(state, 1, 50)
    state["g"]["weights"][:] = -1  # type: ignore[index]
    assert found.g.tolist() == [3.0, 4.0, 5.0]
    assert found.d.shape == (4,)
    assert found.d_memory is not None
    assert found.d_memory.tolist() == [7.0] * 5
    assert found.g_average is not None
    assert found.g_memory is None
    assert found.g.base is None


def test_weights_that_are_not_flat_are_refused_at_birth() -> None:
    with pytest.raises(ValueError, match=r"g has the shape \(2, 2\)"):
        Weights(0, np.zeros((2, 2)), np.zeros(3))


def test_each_kind_has_its_file(tmp_path: Path) -> None:
    for which, iteration in (("last", 100), ("best", 50), (0, 0), (75, 75)):
        some(iteration).write(tmp_path / file_of(which))  # type: ignore[arg-type]
    assert {*os.listdir(tmp_path)} == {"weights.npz", "best.npz", "weights-0.npz", "weights-75.npz"}
    read = [read_weights(tmp_path, which).iteration for which in ("last", "best", 0, 75)]  # type: ignore[arg-type]
    assert read == [100, 50, 0, 75]


def test_what_a_run_has_not_kept_is_said_with_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no weights called 'last'.*none, because it has not"):
        read_weights(tmp_path)
    for which in ("last", 5, 100):
        some().write(tmp_path / file_of(which))  # type: ignore[arg-type]
    with pytest.raises(StoreError, match=r"'best' \(best.npz\). It has: last, 5, 100"):
        read_weights(tmp_path, "best")
    with pytest.raises(StoreError, match="no weights of iteration 7 "):
        read_weights(tmp_path, 7)
    with pytest.raises(StoreError, match="there is no kind of weights 'beste'; did you mean"):
        read_weights(tmp_path, "beste")  # type: ignore[arg-type]


def test_damaged_weights_are_an_error_at_every_length(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    some().write(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 41):
        path.write_bytes(whole[:length])
        with pytest.raises(StoreError, match="damaged"):
            read_weights(tmp_path)
    np.savez(path, iteration=3, g=np.zeros(3))
    with pytest.raises(StoreError, match="damaged"):
        read_weights(tmp_path)


def test_weights_that_could_not_be_written_leave_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(25).write(tmp_path / "weights.npz")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        some(50).write(tmp_path / "weights.npz")
    assert read_weights(tmp_path).iteration == 25
    assert os.listdir(tmp_path) == ["weights.npz"]
