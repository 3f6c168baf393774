"""``gandiag ls``, ``show``, ``rm`` and ``report``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

import gandiag
from gandiag.store.results import Results

Call = Callable[..., CompletedProcess[str]]


def ids(store: Path) -> list[str]:
    return gandiag.load(store).runs["run"].tolist()  # type: ignore[no-any-return]


@pytest.fixture
def two(finished: Path, tmp_path: Path) -> Path:
    """A folder with two stores and things that are none."""
    for name in ("a", "b"):
        shutil.copytree(finished, tmp_path / "runs" / name)
    (tmp_path / "runs" / "empty").mkdir()
    (tmp_path / "runs" / "notes.txt").write_text("mine", encoding="utf-8")
    return tmp_path / "runs"


def test_ls_prints_the_runs_of_a_store(finished: Path, call: Call) -> None:
    done = call("ls", str(finished))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == str(finished)
    for run in ids(finished):
        assert done.stdout.count(run[:8]) == 1
    assert "diverged at 7" in done.stdout
    assert "nan" in done.stdout


def test_ls_prints_every_store_of_a_folder(two: Path, call: Call) -> None:
    lines = call("ls", str(two)).stdout.splitlines()
    assert [line for line in lines if line.startswith(str(two))] == [str(two / "a"), str(two / "b")]


def test_ls_looks_into_runs_unless_told(
    two: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(two.parent)
    assert call("ls").stdout.splitlines()[0] == "runs/a"


@pytest.mark.parametrize("several", [False, True])
def test_ls_json_is_one_document_however_many_stores(several: bool, two: Path, call: Call) -> None:
    document = json.loads(call("ls", str(two if several else two / "a"), "--json").stdout)
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


def test_a_torn_journal_is_a_warning_of_one_line_and_no_part_of_the_result(
    store: Path, run: Call
) -> None:
    (path,) = store.glob("scripted-0001-*")
    (path / "metrics.parquet").unlink()
    journal = path / "metrics.jsonl"
    journal.write_bytes(journal.read_bytes()[:-4])
    done = run("ls", str(store), "--json")
    assert done.returncode == 0
    assert done.stderr == f"warning: {journal}: dropped a last line that was torn by a crash\n"
    assert json.loads(done.stdout)["stores"][0]["runs"][1]["iteration"] == 15


@pytest.mark.parametrize("length", [12, 5])
def test_show_prints_a_run_by_the_beginning_of_its_id(
    length: int, finished: Path, call: Call
) -> None:
    run = ids(finished)[1]
    done = call("show", run[:length], "--store", str(finished))
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["run", run] in lines
    assert ["status", "completed"] in lines
    assert ["iteration", "20"] in lines


def test_show_finds_a_run_by_its_directory_in_a_folder_of_stores(two: Path, call: Call) -> None:
    shutil.rmtree(two / "b")
    assert call("show", "scripted-0002", "--store", str(two)).returncode == 0


def test_show_json_keeps_what_is_not_finite_apart_from_what_is_missing(
    finished: Path, call: Call
) -> None:
    done = call("show", ids(finished)[3], "--store", str(finished), "--json")
    document = json.loads(done.stdout)
    assert document["schema"] == "gandiag.run/1"
    assert document["run"]["diverged_at"] == 7
    assert document["run"]["error"] is None
    assert document["last"]["iteration"] == 10
    assert document["last"]["mean"] is None
    assert "last.mean" in document["nonfinite"]
    assert not [path for path in document["nonfinite"] if path.startswith("run.")]


def test_show_of_a_run_that_has_not_begun_has_no_last_row(store: Path, call: Call) -> None:
    (path,) = store.glob("scripted-0001-*")
    for name in ("metrics.jsonl", "metrics.parquet"):
        (path / name).unlink()
    document = json.loads(call("show", "scripted-0001", "--store", str(store), "--json").stdout)
    assert document["last"] == {}
    assert document["run"]["iteration"] == 0


def test_rm_removes_a_store(store: Path, call: Call) -> None:
    done = call("rm", str(store), "--yes")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"removed {store}\n"
    assert not store.exists()


def test_rm_removes_one_run(store: Path, call: Call) -> None:
    first, second, *rest = ids(store)
    done = call("rm", second, "--store", str(store), "-y")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"removed run {second} of {store}\n"
    assert ids(store) == [first, *rest]


@pytest.mark.parametrize(("answer", "code", "left"), [("y", 0, False), ("n", 1, True)])
def test_rm_asks_on_a_terminal(
    answer: str, code: int, left: bool, store: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return f"{answer}\n"

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda *prompt: answer)
    assert call("rm", str(store)).returncode == code
    assert store.exists() == left


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> list[Results]:
    """Puts a plain report in the place of the real one, and notes what it was given."""
    given: list[Results] = []

    def render(results: Results) -> str:
        given.append(results)
        return "<p>ä</p>"

    monkeypatch.setattr("gandiag.plugins.report", lambda kind: render)
    return given


def test_report_writes_into_the_store_and_prints_where(
    store: Path, call: Call, page: list[Results]
) -> None:
    done = call("report", str(store))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{store / 'report.html'}\n", "")
    assert (store / "report.html").read_bytes() == "<p>ä</p>".encode()
    assert [results.directory for results in page] == [store]


def test_report_writes_where_it_is_told(
    store: Path, call: Call, page: list[Results], tmp_path: Path
) -> None:
    place = tmp_path / "page.html"
    assert call("report", str(store), "-o", str(place)).stdout == f"{place}\n"
    assert place.exists()
    assert not (store / "report.html").exists()


def test_the_report_that_is_shipped_renders_a_store(store: Path, run: Call) -> None:
    done = run("report", str(store))
    assert (done.returncode, done.stderr) == (0, "")
    text = (store / "report.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") or text.startswith("<!DOCTYPE html>")
    for found in ids(store):
        assert found[:8] in text


def facts(document: dict[str, Any]) -> Any:
    return document["run"]["run"], document["run"]["directory"]


def test_what_ls_names_show_finds(finished: Path, call: Call) -> None:
    listed = json.loads(call("ls", str(finished), "--json").stdout)["stores"][0]["runs"]
    for run in listed:
        shown = json.loads(call("show", run["run"], f"--store={finished}", "--json").stdout)
        assert facts(shown) == (run["run"], run["directory"])
