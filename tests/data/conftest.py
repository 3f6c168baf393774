"""A small synthetic MNIST whose hashes replace the known ones."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data import digit_files, idx
from gandiag.running.streams import generator

Arrays = dict[str, NDArray[np.uint8]]
Keys = Callable[[str, int], np.random.Generator]

TRAINING, TEST = 200, 60


def synthetic() -> Arrays:
    """Images marked in their first pixels, with values from 0 to 255."""
    rng = np.random.default_rng(3)
    found: Arrays = {}
    for part, n in (("train", TRAINING), ("test", TEST)):
        images = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        images[:, 5:9] = 0
        images[:, 9:12] = 255
        images[:, 0, 0] = np.arange(n)
        images[:, 0, 1] = part == "test"
        found[f"x_{part}"] = images
        found[f"y_{part}"] = rng.integers(0, 10, n, dtype=np.uint8)
    return found


def number_of(image: NDArray[np.floating]) -> int:
    """The index of a synthetic image that was divided by 255; the test images come last."""
    first, second = (round(255 * float(value)) for value in image[:2])
    return first + TRAINING * second


@pytest.fixture(autouse=True)
def _no_data_of_the_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hides the machine's data directory and cache, and all mirrors but those of a test."""
    monkeypatch.delenv(digit_files.DATA_VARIABLE, raising=False)
    monkeypatch.setattr("pooch.os_cache", lambda name: tmp_path / "cache" / name)
    monkeypatch.setattr("gandiag.data.mirrors.MIRRORS", ("http://127.0.0.1:9/none/",))
    digit_files._mnist.cache_clear()


@pytest.fixture(scope="session")
def arrays() -> Arrays:
    """The synthetic digits by their names in the Keras file."""
    return synthetic()


@pytest.fixture
def packed(arrays: Arrays, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The archives of the synthetic digits by name, which replace MNIST's."""
    files, archives = [], {}
    for file in idx.FILES:
        array = arrays[file.key]
        content = hashlib.sha256(array.tobytes()).hexdigest()
        file = replace(file, shape=array.shape, content_sha256=content)
        archive = gzip.compress(file.header + array.tobytes(), mtime=0)
        files.append(replace(file, archive_sha256=hashlib.sha256(archive).hexdigest()))
        archives[f"{file.name}.gz"] = archive
    monkeypatch.setattr(idx, "FILES", tuple(files))
    return archives


@pytest.fixture
def place(packed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the archives, named by GANDIAG_DATA."""
    directory = tmp_path / "digits"
    directory.mkdir()
    for name, archive in packed.items():
        (directory / name).write_bytes(archive)
    monkeypatch.setenv(digit_files.DATA_VARIABLE, str(directory))
    return directory


@pytest.fixture
def keys() -> Keys:
    """The generators of seed 5's stream of real samples."""
    return lambda name, number: generator(5, f"train/real/{name}", number)
