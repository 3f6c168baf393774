"""Stores and runs are found by what a user types."""

from __future__ import annotations

from pathlib import Path

import pytest

import gandiag
from gandiag.cli.run_lookup import locate_run, locate_stores
from gandiag.errors import StoreError, UsageError


def test_a_folder_of_stores_is_searched_one_level_deep(two_stores: Path) -> None:
    assert locate_stores(two_stores) == [two_stores / "a", two_stores / "b"]
    assert locate_stores(two_stores / "a") == [two_stores / "a"]
    with pytest.raises(StoreError, match="there is no store in"):
        locate_stores(two_stores.parent)


def test_a_run_is_located_by_directory_by_name_and_by_id(run_directory: Path) -> None:
    store = run_directory.parent
    run = gandiag.load(store).runs["run"][1]
    for name, where in (
        (str(run_directory), Path("nowhere")),
        ("scripted-0001", store),
        (run, store),
    ):
        results, row = locate_run(name, where)
        assert (results.directory, row["run"]) == (store, run)


def test_a_run_that_two_stores_have_is_ambiguous(two_stores: Path) -> None:
    with pytest.raises(UsageError, match=r"2 runs in .* begin with 'scripted-0001'"):
        locate_run("scripted-0001", two_stores)
