"""The journal of a run: one line of JSON per log point, written as soon as it is recorded.

A last line that a crash cut off is dropped with a warning. Damage before the end is an error,
because nobody knows how much is lost.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from gandiag.columns import current_names
from gandiag.errors import StoreError
from gandiag.store.files import write_bytes

NAME = "metrics.jsonl"

Row = dict[str, Any]


class Journal:
    """A journal open for writing.

    Args:
        directory: The run's directory.
    """

    def __init__(self, directory: Path) -> None:
        self._file: TextIO = open(directory / NAME, "a", encoding="utf-8")  # noqa: SIM115

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def append(self, row: Row) -> None:
        """Adds a row; when this returns it survives the end of the process."""
        self._file.write(json.dumps(row) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def read_journal(directory: Path) -> list[Row]:
    """The rows of a run's journal; none if there is no journal.

    Raises:
        StoreError: It is damaged before its end.
    """
    path = directory / NAME
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return []
    incomplete = lines.pop()
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            rows.append(_row(line))
        except ValueError:
            message = f"{path} is damaged in line {number}; the run has to be redone"
            raise StoreError(message) from None
    if incomplete:
        warnings.warn(f"{path}: dropped a last line that was torn by a crash", stacklevel=2)
    return rows


def filter_journal(directory: Path, wanted: Callable[[Row], bool]) -> None:
    """Rewrites a journal with the wanted rows only, and without an incomplete last line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows: Sequence[Row] = [row for row in read_journal(directory) if wanted(row)]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    write_bytes(directory / NAME, text.encode())


def clear_journal(directory: Path) -> None:
    """Empties a journal that is damaged."""
    write_bytes(directory / NAME, b"")


def _row(line: str) -> Row:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError(line)
    names = current_names(row)
    return {names[name]: value for name, value in row.items()}
