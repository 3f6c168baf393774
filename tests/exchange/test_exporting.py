"""The command ``export``: the files contain exactly what was recorded."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pandas as pd
import pytest

import gandiag

Call = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two runs of a loop: one diverges, the other has a column of its own."""
    place = tmp_path_factory.mktemp("lost") / "store"
    for seed in (0, 1):
        with gandiag.Monitor(place, every=2, seed=seed, real=np.arange(50.0)) as monitor:
            for step in range(1, 8):
                loss = math.nan if step > 5 and seed == 0 else 1 / (step + 3 * seed)
                more = {"own": step / 3} if seed and step > 4 else {}
                monitor.log(step, d_loss=loss, g_loss=-loss, d_updates=2, g_updates=1, **more)
                if monitor.wants_samples(step) and step > 2:
                    monitor.log_samples(step, fake=np.linspace(0, step, 40))
    return place


def test_a_table_distinguishes_nan_from_missing_values(
    lost: Path, call: Call, tmp_path: Path
) -> None:
    done = call("export", str(lost), "-o", str(tmp_path / "out"))
    assert done.returncode == 0
    assert done.stdout.split() == [str(tmp_path / "out" / f"{n}.csv") for n in ("runs", "series")]
    raw = pd.read_csv(tmp_path / "out" / "series.csv", dtype=str, keep_default_na=False)
    late = raw[(raw["seed"] == "0") & (raw["iteration"].astype(int) > 5)]
    assert set(late["d_loss"]) == {"nan"}
    assert set(raw.loc[raw["seed"] == "0", "own"]) == {""}
    runs = pd.read_csv(tmp_path / "out" / "runs.csv")
    assert runs["status"].tolist() == ["diverged", "completed"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_contains_the_series(kind: str, lost: Path, call: Call, tmp_path: Path) -> None:
    call("export", str(lost), f"--format={kind}", "-o", str(tmp_path / "out"))
    path = tmp_path / "out" / f"series.{kind}"
    text = {"run": str, "point": str}
    found = pd.read_csv(path, dtype=text) if kind == "csv" else pd.read_parquet(path)
    found["point"] = found["point"].fillna("")
    held = gandiag.load(lost).series
    pd.testing.assert_frame_equal(found, held, check_dtype=False)


def test_a_series_survives_export_to_and_import_from_tensorboard(
    lost: Path, call: Call, tmp_path: Path
) -> None:
    pytest.importorskip("tensorboard")
    done = call("export", str(lost), "--format=tensorboard", "-o", str(tmp_path / "events"))
    assert done.returncode == 0, done.stderr
    done = call("import", str(tmp_path / "events"), f"--out={tmp_path / 'back'}")
    assert done.returncode == 0, done.stderr
    before, after = gandiag.load(lost), gandiag.load(tmp_path / "back")
    assert after.runs["status"].tolist() == before.runs["status"].tolist()
    assert after.runs["diverged_at"].tolist()[0] == 6
    kept = [c for c in before.series if c not in ("run", "backend", "wall_s")]
    pd.testing.assert_frame_equal(after.series[kept], before.series[kept], check_dtype=False)
    assert after.series["wall_s"].to_numpy() == pytest.approx(
        (before.series["wall_s"] - before.series.groupby("run")["wall_s"].transform("first")),
        abs=1e-3,
    )


def test_tags_of_the_pretraining_have_a_prefix(
    sweeping: Callable[..., list[str]], call: Call, tmp_path: Path
) -> None:
    board = pytest.importorskip("gandiag.exchange.tensorboard")
    pytest.importorskip("tensorboard")
    settings = {"pretraining.iterations": 10}
    call(*sweeping(seeds="1", preset="aylien-1d", **settings))
    done = call("export", str(tmp_path / "store"), "--format=tensorboard")
    assert done.returncode == 0, done.stderr
    (log,) = board.read(board.locate(tmp_path / "store-tensorboard")[0])
    assert {"d_loss", "pretrain/d_loss"} <= set(log.tags)


def test_json_prints_one_document(lost: Path, call: Call, tmp_path: Path) -> None:
    done = call("export", str(lost), "--format=parquet", "-o", str(tmp_path / "out"), "--json")
    document = json.loads(done.stdout)
    assert document["schema"] == "gandiag.export/1"
    assert document["files"] == ["runs.parquet", "series.parquet"]


def test_a_damaged_journal_is_replaced_by_the_series(
    store: Path, call: Call, tmp_path: Path
) -> None:
    journal = next(store.glob("*/metrics.jsonl"))
    journal.write_text("{torn\n" + journal.read_text(encoding="utf-8"), encoding="utf-8")
    call("export", str(store), "--format=parquet", "-o", str(tmp_path / "out"))
    found = pd.read_parquet(tmp_path / "out" / "series.parquet")
    assert len(found) == len(gandiag.load(store).series)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{nowhere}"], "contains no sweep"),
        (["{store}", "--format=cvs"], "no format 'cvs'; did you mean 'csv'?"),
        (["{store}", "-o", "{store}"], "already exists; choose another folder with -o"),
        (["{store}", "-o", "{store}/sweep.json/x"], "cannot write"),
    ],
)
def test_an_invalid_export_is_refused_and_writes_nothing(
    words: list[str], said: str, store: Path, call: Call, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    given = [w.format(store=store, nowhere=tmp_path / "nowhere") for w in words]
    done = call("export", *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_failed_export_leaves_no_files(
    store: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    done = call("export", str(store), "--format=parquet", "-o", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["store"]
