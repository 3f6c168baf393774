"""The command ``import``: all logs or nothing, and one clear message."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import gandiag
from gandiag.errors import StoreError
from gandiag.exchange.importing import ImportRequest, import_logs

Call = Callable[..., CompletedProcess[str]]

TABLE = "iteration,Loss_D,Loss_G,lr\n0,1,2,0.1\n5,1.5,2.5,0.1\n"


def tables(folder: Path, *texts: str) -> list[str]:
    paths = [folder / f"log-{k}.csv" for k in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return [str(path) for path in paths]


def test_the_output_names_the_column_of_every_tag(call: Call, tmp_path: Path) -> None:
    out = f"--out={tmp_path / 'store'}"
    done = call("import", *tables(tmp_path, TABLE), out, "--map=rate=lr", "--g-loss=Loss_G")
    assert done.returncode == 0
    assert "d_loss is Loss_D (guessed from the name; change it with --d-loss" in done.stdout
    assert "g_loss is Loss_G\n" in done.stdout
    assert "rate is lr\n" in done.stdout
    assert f"store: {tmp_path / 'store'}" in done.stdout
    assert "reading" in done.stderr
    series = gandiag.load(tmp_path / "store").series
    assert series[["iteration", "d_loss", "g_loss", "rate"]].to_numpy().tolist() == [
        [0, 1, 2, 0.1],
        [5, 1.5, 2.5, 0.1],
    ]


def test_json_prints_one_document(call: Call, tmp_path: Path) -> None:
    log = TABLE + "5,nan,3,0.1\n"
    done = call("import", *tables(tmp_path, log), f"--out={tmp_path / 's'}", "--json", "--seed=4")
    document = json.loads(done.stdout)
    assert document["schema"] == "gandiag.import/1"
    (run,) = document["runs"]
    assert (run["seed"], run["status"], run["diverged_at"]) == (4, "diverged", 5)
    assert (run["rows"], run["repeated"], run["superseded"]) == (2, 3, 0)
    assert run["columns"] == {"d_loss": "Loss_D", "g_loss": "Loss_G", "lr": "lr"}
    assert run["guessed"] == ["d_loss", "g_loss"]


def test_logs_are_numbered_and_more_can_come_later(call: Call, tmp_path: Path) -> None:
    logs = tables(tmp_path, TABLE, TABLE.replace("1.5", "1.25"), TABLE)
    store = tmp_path / "store"
    words = ["--name=x", f"--out={store}"]
    assert call("import", *logs[:2], *words).returncode == 0
    done = call("import", logs[2], *words)
    assert done.returncode == 2
    assert "already has runs of seed 0. Start at another with --seed 2" in done.stderr
    assert call("import", logs[2], *words, "--seed=2").returncode == 0
    found = gandiag.load(store)
    assert found.runs["seed"].tolist() == [0, 1, 2]
    assert found.runs["run"].nunique() == 3
    last = found.series.groupby("seed")["d_loss"].last()
    assert last.tolist() == [1.5, 1.25, 1.5]


def test_success_of_an_import_is_unknown(call: Call, tmp_path: Path) -> None:
    call("import", *tables(tmp_path, TABLE), f"--out={tmp_path / 'store'}")
    runs = gandiag.load(tmp_path / "store").runs
    assert runs["status"].tolist() == ["completed"]
    assert runs["success"].isna().all()
    assert runs["wall_s"].isna().all()


def test_a_log_diverges_by_its_last_losses_or_without_losses_by_any_column(
    call: Call, tmp_path: Path
) -> None:
    text = "step,d_loss,fid\n0,nan,1\n1,1,nan\n"
    call("import", *tables(tmp_path, text), f"--out={tmp_path / 'a'}")
    assert gandiag.load(tmp_path / "a").runs["status"].tolist() == ["completed"]
    call("import", *tables(tmp_path, "step,fid,kid\n0,1,1\n1,inf,1\n"), f"--out={tmp_path / 'b'}")
    assert gandiag.load(tmp_path / "b").runs["diverged_at"].tolist() == [1]


def test_a_resumed_log_needs_the_option_resumed(call: Call, tmp_path: Path) -> None:
    text = "step,d_loss\n0,1\n5,2\n9,3\n4,4\n"
    out = f"--out={tmp_path / 'store'}"
    done = call("import", *tables(tmp_path, text), out)
    assert done.returncode == 2
    assert "line 5: the step of 'd_loss' falls from 9 to 4" in done.stderr
    done = call("import", *tables(tmp_path, text), out, "--resumed")
    assert "2 values were logged again after a restart" in done.stdout
    assert gandiag.load(tmp_path / "store").series["d_loss"].tolist() == [1.0, 4.0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["absent.csv"], "absent.csv does not exist"),
        (["{good}", "--seed=-1"], "--seed -1: a seed is at least 0"),
        (["{good}", "--d-loss=Los_D"], "no tag 'Los_D'; did you mean 'Loss_D'?"),
        (["{good}", "--map=d_loss"], "--map 'd_loss' is not an assignment; write NAME=TAG"),
        (["{good}", "--map=x=lr", "--map=x=Loss_D"], "--map names 'x' twice"),
        (["{good}", "--map=phase=lr"], "'phase' is a column of every row"),
        (["{good}", "--step=lrr"], "no column 'lrr'; did you mean 'lr'?"),
        (["{good}", "--format=tensorbord"], "no format 'tensorbord'; did you mean 'tensorboard'?"),
        (["{good}", "--format=mlflow"], "{good} has no logs"),
        (["{good}", "{bad}"], "{bad}, line 3: 'x' in column 'd_loss' is not a number"),
        (["{folder}"], "{folder} has no logs"),
    ],
)
def test_an_invalid_import_is_refused_and_writes_nothing(
    words: list[str], said: str, call: Call, tmp_path: Path
) -> None:
    good, bad = tables(tmp_path, TABLE, "step,d_loss\n0,1\n1,x\n")
    (tmp_path / "folder").mkdir()
    names = {"good": good, "bad": bad, "folder": str(tmp_path / "folder")}
    before = sorted(tmp_path.rglob("*"))
    given = [word.format(**names) for word in words]
    done = call("import", *given, f"--out={tmp_path / 'new' / 'store'}")
    assert (done.returncode, done.stdout) == (2, "")
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert said.format(**names) in errors[0]
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_wandbs_own_database_is_refused_with_instructions(call: Call, tmp_path: Path) -> None:
    (tmp_path / "run-1.wandb").write_bytes(b":W&B")
    done = call("import", str(tmp_path / "run-1.wandb"))
    assert done.returncode == 2
    assert "scan_history" in done.stderr


def contents(store: Path) -> dict[Path, bytes]:
    files = [path for path in store.rglob("*") if path.is_file() and path.name != ".owner.json"]
    return {path: path.read_bytes() for path in files}


@pytest.mark.parametrize("held", [False, True])
def test_a_full_disk_leaves_the_store_as_it_was(
    held: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = map(Path, tables(tmp_path, TABLE, TABLE))
    store = tmp_path / "store"
    if held:
        import_logs(ImportRequest([first], store, "x"))
    before = contents(store)
    calls = iter([None, OSError(28, "No space left on device")])

    def write(*_: object) -> None:
        error = next(calls)
        if error is not None:
            raise error

    monkeypatch.setattr("gandiag.store.run._write_series", write)
    with pytest.raises(OSError, match="No space left"):
        import_logs(ImportRequest([first, second], store, "x", seed=5))
    assert contents(store) == before
    assert store.exists() is held


def test_another_kind_of_store_is_refused(store: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"already|another configuration"):
        import_logs(ImportRequest([Path(tables(tmp_path, TABLE)[0])], store, seed=9))
