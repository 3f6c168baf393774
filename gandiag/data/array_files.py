"""The user's arrays from NumPy's files: never unpickled, and checked."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import DataError, must_be_one_of

Layout = Literal["chw", "hwc"]
CHANNELS = (1, 3, 4)


@dataclass(frozen=True)
class ArraySource:
    """Which arrays of which file are read.

    Attributes:
        path: The file.
        key: The name of the samples in an .npz file; None where it contains one array.
        labels: The name of the labels there, if any are wanted.
        layout: Which way round images with channels are; None for [n, channels, height, width]
            where they cannot be the other.
    """

    path: str
    key: str | None
    labels: str | None
    layout: Layout | None


@dataclass(frozen=True, eq=False)
class LoadedArray:
    """What was read.

    Attributes:
        values: The samples [n, ...], uint8 or float32, images with their channels first.
        labels: Their classes [n]; empty where none were wanted.
        sha256: The hash of the file, hexadecimal.
    """

    values: NDArray[np.uint8] | NDArray[np.float32]
    labels: NDArray[np.integer]
    sha256: str


def load_array(source: ArraySource) -> LoadedArray:
    """Reads an array, once a process as long as the file does not change.

    Raises:
        DataError: There is no such file or array, or it contains no samples.
    """
    path = Path(source.path).expanduser().absolute()
    try:
        state = path.stat()
    except OSError as error:
        raise DataError(
            f"cannot read data.path = {source.path!r} from {Path.cwd()}: {error.strerror}"
        ) from None
    return _loaded(path, source, (state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=4)
def _loaded(path: Path, source: ArraySource, state: tuple[int, int]) -> LoadedArray:
    labels: NDArray[np.integer] = np.empty(0, np.uint8)
    with _arrays(path) as arrays:
        values = _numbers(_pick(arrays, source.key, "data.key", path), path)
        if source.labels is not None:
            labels = _pick(arrays, source.labels, "data.labels", path)
            labels = _classes(labels, len(values), source)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return LoadedArray(_channels_first(values, source), labels, sha256)


@contextmanager
def _arrays(path: Path) -> Iterator[Mapping[str, NDArray[Any]]]:
    """The arrays of a file by name, read as they are asked for; that of an .npy file has none."""
    if path.suffix not in (".npy", ".npz"):
        raise DataError(f"{path} is no .npy or .npz file, by its name")
    try:
        with path.open("rb") as stream:
            content = np.load(stream, allow_pickle=False)
            if isinstance(content, np.ndarray):
                yield {"": content}
            else:
                with content:
                    yield content
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"cannot read {path}: {error}; it is damaged, or holds objects, which are never "
            "unpickled. Save plain numbers with numpy.save or numpy.savez"
        ) from None


def _pick(
    arrays: Mapping[str, NDArray[Any]], name: str | None, setting: str, path: Path
) -> NDArray[Any]:
    names = list(arrays)
    if name is not None and names == [""]:
        raise DataError(f"{path} holds one array without a name; {setting} is for .npz files")
    if name is None and len(names) != 1:
        raise DataError(f"{path} holds {', '.join(names) or 'nothing'}; say which: {setting} = ...")
    if name is not None and name not in names:
        raise DataError(f"{path}: " + must_be_one_of(setting, name, names or ["none"]))
    return arrays[names[0] if name is None else name]


def _numbers(values: NDArray[Any], path: Path) -> NDArray[np.uint8] | NDArray[np.float32]:
    """The samples in one of two types; eight bits stay eight bits, for there may be many."""
    if values.dtype.kind not in "buif":
        raise DataError(f"{path} holds {values.dtype}, not numbers")
    if values.ndim not in (1, 2, 3, 4) or not values.size:
        raise DataError(
            f"{path} holds an array of shape {values.shape}; samples are [n], [n, d], [n, height, "
            "width] or [n, channels, height, width]"
        )
    if values.dtype in (np.uint8, np.bool_):
        return values.astype(np.uint8, copy=False)
    with np.errstate(over="ignore"):  # reported below
        narrow = values.astype(np.float32, copy=False)
    wrong = int((~np.isfinite(narrow)).sum())
    if wrong:
        raise DataError(
            f"{path} holds {wrong} values that are not finite in float32; leave them out"
        )
    return narrow


def _channels_first(values: NDArray[Any], source: ArraySource) -> NDArray[Any]:
    if source.layout is not None and values.ndim != 4:
        raise DataError(
            f"{source.path} holds {values.shape}, without channels; leave data.layout out"
        )
    if values.ndim in (1, 3):  # numbers, or images of one channel
        return values[:, None]
    if values.ndim == 2 or source.layout == "chw":
        return values
    if source.layout == "hwc":
        if values.shape[-1] not in CHANNELS:
            raise DataError(
                f"{source.path} holds {values.shape}, whose last axis is not of 1, 3 or 4 "
                'channels as layout = "hwc" says'
            )
        return np.ascontiguousarray(values.transpose(0, 3, 1, 2))
    if values.shape[-1] in CHANNELS and values.shape[1] not in CHANNELS:
        raise DataError(
            f"{source.path} holds {values.shape}, which looks like [n, height, width, channels]: "
            'say layout = "hwc", or layout = "chw" if it is not so'
        )
    return values


def _classes(labels: NDArray[Any], n: int, source: ArraySource) -> NDArray[np.integer]:
    if labels.dtype.kind not in "ui" or labels.shape != (n,):
        raise DataError(
            f"{source.path}: the labels {source.labels!r} are {labels.dtype} {labels.shape}; they "
            f"have to be integers, one for each of the {n} samples"
        )
    if labels.min() < 0 or labels.max() >= n:
        raise DataError(
            f"{source.path}: the labels {source.labels!r} run from {labels.min()} to "
            f"{labels.max()}; number the classes from 0"
        )
    return labels
