"""CSV and JSON lines as lines of cells; the refusals are in ``test_tables``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gandiag.exchange.table_files import number_of, read_csv, read_json_lines


def test_a_line_keeps_its_number_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text('step,note\n\n0,"two\nlines"\n1,b\n')
    tool, lines = read_csv(path)
    assert tool == "csv"
    assert [(line.number, line.cells["step"]) for line in lines] == [(4, "0"), (5, "1")]


def test_json_lines_may_differ_in_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"step": 0, "d": 1}\n\n{"step": 1, "g": 2}\n')
    tool, lines = read_json_lines(path)
    assert tool == "json lines"
    assert [(line.number, dict(line.cells)) for line in lines] == [
        (1, {"step": 0, "d": 1}), (3, {"step": 1, "g": 2}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "number"),
    [(3, 3.0), ("1e-3", 0.001), ("Infinity", float("inf")), (True, None), ("a", None), ([1], None)],
)
def test_the_number_in_a_cell(cell: Any, number: float | None) -> None:
    assert number_of(cell) == number
