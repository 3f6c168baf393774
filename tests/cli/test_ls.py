"""``gandiag ls``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

import gandiag

Call = Callable[..., CompletedProcess[str]]


def ids(store: Path) -> list[str]:
    return gandiag.load(store).runs["run"].tolist()  # type: ignore[no-any-return]


def test_ls_prints_the_runs_of_a_store(finished: Path, call: Call) -> None:
    done = call("ls", str(finished))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == str(finished)
    for run in ids(finished):
        assert done.stdout.count(run[:8]) == 1
    assert "diverged at 7" in done.stdout
    assert "nan" in done.stdout


def test_ls_prints_every_store_of_a_folder(two_stores: Path, call: Call) -> None:
    lines = call("ls", str(two_stores)).stdout.splitlines()
    assert [line for line in lines if line.startswith(str(two_stores))] == [
        str(two_stores / "a"),
        str(two_stores / "b"),
    ]


def test_ls_reads_the_folder_runs_by_default(
    two_stores: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(two_stores.parent)
    assert call("ls").stdout.splitlines()[0] == "runs/a"


@pytest.mark.parametrize("several", [False, True])
def test_ls_json_is_one_document_for_any_number_of_stores(
    several: bool, two_stores: Path, call: Call
) -> None:
    document = json.loads(
        call("ls", str(two_stores if several else two_stores / "a"), "--json").stdout
    )
    assert document["schema"] == "gandiag.runs/1"
    assert [Path(held["store"]).name for held in document["stores"]] == ["a", "b"][: 1 + several]
    assert [run["seed"] for run in document["stores"][0]["runs"]] == [0, 1, 2, 3]
    assert "stores.0.runs.3.mean" in document["nonfinite"]
    assert all(path.split(".")[3] == "3" for path in document["nonfinite"])


def test_ls_prints_a_store_without_runs(store: Path, call: Call) -> None:
    for path in store.glob("scripted-*"):
        shutil.rmtree(path)
    assert call("ls", str(store)).returncode == 0
    document = json.loads(call("ls", str(store), "--json").stdout)
    assert document["stores"] == [{"store": str(store), "runs": []}]


def test_a_truncated_journal_gives_one_line_of_warning_on_stderr(store: Path, run: Call) -> None:
    (path,) = store.glob("scripted-0001-*")
    (path / "metrics.parquet").unlink()
    journal = path / "metrics.jsonl"
    journal.write_bytes(journal.read_bytes()[:-4])
    done = run("ls", str(store), "--json")
    assert done.returncode == 0
    assert done.stderr == f"warning: {journal}: dropped a last line that was torn by a crash\n"
    assert json.loads(done.stdout)["stores"][0]["runs"][1]["iteration"] == 15


def facts(document: dict[str, Any]) -> Any:
    return document["run"]["run"], document["run"]["directory"]


def test_show_finds_every_run_that_ls_lists(finished: Path, call: Call) -> None:
    listed = json.loads(call("ls", str(finished), "--json").stdout)["stores"][0]["runs"]
    for run in listed:
        shown = json.loads(call("show", run["run"], f"--store={finished}", "--json").stdout)
        assert facts(shown) == (run["run"], run["directory"])
