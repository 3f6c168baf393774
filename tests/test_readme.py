"""The examples in the README run and print what it shows."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"


def test_the_readme_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert (failed, tried > 8) == (0, True)
    assert (tmp_path / "runs" / "my-gan" / "sweep.json").exists()
