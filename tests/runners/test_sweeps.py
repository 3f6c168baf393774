"""The command line trains with real frameworks, from the words to the report."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import gandiag

pytestmark = pytest.mark.framework

SHORT = {"pretraining.iterations": 20, "schedule.iterations": 40, "recording.samples": 200}


def sweep(backend: str, seeds: str, out: Path, *more: str) -> dict[str, Any]:
    """Sweeps through the command line and reads its document."""
    settings = [f"--set={key}={value}" for key, value in SHORT.items()]
    words = ["sweep", "aylien-1d", f"--seeds={seeds}", f"--backend={backend}", f"--out={out}"]
    done = subprocess.run(
        [sys.executable, "-m", "gandiag", *words, "--device=cpu", "--json", *settings, *more],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("backend", ["torch", "tensorflow"])
def test_a_seed_of_a_sweep_is_the_seed_by_itself_and_the_report_names_it(
    backend: str, tmp_path: Path
) -> None:
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    document = sweep(backend, "0,1,9", tmp_path / "three")
    assert [run["status"] for run in document["runs"]] == ["completed"] * 3
    page = Path(document["report"]).read_text(encoding="utf-8")
    assert "Seed 9" in page
    alone = sweep(backend, "9-9", tmp_path / "one", "--no-report")
    assert alone["report"] is None
    both = [gandiag.load(tmp_path / name).series for name in ("three", "one")]
    series = [s[s["seed"] == 9].drop(columns=["wall_s"]).reset_index(drop=True) for s in both]
    assert len(series[0]) == 2 + 9
    assert series[0]["mean"].dropna().nunique() > 5
    assert series[0].equals(series[1])


def test_both_frameworks_in_one_store(tmp_path: Path) -> None:
    for backend in ("torch", "tensorflow"):
        if find_spec(backend) is None:
            pytest.skip(f"{backend} is not installed")
    document = sweep("both", "2", tmp_path / "both", "--no-report")
    pairs = [(run["backend"], run["seed"]) for run in document["runs"]]
    assert sorted(pairs) == [(b, s) for b in ("tensorflow", "torch") for s in (0, 1)]
    series = gandiag.load(tmp_path / "both").series
    first = series[(series["phase"] == "train") & (series["iteration"] == 0)]
    means = first.pivot_table(index="seed", columns="backend", values="mean")
    assert means["torch"].to_numpy() == pytest.approx(means["tensorflow"].to_numpy(), rel=1e-5)
