"""Arrays from NumPy's files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from gandiag.data.array_files import ArraySource, load_array
from gandiag.errors import DataError


def source(path: Path, key: str | None = None, labels: str | None = None) -> ArraySource:
    return ArraySource(str(path), key, labels, None)


def test_samples_labels_and_the_hash_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=np.eye(3), y=np.arange(3))
    found = load_array(source(path, "x", "y"))
    assert found.values.dtype == np.float32
    assert found.labels.tolist() == [0, 1, 2]
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_is_read_again_only_after_a_change(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.zeros(2))
    before = load_array(source(path))
    assert load_array(source(path)) is before
    np.save(path, np.ones(2))
    os.utime(path, ns=(0, 1))
    assert load_array(source(path)).values.tolist() == [[1.0], [1.0]]


def test_one_of_several_arrays_has_to_be_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.eye(3), y=np.eye(3))
    with pytest.raises(DataError, match=r"x, y; say which: data.key"):
        load_array(source(tmp_path / "a.npz"))
