"""A store: prepared, entered, and refused where it holds something else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from gandiag.errors import StoreError
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.store.files import read_json
from gandiag.store.store import Store, differences

BASE = read_experiment("dirac")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty directory."""
    return Store(tmp_path / "a" / "store")


@pytest.fixture
def entered(store: Store) -> Store:
    """A store that holds the Dirac-GAN."""
    store.prepare()
    store.enter(BASE, {"": {}})
    return store


def with_(**settings: Any) -> Experiment:
    return read_experiment("dirac", {name.replace("__", "."): v for name, v in settings.items()})


def test_preparing_makes_the_directory_and_leaves_nothing_in_it(store: Store) -> None:
    assert not store.exists()
    store.prepare()
    store.prepare()
    assert os.listdir(store.directory) == []


def test_a_store_is_there_once_it_says_what_is_trained(entered: Store) -> None:
    assert entered.exists()
    assert entered.experiments() == {"": BASE}
    assert list(entered.runs()) == []


def test_entering_again_changes_no_byte(entered: Store) -> None:
    before = (entered.directory / "sweep.json").read_bytes()
    entered.enter(BASE, {"": {}})
    assert (entered.directory / "sweep.json").read_bytes() == before


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
    asked: Experiment, line: str, entered: Store
) -> None:
    before = (entered.directory / "sweep.json").read_bytes()
    with pytest.raises(StoreError, match="holds another configuration") as caught:
        entered.enter(asked, {"": {}})
    assert caught.value.args[0].splitlines()[1].strip() == line
    assert "Nothing was changed. Choose another directory (--out)" in str(caught.value)
    assert (entered.directory / "sweep.json").read_bytes() == before


def test_another_grid_is_refused(entered: Store) -> None:
    with pytest.raises(StoreError, match=r"grid: stored none, asked \['data.at'\]"):
        entered.enter(BASE, {"data.at=1.0": {"data.at": 1.0}})


def test_a_grid_grows_by_new_points_of_the_same_keys(store: Store) -> None:
    store.prepare()
    store.enter(BASE, {"data.at=1.0": {"data.at": 1.0}})
    store.enter(BASE, {"data.at=2.0": {"data.at": 2.0}})
    found = store.experiments()
    assert [experiment.data.at for experiment in found.values()] == [1.0, 2.0]  # type: ignore[union-attr]
    assert list(found) == ["data.at=1.0", "data.at=2.0"]


def test_the_defaults_are_stored_so_that_a_later_version_cannot_change_them(entered: Store) -> None:
    stored = read_json(entered.directory / "sweep.json")
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
def test_differences_are_told_a_line_each(stored: Any, asked: Any, lines: Any) -> None:
    found = differences(stored, asked)
    assert len(found) == lines if isinstance(lines, int) else found == lines
