"""The classifier's file: arrays by name, with a digest that detects any change.

No pickle is read, and nothing is used before the digest agrees.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import DataError

Arrays = Mapping[str, NDArray[Any]]

DIGEST = "sha256"
"""The entry that holds the digest of all others."""


def digest(arrays: Arrays) -> str:
    """The SHA-256 of names, types, shapes and numbers, in hexadecimal.

    >>> digest({"a": np.zeros(1)}) == digest({"a": np.zeros(1, dtype=np.float32)})
    False
    """
    found = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        found.update(f"{name}\n{array.dtype.str}\n{array.shape}\n".encode())
        found.update(array.tobytes())
    return found.hexdigest()


def write(path: Path, arrays: Arrays) -> None:
    """Writes the arrays and their digest."""
    whole: dict[str, Any] = {**arrays, DIGEST: np.array(digest(arrays))}
    np.savez_compressed(path, **whole)


def read(path: Path) -> tuple[dict[str, NDArray[Any]], str]:
    """The arrays and their digest.

    Raises:
        DataError: The file is missing or damaged, or was modified.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        stated = str(arrays.pop(DIGEST))
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"the digit classifier {path} cannot be read ({error}); install gandiag again"
        ) from None
    found = digest(arrays)
    if found != stated:
        raise DataError(
            f"the digit classifier {path} is not the one that was shipped: its contents have the "
            f"sha256 {found}, not {stated}; install gandiag again"
        )
    return arrays, found
