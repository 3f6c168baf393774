"""Files are written atomically: a reader sees the old file or the complete new one."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import StoreError


def write_bytes(path: Path, content: bytes) -> None:
    """Writes a temporary file next to the target and renames it once it is on the disk."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def remove_temporary_files(directory: Path) -> None:
    """Removes the temporary files of processes that were killed while writing."""
    for path in directory.glob(".*"):
        if path.suffix[1:].isdecimal():
            path.unlink(missing_ok=True)


def write_json(path: Path, content: Any) -> None:
    """Writes plain data as JSON, atomically."""
    write_bytes(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def read_json(path: Path) -> Any:
    """Reads JSON.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not JSON.
    """
    return json.loads(path.read_text(encoding="utf-8"))


def write_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    """Writes arrays by name as an ``.npz`` file, atomically."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    write_bytes(path, buffer.getvalue())


def read_arrays(path: Path, *names: str) -> dict[str, NDArray[Any]]:
    """Reads arrays by name, or all if no name is given; nothing is ever unpickled.

    Raises:
        StoreError: The file is damaged, or an array is missing.
    """
    try:
        # Opened here, because NumPy does not close a file that it cannot read.
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in names or archive.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise StoreError(f"{path} is damaged: {error}") from None
