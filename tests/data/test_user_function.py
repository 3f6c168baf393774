"""Importing a user's function by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from gandiag.data.user_function import load_function, source_file, source_hash
from gandiag.errors import DataError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_a_function_is_imported_by_module_or_by_file(folder: Path) -> None:
    path = folder / "user_function_a.py"
    path.write_text("def draw():\n    return 7\n")
    assert load_function("user_function_a:draw")() == 7
    assert load_function("user_function_a.py:draw")() == 7
    assert source_file("user_function_a:draw") == path


def test_the_hash_changes_with_the_source(folder: Path) -> None:
    path = folder / "user_function_b.py"
    path.write_text("def draw(): ...\n")
    before = source_hash("user_function_b:draw")
    path.write_text("def draw(): pass\n")
    assert source_hash("user_function_b:draw") != before


@pytest.mark.parametrize("name", ["draw", "no such:draw", "a:b:c"])
def test_a_malformed_function_name_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="names no function"):
        source_file(name)
