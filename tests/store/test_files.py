"""A file appears whole, or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from gandiag.store import files


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    files.write_json(path, {"name": "Gauß", "n": [1, None]})
    assert files.read_json(path) == {"name": "Gauß", "n": [1, None]}
    assert "Gauß" in path.read_text(encoding="utf-8")


def test_writing_replaces_what_was_there_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.write_bytes(path, b"long before")
    files.write_bytes(path, b"after")
    assert path.read_bytes() == b"after"
    assert os.listdir(tmp_path) == ["a"]


def fails(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_no_draft(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    files.write_bytes(path, b"before")
    monkeypatch.setattr(os, step, fails)
    with pytest.raises(OSError, match="No space left"):
        files.write_bytes(path, b"after")
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a"]


def test_an_interruption_leaves_no_draft_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write_bytes(tmp_path / "a", b"after")
    assert os.listdir(tmp_path) == []


def test_the_content_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    for step in ("fsync", "replace"):
        real = getattr(os, step)

        def noted(*args: Any, step: str = step, real: Any = real) -> None:
            steps.append(step)
            real(*args)

        monkeypatch.setattr(os, step, noted)
    files.write_bytes(tmp_path / "a", b"after")
    assert steps == ["fsync", "replace"]
