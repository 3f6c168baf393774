"""The table of columns: everything that is recorded is in it, and old names keep working."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gandiag
from gandiag import columns
from gandiag.columns import TABLE, Column, Index, current, current_names, entry, is_part, owner
from gandiag.exchange.importing import ImportRequest, import_logs
from gandiag.experiment.loading import presets, read_experiment
from gandiag.measure import columns_of


@pytest.mark.parametrize("preset", presets())
def test_every_column_of_every_preset_is_in_the_table(preset: str) -> None:
    unknown = [name for name in columns_of(read_experiment(preset)) if entry(name) is None]
    assert unknown == []


@pytest.mark.parametrize("shape", [(), (2,), (3,), (10,), (8, 8)])
def test_every_column_of_a_monitor_is_in_the_table(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    monitor = gandiag.Monitor(None, real=rng.normal(size=(300, *shape)), every=1)
    for step in range(3):
        monitor.log(step, d_loss=1.4, g_loss=0.7, d_updates=1, g_updates=1)
        monitor.log_samples(step, fake=rng.normal(size=(200, *shape)))
    monitor.close()
    names = {str(name) for name in monitor.series()}
    assert {"d_loss", "d_loss_max", "n_samples"} < names
    assert {name for name in names if entry(name) is None} == set()


def test_every_column_of_an_imported_log_is_in_the_table(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("step,D loss,G loss\n0,1.4,0.7\n1,1.3,0.8\n")
    _, (imported,) = import_logs(ImportRequest(paths=[log], out=tmp_path / "store"))
    names = {name for row in imported.run.rows for name in row}
    assert {"d_loss", "g_loss", "iteration"} <= names
    assert {name for name in names if entry(name) is None} == set()


def test_a_column_missing_from_the_table_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = [column for column in TABLE if column.name != "ks"]
    monkeypatch.setattr(columns, "INDEX", Index(fewer))
    unknown = [name for name in columns_of(read_experiment("devnag-1d")) if entry(name) is None]
    assert unknown == ["ks", "ks_se", "ks_floor"]


@pytest.mark.parametrize(
    ("name", "base", "indices", "part"),
    [
        ("mean", "mean", (), ""),
        ("mean_0_se", "mean", (0,), "se"),
        ("cov_0_1_floor", "cov", (0, 1), "floor"),
        ("mode_share_17", "mode_share", (17,), ""),
        ("digit_share_min", "digit_share_min", (), ""),
        ("digit_3", "digit", (3,), ""),
        ("d_loss_min", "d_loss", (), "min"),
    ],
)
def test_a_recorded_name_is_parsed(
    name: str, base: str, indices: tuple[int, ...], part: str
) -> None:
    found = entry(name)
    assert found is not None
    assert (found.column.name, found.indices, found.part, found.name) == (base, indices, part, name)


@pytest.mark.parametrize("name", ["learning_rate", "wasserstein_0", "d_lr", "_se", "mean_x", ""])
def test_a_users_own_column_is_not_in_the_table(name: str) -> None:
    assert entry(name) is None
    assert current(name) == name
    assert owner(name) == "game"


def test_a_part_needs_its_column() -> None:
    assert is_part("lr_max", ["lr", "lr_max"])
    assert not is_part("lr_max", ["lr_max"])
    assert not is_part("floor", ["floor"])


def test_names_and_aliases_are_each_used_once() -> None:
    names = [name for column in TABLE for name in (column.name, *column.aliases)]
    assert len(names) == len(set(names))


@pytest.fixture
def renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version of gandiag in which `d_accuracy` was formerly called `d_acc`."""
    table = [
        replace(column, aliases=("d_acc",)) if column.name == "d_accuracy" else column
        for column in TABLE
    ]
    monkeypatch.setattr(columns, "INDEX", Index(table))


@pytest.mark.usefixtures("renamed")
def test_an_alias_is_read_as_the_current_name() -> None:
    assert current("d_acc") == "d_accuracy"
    assert current("d_acc_se") == "d_accuracy_se"
    assert owner("d_acc") == "D"


def episodes_of(store: Path) -> set[str]:
    (run,) = gandiag.analyze(store)
    return {episode.kind for episode in run.diagnosis.episodes}


@pytest.mark.parametrize("status", ["completed", "running"])
def test_a_detector_finds_a_column_that_an_old_store_has_under_its_old_name(
    status: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    monitor = gandiag.Monitor(tmp_path / "old", iterations=400, every=4)
    for step in range(400):
        monitor.log(step, d_loss=1.4, g_loss=0.7, d_acc=0.99 if step > 150 else 0.7)
    if status == "completed":
        monitor.close()  # the series is in Parquet then, and in the journal before
    else:
        monitor.flush()
    assert "d-overpowering" not in episodes_of(tmp_path / "old")
    request.getfixturevalue("renamed")
    assert "d-overpowering" in episodes_of(tmp_path / "old")
    assert "d_accuracy" in gandiag.load(tmp_path / "old").series
    monitor.close()


def test_a_column_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Column("x", "samples", "low", "X").name = "y"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["mean_00", "digit_01", "mean_1_02", "mean_٣", "std_0_1", "cov_0"])
def test_a_users_name_with_padded_or_foreign_digits_stays_as_it_is(name: str) -> None:
    assert entry(name) is None
    assert current(name) == name


@pytest.mark.usefixtures("renamed")
def test_a_table_with_an_old_and_the_current_name_keeps_both_columns() -> None:
    assert current_names(["d_acc"]) == {"d_acc": "d_accuracy"}
    assert current_names(["d_acc", "d_accuracy"]) == {"d_acc": "d_acc", "d_accuracy": "d_accuracy"}


def test_a_column_named_like_an_entry_of_a_vector_is_read_beside_it(tmp_path: Path) -> None:
    monitor = gandiag.Monitor(tmp_path / "own", real=np.zeros((50, 2)), every=1)
    for step in range(3):
        monitor.log(step, mean_00=3.0)
        monitor.log_samples(step, fake=np.ones((20, 2)))
    monitor.close()
    series = gandiag.load(tmp_path / "own").series
    assert series["mean_00"].tolist() == [3.0] * 3
    assert series["mean_0"].tolist() == [1.0] * 3


def test_one_of_several_old_names_is_renamed_and_parts_follow_their_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = [
        replace(column, aliases=("w1", "emd")) if column.name == "wasserstein" else column
        for column in TABLE
    ]
    monkeypatch.setattr(columns, "INDEX", Index(table))
    both = current_names(["w1_se", "w1", "emd", "emd_se"])
    assert both == {
        "w1_se": "wasserstein_se",
        "w1": "wasserstein",
        "emd": "emd",
        "emd_se": "emd_se",
    }
    kept = current_names(["w1", "w1_se", "wasserstein"])
    assert kept == {"w1": "w1", "w1_se": "w1_se", "wasserstein": "wasserstein"}
