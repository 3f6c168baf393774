"""``gandiag export``: where the files go, and what is printed where."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pandas as pd

import gandiag

Call = Callable[..., CompletedProcess[str]]


def test_files_go_next_to_the_store_and_their_names_to_stdout(store: Path, call: Call) -> None:
    done = call("export", str(store))
    folder = store.with_name("store-csv")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [str(folder / "runs.csv"), str(folder / "series.csv")]
    assert "reading run" in done.stderr
    runs = pd.read_csv(folder / "runs.csv")
    assert runs["run"].tolist() == gandiag.load(store).runs["run"].tolist()


def test_the_document_names_format_folder_and_files(
    store: Path, call: Call, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = call("export", str(store), "--format=parquet", "-o", str(out), "--json")
    document = json.loads(done.stdout)
    assert document["schema"] == "gandiag.export/1"
    assert (document["format"], document["out"]) == ("parquet", str(out))
    assert all((out / name).exists() for name in document["files"])


def test_an_unknown_format_is_refused(store: Path, call: Call) -> None:
    done = call("export", str(store), "--format=xml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no format 'xml'" in done.stderr
