"""The classifier's file is checked against its digest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.digits import SHIPPED, archive, read
from gandiag.errors import DataError

Arrays = dict[str, NDArray[Any]]


@pytest.fixture
def arrays() -> Arrays:
    """The arrays of the shipped file, its digest included."""
    with np.load(SHIPPED) as held:
        return {name: held[name] for name in held.files}


def test_a_written_archive_is_read_back(tmp_path: Path) -> None:
    given = {"b": np.arange(3, dtype=np.float16), "a": np.array("words")}
    archive.write(tmp_path / "some.npz", given)
    found, digest = archive.read(tmp_path / "some.npz")
    assert digest == archive.digest(given) == archive.digest(dict(reversed(given.items())))
    assert found.keys() == given.keys()
    assert found["b"].tolist() == [0, 1, 2]
    assert str(found["a"]) == "words"


def test_the_digest_covers_names_types_shapes_and_bytes() -> None:
    by_hand = hashlib.sha256(b"a\n<i2\n(2,)\n\x01\x00\x02\x00").hexdigest()
    assert archive.digest({"a": np.array([1, 2], dtype="<i2")}) == by_hand


@pytest.mark.parametrize(
    "change",
    [
        lambda held: {**held, "second": np.where(held["second"] == held["second"].max(), 0, 1)},
        lambda held: {**held, "second": held["second"].astype(np.float32)},
        lambda held: {**held, "last_bias": held["last_bias"].reshape(1, -1)},
        lambda held: {**held, "first_bias": held["last_bias"], "last_bias": held["first_bias"]},
        lambda held: {**held, "more": np.zeros(1)},
        lambda held: {name: array for name, array in held.items() if name != "recipe"},
        lambda held: {**held, "sha256": np.array("0" * 64)},
    ],
    ids=["a weight", "a type", "a shape", "two names", "one more", "one less", "the digest"],
)
def test_any_change_is_refused(arrays: Arrays, tmp_path: Path, change: Any) -> None:
    np.savez(tmp_path / "changed.npz", **change(arrays))
    with pytest.raises(DataError, match=r"is not the one that was shipped.*install gandiag again"):
        read(tmp_path / "changed.npz")


def test_recompressed_contents_have_the_same_digest(arrays: Arrays, tmp_path: Path) -> None:
    np.savez(tmp_path / "stored.npz", **arrays)
    assert read(tmp_path / "stored.npz").hash == read(SHIPPED).hash


@pytest.mark.parametrize("size", [0, 100, 200_000])
def test_a_truncated_archive_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "cut.npz").write_bytes(SHIPPED.read_bytes()[:size])
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / "cut.npz")


def test_corrupted_bytes_are_refused(tmp_path: Path) -> None:
    rotten = bytearray(SHIPPED.read_bytes())
    rotten[len(rotten) // 2] ^= 0xFF
    (tmp_path / "rotten.npz").write_bytes(rotten)
    with pytest.raises(DataError, match="digit classifier"):
        read(tmp_path / "rotten.npz")


def test_a_file_without_a_digest_and_a_missing_one_are_refused(
    arrays: Arrays, tmp_path: Path
) -> None:
    del arrays["sha256"]
    np.savez(tmp_path / "bare.npz", **arrays)
    for name in ("bare.npz", "missing.npz"):
        with pytest.raises(DataError, match=f"{name} cannot be read"):
            read(tmp_path / name)


def test_a_pickled_array_is_refused(arrays: Arrays, tmp_path: Path) -> None:
    np.savez(tmp_path / "pickle.npz", **arrays | {"more": np.array([{}], dtype=object)})
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / "pickle.npz")
