"""Reads the lines of a table: CSV, or JSON lines with one object each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gandiag.errors import UsageError


class Line(NamedTuple):
    """A line of a table: its number in the file, and its cells by column."""

    number: int
    cells: Mapping[str, Any]


def read_csv(path: Path) -> tuple[str, list[Line]]:
    """Reads CSV: the tool that seems to have written it, and the lines.

    Raises:
        UsageError: It cannot be read, or a line has more or fewer cells than the first.
    """
    text = _text(path)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: {error}") from None
    header = [name.strip() for name in rows[0][1]] if rows else []
    for number, row in rows[1:]:
        if len(row) != len(header):
            raise UsageError(
                f"{path}, line {number}: {len(row)} cells where the first line has {len(header)}"
            )
    lines = [Line(number, dict(zip(header, row, strict=True))) for number, row in rows[1:]]
    return ("wandb" if "_step" in header else "csv"), lines


def read_json_lines(path: Path) -> tuple[str, list[Line]]:
    """Reads JSON lines: the tool that seems to have written them, and the lines.

    Raises:
        UsageError: It cannot be read, or a line is not an object.
    """
    lines = []
    for number, text in enumerate(_text(path).splitlines(), 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError as error:
            raise UsageError(f"{path}, line {number}: not JSON: {error}") from None
        if not isinstance(row, dict):
            raise UsageError(f"{path}, line {number}: not an object, but {type(row).__name__}")
        lines.append(Line(number, row))
    return ("wandb" if any("_step" in line.cells for line in lines) else "json lines"), lines


READERS = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None


def number_of(cell: Any) -> float | None:
    """The number in a cell, or None; also NaN and Infinity, which W&B writes as strings."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None
    try:
        return float(cell)
    except ValueError:
        return None
