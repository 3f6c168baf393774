"""Files that a user names."""

from __future__ import annotations

from pathlib import Path

from gandiag.errors import UsageError
from gandiag.store.files import write_bytes


def refuse_other(path: Path, *suffixes: str) -> None:
    """Refuses a file whose suffix is none of those that can be written.

    Raises:
        UsageError: It is none.
    """
    if path.suffix not in suffixes:
        known = " or ".join(filter(None, [", ".join(suffixes[:-1]), suffixes[-1]]))
        raise UsageError(f"cannot write {path}: its name has to end with {known}")


def write(path: Path, content: bytes) -> None:
    """Writes a file, whole or not at all.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        write_bytes(path, content)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None
