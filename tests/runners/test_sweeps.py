"""The command line trains with real frameworks, from the words to the report."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

import gandiag

pytestmark = pytest.mark.framework

SHORT = {"pretraining.iterations": 20, "schedule.iterations": 40, "recording.samples": 200}


BACKENDS = [name for name in ("torch", "tensorflow") if find_spec(name) is not None]
"""Those that are installed."""


def sweep(seeds: str, out: Path, *more: str) -> dict[str, Any]:
    """Sweeps with all of them through the command line and reads its document."""
    settings = [f"--set={key}={value}" for key, value in SHORT.items()]
    backend = "both" if len(BACKENDS) == 2 else BACKENDS[0]
    words = ["sweep", "aylien-1d", f"--seeds={seeds}", f"--backend={backend}", f"--out={out}"]
    done = subprocess.run(
        [sys.executable, "-m", "gandiag", *words, "--device=cpu", "--json", *settings, *more],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def swept(shared: Path) -> dict[str, dict[str, Any]]:
    """The documents of a sweep of three seeds, and of one of the last of them by itself."""
    if not BACKENDS:
        pytest.skip("neither torch nor tensorflow is installed")
    told = shared / "swept.json"
    with FileLock(f"{told}.lock"):
        if not told.exists():
            three = sweep("0,1,9", shared / "three")
            alone = sweep("9-9", shared / "alone", "--no-report")
            told.write_text(json.dumps({"three": three, "alone": alone}))
    found: dict[str, dict[str, Any]] = json.loads(told.read_text())
    return found


@pytest.mark.parametrize("backend", ["torch", "tensorflow"])
def test_a_seed_in_a_sweep_equals_the_seed_alone(
    backend: str, swept: dict[str, dict[str, Any]]
) -> None:
    if backend not in BACKENDS:
        pytest.skip(f"{backend} is not installed")
    both = [gandiag.load(found["store"]).series for found in swept.values()]
    series = [
        s[(s["backend"] == backend) & (s["seed"] == 9)]
        .drop(columns=["wall_s"])
        .reset_index(drop=True)
        for s in both
    ]
    assert len(series[0]) == 2 + 9
    assert series[0]["mean"].dropna().nunique() > 5
    assert series[0].equals(series[1])


def test_the_report_names_every_seed_unless_there_is_to_be_none(
    swept: dict[str, dict[str, Any]],
) -> None:
    page = Path(swept["three"]["report"]).read_text(encoding="utf-8")
    assert all(f"Seed {seed}" in page for seed in (0, 1, 9))
    assert swept["alone"]["report"] is None


def test_both_frameworks_in_one_store(swept: dict[str, dict[str, Any]]) -> None:
    three = swept["three"]
    ended = [(run["backend"], run["seed"], run["status"]) for run in three["runs"]]
    assert sorted(ended) == [
        (backend, seed, "completed") for backend in sorted(BACKENDS) for seed in (0, 1, 9)
    ]
    if len(BACKENDS) < 2:
        pytest.skip(f"{BACKENDS} alone is installed")
    series = gandiag.load(three["store"]).series
    first = series[(series["phase"] == "train") & (series["iteration"] == 0)]
    means = first.pivot_table(index="seed", columns="backend", values="mean")
    assert means["torch"].to_numpy() == pytest.approx(means["tensorflow"].to_numpy(), rel=1e-5)
