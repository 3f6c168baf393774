"""What a store gives back: two tables, and the samples on request."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gandiag
from gandiag.errors import StoreError
from gandiag.experiment.loading import read_experiment
from gandiag.store.files import read_json, write_json
from gandiag.store.weights import read_weights

STR = str(pd.Series(["text"]).dtype)
"""The type of columns of text: "str", and "object" before pandas 3."""

TEXT = ["run", "point", "backend", "phase"]
COUNTS = ["seed", "iteration", "d_updates", "g_updates", "n_samples"]
NUMBERS = [
    *(f"{player}_loss{part}" for player in "dg" for part in ("", "_min", "_max", "_last")),
    *("d_real", "d_fake", "d_accuracy"),
    *("d_grad_norm", "g_grad_norm", "d_weight_norm", "g_weight_norm"),
    *("mean", "mean_se", "std", "std_se", "skew", "skew_se", "kurtosis", "kurtosis_se"),
    *("wasserstein", "wasserstein_se", "wasserstein_floor"),
    *(
        f"{name}{part}"
        for name in ("lost_share", "misplaced_share", "unmatched_share", "total_variation")
        for part in ("", "_se", "_floor")
    ),
    *("ks", "ks_se", "ks_floor", "energy", "energy_se", "energy_floor", "wall_s"),
]
RUNS = {
    "run": STR,
    "point": STR,
    "seed": "int64",
    "backend": STR,
    "status": STR,
    "success": "boolean",
    "verdict": "object",
    "iteration": "int64",
    "iterations": "Int64",
    "diverged_at": "Int64",
    "stopped_at": "Int64",
    "best_at": "Int64",
    "best_value": "float64",
    "best_column": "object",
    "error": "object",
    "wall_s": "float64",
    "device": STR,
    "precision": STR,
    "width": "int64",
    "mode": STR,
    "started": "object",
    "finished": "object",
    "directory": STR,
}


def directory(store: Path, seed: int) -> Path:
    (found,) = store.glob(f"scripted-{seed:04d}-*")
    return found


def set_manifest(store: Path, seed: int, **changes: Any) -> None:
    path = directory(store, seed) / "manifest.json"
    write_json(path, read_json(path) | changes)


def test_the_series_has_the_columns_of_the_contract(finished: Path) -> None:
    series = gandiag.load(finished).series
    assert set(series) == {*TEXT, *COUNTS, *NUMBERS}
    assert {name: str(series[name].dtype) for name in TEXT} == dict.fromkeys(TEXT, STR)
    assert {name: str(series[name].dtype) for name in COUNTS} == dict.fromkeys(COUNTS, "int64")
    assert {name: str(series[name].dtype) for name in NUMBERS} == dict.fromkeys(NUMBERS, "float64")


def test_the_series_is_tidy_one_row_a_run_and_log_point(finished: Path) -> None:
    series = gandiag.load(finished).series
    assert not series.duplicated(["run", "phase", "iteration"]).any()
    assert series.groupby("seed")["iteration"].apply(list).to_dict() == {
        0: [0, 5, 10, 15, 20],
        1: [0, 5, 10, 15, 20],
        2: [0, 5, 10, 15, 20],
        3: [0, 5, 10],
    }
    assert (series["d_updates"] == series["iteration"]).all()
    assert series.index.tolist() == list(range(len(series)))


def test_the_first_log_point_has_no_losses_and_the_others_have(finished: Path) -> None:
    series = gandiag.load(finished).series
    first = series["iteration"] == 0
    assert series.loc[first, "d_loss"].isna().all()
    alive = series.loc[~first & (series["seed"] != 3)]
    assert alive["d_loss"].notna().all()
    assert (alive["d_loss_min"] <= alive["d_loss"]).all()
    assert (alive["d_loss"] <= alive["d_loss_max"]).all()


def test_the_runs_have_the_columns_of_the_contract(finished: Path) -> None:
    runs = gandiag.load(finished).runs
    assert {name: str(dtype) for name, dtype in runs.dtypes.items()} == RUNS
    assert runs["seed"].tolist() == [0, 1, 2, 3]
    assert runs["status"].tolist() == ["completed"] * 3 + ["diverged"]
    assert runs["iteration"].tolist() == [20, 20, 20, 10]
    assert (runs["iterations"] == 20).all()
    assert runs["verdict"].tolist() == ["undecided"] * 3 + ["diverging"]
    assert runs["error"].tolist() == [None] * 4


def test_a_diverged_run_names_the_iteration_and_keeps_its_nan(finished: Path) -> None:
    found = gandiag.load(finished)
    assert found.runs["diverged_at"].isna().tolist() == [True, True, True, False]
    assert found.runs["diverged_at"][3] == 7
    last = found.series[found.series["seed"] == 3].iloc[-1]
    assert math.isnan(last["mean"])
    assert math.isnan(last["g_weight_norm"])


def test_success_is_yes_no_or_unknown(store: Path) -> None:
    set_manifest(store, 1, success=None)
    runs = gandiag.load(store).runs
    assert runs["success"].tolist() == [True, pd.NA, runs["success"][2], False]
    assert runs["success"].isna().sum() == 1
    assert runs["success"].dropna().sum() == 1 + bool(runs["success"][2])


def test_a_series_that_is_still_a_journal_loads_as_the_same(store: Path) -> None:
    before = gandiag.load(store)
    for path in store.glob("*/metrics.parquet"):
        path.unlink()
    after = gandiag.load(store)
    pd.testing.assert_frame_equal(before.series, after.series)


def test_a_parquet_file_that_is_damaged_is_replaced_by_the_journal(store: Path) -> None:
    before = gandiag.load(store)
    path = directory(store, 1) / "metrics.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    pd.testing.assert_frame_equal(before.series, gandiag.load(store).series)


def test_a_run_whose_journal_is_damaged_is_there_without_a_series(store: Path) -> None:
    held = directory(store, 1)
    (held / "metrics.parquet").unlink()
    (held / "metrics.jsonl").write_bytes(b"\xff\n" + (held / "metrics.jsonl").read_bytes())
    found = gandiag.load(store)
    assert found.runs["seed"].tolist() == [0, 1, 2, 3]
    assert found.runs["iteration"].tolist() == [20, 0, 20, 10]
    assert sorted(found.series["seed"].unique()) == [0, 2, 3]


def test_a_truncated_last_line_is_dropped_with_a_warning(store: Path) -> None:
    held = directory(store, 1)
    (held / "metrics.parquet").unlink()
    (held / "metrics.jsonl").write_bytes((held / "metrics.jsonl").read_bytes()[:-4])
    with pytest.warns(UserWarning, match="torn by a crash"):
        found = gandiag.load(store)
    assert found.runs["iteration"].tolist() == [20, 15, 20, 10]


def test_a_run_that_says_it_is_running_but_whose_process_is_gone_is_interrupted(
    store: Path,
) -> None:
    set_manifest(store, 2, status="running", finished=None, success=None)
    runs = gandiag.load(store).runs
    assert runs["status"].tolist() == ["completed", "completed", "interrupted", "diverged"]
    assert runs["finished"][2] is None


def test_loading_writes_nothing(store: Path) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.stat().st_size)
            for path in sorted(store.rglob("*"))
        }

    before = state()
    gandiag.load(store)
    assert state() == before


def test_stray_files_and_folders_do_not_matter(store: Path) -> None:
    before = gandiag.load(store)
    (store / "notes.txt").write_text("mine", encoding="utf-8")
    (store / "report.html").write_text("<p>", encoding="utf-8")
    (store / "manifest.json").write_text("{", encoding="utf-8")
    (store / ".DS_Store").write_bytes(b"\0")
    (store / "empty").mkdir()
    for name, content in (("web", '{"name": "app"}'), ("list", "[]"), ("torn", "{")):
        (store / name).mkdir()
        (store / name / "manifest.json").write_text(content, encoding="utf-8")
    (store / "odd" / "manifest.json").mkdir(parents=True)
    (directory(store, 0) / ".manifest.json.4711").write_text("{", encoding="utf-8")
    after = gandiag.load(store)
    pd.testing.assert_frame_equal(before.runs, after.runs)
    pd.testing.assert_frame_equal(before.series, after.series)


def test_the_samples_of_a_run_are_its_first_its_last_and_some_between(finished: Path) -> None:
    found = gandiag.load(finished)
    frames = found.samples(found.runs["run"][0])
    assert frames.iterations.tolist() == [0, 5, 10, 15, 20]
    assert frames.values.shape[0] == 5
    assert frames.values.shape[2] == 1
    assert frames.values.dtype == np.float32
    mean = found.series.query("seed == 0")["mean"]
    assert frames.values.mean((1, 2), dtype=np.float64) == pytest.approx(mean.to_numpy(), rel=1e-6)


def test_the_samples_of_no_run_are_refused(store: Path) -> None:
    found = gandiag.load(store)
    with pytest.raises(StoreError, match="there is no run 'feed'"):
        found.samples("feed")
    (directory(store, 0) / "samples.npz").unlink()
    with pytest.raises(StoreError, match="has kept no samples yet"):
        found.samples(found.runs["run"][0])


def test_a_store_gives_back_its_experiment_and_what_is_needed_to_repeat_it(
    finished: Path, quick: dict[str, Any]
) -> None:
    found = gandiag.load(finished)
    assert found.experiments == {"": read_experiment("devnag-1d", quick)}
    assert found.provenance["versions"].keys() == {"gandiag", "numpy", "scripted"}
    assert found.provenance["command"] == "gandiag.sweep(...)"
    assert found.provenance["platform"].keys() == {"system", "python"}


def test_a_store_whose_runs_are_gone_has_the_same_columns(store: Path) -> None:
    for seed in range(4):
        shutil.rmtree(directory(store, seed))
    found = gandiag.load(store)
    assert {name: str(dtype) for name, dtype in found.runs.dtypes.items()} == RUNS
    assert found.runs.empty
    assert found.series.empty
    assert {"run", "seed", "phase", "iteration"} <= set(found.series)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"schema_version": 1, "base": {}}'])
def test_a_store_that_does_not_say_what_is_trained_is_refused(content: str, store: Path) -> None:
    (store / "sweep.json").write_text(content, encoding="utf-8")
    with pytest.raises(StoreError, match=r"sweep\.json"):
        gandiag.load(store)


def test_what_is_no_store_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"contains no sweep.*gandiag sweep --out"):
        gandiag.load(tmp_path)


@pytest.mark.parametrize("file", ["sweep.json", "manifest.json"])
def test_a_newer_store_is_refused(file: str, store: Path) -> None:
    path = (store if file == "sweep.json" else directory(store, 1)) / file
    write_json(path, read_json(path) | {"schema_version": 2})
    with pytest.raises(StoreError, match=r"written by a newer gandiag.*pip install --upgrade"):
        gandiag.load(store)


def test_a_store_loads_while_its_runs_are_going_on(
    sweeping: Callable[..., list[str]], start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    script = json.dumps({"delay_s": 0.01})
    words = sweeping(seeds="1,11,21", **{"schedule.iterations": 2000, "recording.every": 2})
    sweep = start(*words, "--jobs=1", GANDIAG_SCRIPT=script)
    lengths = [0]
    patience = time.monotonic() + 60
    while len(lengths) < 6 and time.monotonic() < patience:
        assert sweep.poll() is None
        if not list((tmp_path / "store").glob("*/metrics.jsonl")):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a line may be half there
            found = gandiag.load(tmp_path / "store")
        if len(found.series) > lengths[-1]:
            lengths.append(len(found.series))
            assert found.runs["status"].tolist() == ["running", "pending", "pending"]
            assert found.runs["iteration"][0] == found.series["iteration"].max()
            assert found.runs["success"].isna().all()
    assert len(lengths) == 6, "the series did not grow"


def test_a_store_on_a_file_system_that_may_not_be_written_to_loads(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_manifest(store, 2, status="running")
    real = os.open

    def read_only(path: Any, flags: int, *more: Any, **options: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(30, "Read-only file system")
        return real(path, flags, *more, **options)

    monkeypatch.setattr(os, "open", read_only)
    assert gandiag.load(store).runs["status"][2] == "interrupted"


def test_the_best_log_point_is_the_one_whose_weights_were_kept(
    quick: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GANDIAG_SCRIPT", '{"2": {"diverge": 7}, "3": {"diverge": 15}}')
    rule = {"stopping": {"column": "d_weight_norm", "goal": "high"}}
    found = gandiag.sweep(
        "devnag-1d", 4, backend="scripted", settings=quick | rule, out=tmp_path / "store"
    )
    kept = [read_weights(found.directory / path, "best").iteration for path in found.runs.directory]
    assert found.runs["best_at"].tolist() == kept
    assert found.runs["best_column"].tolist() == ["d_weight_norm"] * 4
    series = found.series.set_index(["run", "iteration"])["d_weight_norm"]
    for run in found.runs.itertuples():
        assert run.best_value == series[run.run, run.best_at]


def test_a_stopping_rule_whose_column_has_no_value_has_no_best_log_point(
    quick: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GANDIAG_SCRIPT", '{"1": {"diverge": 2}}')  # before its second log point
    rule = {"stopping": {"column": "d_loss", "goal": "low"}}
    runs = gandiag.sweep(
        "devnag-1d", 2, backend="scripted", settings=quick | rule, out=tmp_path / "store"
    ).runs
    assert runs["best_at"].isna().tolist() == [False, True]
    assert runs["best_value"].isna().tolist() == [False, True]
    assert runs["best_column"].isna().tolist() == [False, True]
