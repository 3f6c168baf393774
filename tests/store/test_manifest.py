"""What a run is, and the id that is made of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gandiag.errors import StoreError
from gandiag.store.files import write_json
from gandiag.store.manifest import NAME, SCHEMA, Manifest, read_manifest

CHANGES: dict[str, Any] = {
    "seed": 4,
    "backend": "torch",
    "device_kind": "cuda",
    "precision": "float64",
    "width": 5,
    "mode": "eager",
    "versions": {"gandiag": "0.1.0", "numpy": "9.9", "scripted": "1"},
}


@pytest.mark.parametrize("part", CHANGES)
def test_the_id_changes_with_every_part_of_the_identity(part: str, manifest: Manifest) -> None:
    changed = manifest.identity.model_copy(update={part: CHANGES[part]})
    assert changed.run != manifest.identity.run


def test_the_parts_of_the_identity_are_all_tried(manifest: Manifest) -> None:
    assert {*CHANGES, "experiment"} == set(type(manifest.identity).model_fields)


def paths(table: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values of plain data."""
    if isinstance(table, dict | list):
        items = table.items() if isinstance(table, dict) else enumerate(table)
        return [inner for key, value in items for inner in paths(value, (*path, key))]
    return [path]


def test_the_id_changes_with_every_value_of_the_experiment(manifest: Manifest) -> None:
    seen = {manifest.identity.run}
    for *way, last in paths(manifest.identity.experiment):
        copy = manifest.identity.model_copy(deep=True)
        part: Any = copy.experiment
        for key in way:
            part = part[key]
        part[last] = "another value"
        seen.add(copy.run)
    assert len(seen) == 1 + len(paths(manifest.identity.experiment)) > 50


def test_the_id_does_not_change_with_what_is_no_part_of_the_identity(manifest: Manifest) -> None:
    other = manifest.with_(device="cpu:1", command="else", platform={}, status="running")
    assert other.identity.run == manifest.run


def test_the_id_does_not_depend_on_the_order_of_the_keys(manifest: Manifest) -> None:
    table = manifest.identity.experiment
    turned = manifest.identity.model_copy(update={"experiment": dict(reversed(table.items()))})
    assert turned.run == manifest.run


def test_the_id_and_the_directory_are_short_and_plain(manifest: Manifest) -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", manifest.run)
    assert manifest.identity.directory == f"scripted-0003-{manifest.run[:8]}"


def test_a_manifest_comes_back_as_it_was(manifest: Manifest, tmp_path: Path) -> None:
    told = manifest.with_(status="diverged", diverged_at=7, diverged_in="train", success=False)
    told.write(tmp_path)
    assert read_manifest(tmp_path) == told
    stopped = manifest.with_(status="completed", stopped_at=40)
    stopped.write(tmp_path)
    assert read_manifest(tmp_path) == stopped


def test_a_change_leaves_the_original_alone(manifest: Manifest) -> None:
    assert manifest.with_(status="running").status == "running"
    assert manifest.status == "pending"


def test_success_is_unknown_until_the_end(manifest: Manifest) -> None:
    assert manifest.success is None
    assert manifest.verdict is None


@pytest.mark.parametrize("content", ["", "{", "[]", "3", "null", "{}", '{"schema_version": "x"}'])
def test_what_is_no_manifest_is_none(content: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(content, encoding="utf-8")
    assert read_manifest(tmp_path) is None


def test_without_a_file_there_is_no_manifest(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None


def test_a_newer_format_is_refused_even_if_nothing_else_is_understood(tmp_path: Path) -> None:
    write_json(tmp_path / NAME, {"schema_version": SCHEMA + 1, "all": "else is new"})
    with pytest.raises(StoreError, match=rf"newer gandiag \(format {SCHEMA + 1}.*pip install"):
        read_manifest(tmp_path)
