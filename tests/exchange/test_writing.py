"""Imported runs are written completely, or the store stays as it was."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import gandiag
from gandiag.errors import StoreError
from gandiag.exchange.writing import ImportedRun, write
from gandiag.monitoring.coercion import recorded_loop

LOOP = recorded_loop("gan")


def run(seed: int, digest: str = "a", **more: Any) -> ImportedRun:
    rows = [{"phase": "train", "iteration": k, "d_loss": 1.0 / (k + 1)} for k in range(3)]
    facts: dict[str, Any] = {
        "kind": "csv", "digest": digest, "rows": rows, "status": "completed",
        "diverged_at": None, "wall_s": math.nan, "notes": {"imported": "csv"}, "command": "import",
    }  # fmt: skip
    return ImportedRun(seed=seed, **facts | more)


def test_runs_are_written_with_their_outcome(tmp_path: Path) -> None:
    messages: list[str] = []
    lost = run(1, status="diverged", diverged_at=2, wall_s=1.5)
    write(tmp_path / "store", LOOP, [run(0), lost], messages.append)
    runs = gandiag.load(tmp_path / "store").runs
    assert runs["status"].tolist() == ["completed", "diverged"]
    assert runs["diverged_at"].tolist()[1] == 2
    assert runs["wall_s"].tolist()[1] == 1.5
    assert [message.rpartition(" (")[2] for message in messages] == ["1 of 2)", "2 of 2)"]


def test_the_same_seed_of_another_log_is_another_run() -> None:
    first, second, again = (run(0, digest).manifest(LOOP).run for digest in "aba")
    assert first == again
    assert first != second


def test_a_seed_that_exists_is_refused_with_a_free_one(tmp_path: Path) -> None:
    write(tmp_path / "store", LOOP, [run(0), run(4)], lambda message: None)
    with pytest.raises(StoreError, match=r"already has runs of seed 4\. Start at .* --seed 5"):
        write(tmp_path / "store", LOOP, [run(4), run(7)], lambda message: None)
    assert gandiag.load(tmp_path / "store").runs["seed"].tolist() == [0, 4]


def test_an_interruption_leaves_no_trace(tmp_path: Path) -> None:
    def interrupt(message: str) -> None:
        if "(2 of 2)" in message:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "new" / "store", LOOP, [run(0), run(1)], interrupt)
    assert list(tmp_path.iterdir()) == []
