"""Runs and stores that nobody is working on can be removed."""

from __future__ import annotations

from pathlib import Path

import pytest

import gandiag
from gandiag.errors import StoreBusyError
from gandiag.store.claim import claim
from gandiag.store.removal import remove_run, remove_store


def test_a_store_is_removed_with_all_it_holds(store: Path) -> None:
    remove_store(store)
    assert not store.exists()


def test_a_run_is_removed_and_the_others_stay(store: Path) -> None:
    before = gandiag.load(store)
    remove_run(store, str(before.runs["directory"][1]))
    after = gandiag.load(store)
    assert after.runs["seed"].tolist() == [0, 2, 3]
    assert after.series["wall_s"].tolist() == before.series.query("seed != 1")["wall_s"].tolist()


def test_what_is_in_use_is_not_removed(store: Path) -> None:
    name = str(gandiag.load(store).runs["directory"][1])
    with claim(store):
        with pytest.raises(StoreBusyError, match="in use by process"):
            remove_store(store)
        with pytest.raises(StoreBusyError, match="in use by process"):
            remove_run(store, name)
    assert gandiag.load(store).runs["seed"].tolist() == [0, 1, 2, 3]
