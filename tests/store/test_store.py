"""A store: prepared, filled, removed, and refused where it holds something else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import gandiag
from gandiag.errors import StoreBusyError, StoreError
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.store.files import read_json
from gandiag.store.locking import lock_directory
from gandiag.store.store import Store, differences, remove_run, remove_store

BASE = read_experiment("dirac")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty directory."""
    return Store(tmp_path / "a" / "store")


@pytest.fixture
def filled(finished: Path, tmp_path: Path) -> Path:
    """A copy of a store of four runs."""
    return Path(shutil.copytree(finished, tmp_path / "filled"))


@pytest.fixture
def registered(store: Store) -> Store:
    """A store that holds the Dirac-GAN."""
    store.prepare()
    store.register(BASE, {"": {}})
    return store


def with_(**settings: Any) -> Experiment:
    return read_experiment("dirac", {name.replace("__", "."): v for name, v in settings.items()})


def test_preparing_makes_the_directory_and_leaves_nothing_in_it(store: Store) -> None:
    assert not store.exists()
    store.prepare()
    store.prepare()
    assert os.listdir(store.directory) == []


def test_a_store_is_there_once_it_says_what_is_trained(registered: Store) -> None:
    assert registered.exists()
    assert registered.experiments() == {"": BASE}
    assert list(registered.runs()) == []


def test_entering_again_changes_no_byte(registered: Store) -> None:
    before = (registered.directory / "sweep.json").read_bytes()
    registered.register(BASE, {"": {}})
    assert (registered.directory / "sweep.json").read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (with_(schedule__iterations=7), "schedule.iterations: stored 500, asked 7"),
        (with_(title="x"), f"title: stored {BASE.title!r}, asked 'x'"),
        (
            with_(generator__optimizer__learning_rate=0.5),
            "generator.optimizer.learning_rate: stored 0.2, asked 0.5",
        ),
        (with_(objective__game="wasserstein"), "objective.game: stored 'gan', asked 'wasserstein'"),
    ],
)
def test_another_configuration_is_refused_with_the_difference(
    asked: Experiment, line: str, registered: Store
) -> None:
    before = (registered.directory / "sweep.json").read_bytes()
    with pytest.raises(StoreError, match="holds another configuration") as caught:
        registered.register(asked, {"": {}})
    assert caught.value.args[0].splitlines()[1].strip() == line
    assert "Nothing was changed. Choose another directory (--out)" in str(caught.value)
    assert (registered.directory / "sweep.json").read_bytes() == before


def test_another_grid_is_refused(registered: Store) -> None:
    with pytest.raises(StoreError, match=r"grid: stored none, asked \['data.at'\]"):
        registered.register(BASE, {"data.at=1.0": {"data.at": 1.0}})


def test_a_grid_grows_by_new_points_of_the_same_keys(store: Store) -> None:
    store.prepare()
    store.register(BASE, {"data.at=1.0": {"data.at": 1.0}})
    store.register(BASE, {"data.at=2.0": {"data.at": 2.0}})
    found = store.experiments()
    assert [experiment.data.at for experiment in found.values()] == [1.0, 2.0]  # type: ignore[union-attr]
    assert list(found) == ["data.at=1.0", "data.at=2.0"]


def test_the_defaults_are_stored_against_changes_in_a_later_version(
    registered: Store,
) -> None:
    stored = read_json(registered.directory / "sweep.json")
    assert stored["schema_version"] == 1
    assert stored["base"] == BASE.resolved()
    assert stored["base"]["recording"]["batches"] == 64


@pytest.mark.parametrize("below", ["file", "file/store"])
def test_a_place_that_cannot_be_written_to_is_refused(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot write to .*Choose another place with --out"):
        Store(tmp_path / below).prepare()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("below", ["file", "file/store"])
def test_a_file_in_its_place_is_seen_before_anything_is_trained(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot write to .*file is a file. Choose another place"):
        list(Store(tmp_path / below).runs())
    assert list(Store(tmp_path / "absent" / "deep").runs()) == []


@pytest.mark.parametrize(
    ("stored", "asked", "lines"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 1.5}, ["a: stored 1, asked 1.5"]),
        ({"a": 1}, {}, ["a: stored 1, asked None"]),
        ({}, {"a": {"b": 1}}, ["a: stored None, asked {'b': 1}"]),
        ({"a": [1, 2]}, {"a": [1, 3]}, ["a.1: stored 2, asked 3"]),
        ({"a": [1]}, {"a": [1, 2]}, ["a: stored [1], asked [1, 2]"]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "c": 4}}, 2),
    ],
)
def test_every_difference_is_described_in_a_line(stored: Any, asked: Any, lines: Any) -> None:
    found = differences(stored, asked)
    assert len(found) == lines if isinstance(lines, int) else found == lines


def test_a_store_is_removed_with_all_it_holds(filled: Path) -> None:
    remove_store(filled)
    assert not filled.exists()


def test_a_run_is_removed_and_the_others_stay(filled: Path) -> None:
    before = gandiag.load(filled)
    remove_run(filled, str(before.runs["directory"][1]))
    after = gandiag.load(filled)
    assert after.runs["seed"].tolist() == [0, 2, 3]
    assert after.series["wall_s"].tolist() == before.series.query("seed != 1")["wall_s"].tolist()


def test_what_is_in_use_is_not_removed(filled: Path) -> None:
    name = str(gandiag.load(filled).runs["directory"][1])
    with lock_directory(filled):
        with pytest.raises(StoreBusyError, match="in use by process"):
            remove_store(filled)
        with pytest.raises(StoreBusyError, match="in use by process"):
            remove_run(filled, name)
    assert gandiag.load(filled).runs["seed"].tolist() == [0, 1, 2, 3]
