"""``gandiag import``: its options reach the importer, and bad ones are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import gandiag

Call = Callable[..., CompletedProcess[str]]

LOG = "step,critic,gen,rate\n0,1.4,0.7,0.1\n10,1.3,0.8,0.1\n20,1.2,0.9,0.1\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A table whose losses have unusual names."""
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    return tmp_path / "log.csv"


def test_losses_and_other_columns_are_mapped_by_options(
    log: Path, call: Call, tmp_path: Path
) -> None:
    out = tmp_path / "store"
    options = ("--d-loss=critic", "--g-loss=gen", "--map=lr=rate", "--seed=7", "--json")
    done = call("import", str(log), f"--out={out}", *options)
    document = json.loads(done.stdout)
    assert (done.returncode, document["schema"]) == (0, "gandiag.import/1")
    assert document["runs"][0]["columns"] == {"d_loss": "critic", "g_loss": "gen", "lr": "rate"}
    results = gandiag.load(out)
    assert results.runs["seed"].tolist() == [7]
    assert results.series["g_loss"].tolist() == [0.7, 0.8, 0.9]
    assert results.provenance["command"].startswith("gandiag import ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--map=lr"], "--map 'lr' is not an assignment; write NAME=TAG"),
        (["--map=lr="], "is not an assignment"),
        (["--map=lr=rate", "--map=lr=gen"], "--map names 'lr' twice"),
    ],
)
def test_an_invalid_map_is_refused(
    options: list[str], message: str, log: Path, call: Call, tmp_path: Path
) -> None:
    done = call("import", str(log), f"--out={tmp_path / 'store'}", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert not (tmp_path / "store").exists()
