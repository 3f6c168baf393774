"""A monitor's run in a store: refused, set aside, or continued."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import gandiag
from gandiag.errors import StoreBusyError
from gandiag.monitoring.coercion import recorded_loop
from gandiag.monitoring.sinks import MemorySink, open_run, prepare_store

from .loops import REAL, play

RNG = np.random.default_rng(0)


def test_the_store_of_another_experiment_is_refused(finished: Path) -> None:
    with pytest.raises(gandiag.UsageError, match="holds another configuration"):
        gandiag.Monitor(finished)


def test_a_seed_with_other_options_is_refused(home: Path) -> None:
    gandiag.Monitor(home, options={"lr": 1e-3}).close()
    with pytest.raises(gandiag.UsageError, match=r"options.lr: stored 0.001, asked 0.01"):
        gandiag.Monitor(home, seed=1, options={"lr": 1e-2})


def test_a_finished_seed_is_refused(home: Path) -> None:
    gandiag.Monitor(home).close()
    with pytest.raises(gandiag.UsageError, match="already has a run of seed 0, completed"):
        gandiag.Monitor(home)


def test_a_replaced_run_is_set_aside(home: Path) -> None:
    for loss in (1.0, 2.0, 3.0):
        with gandiag.Monitor(home, existing="replace") as monitor:
            monitor.log(0, d_loss=loss)
    assert gandiag.load(home).series["d_loss"].tolist() == [3]
    kept = sorted((home / "aside").glob("*/metrics.jsonl"))
    assert [json.loads(path.read_text())["d_loss"] for path in kept] == [1, 2]


def test_a_continued_run_appends_its_rows_and_frames(home: Path) -> None:
    with gandiag.Monitor(home, real=REAL) as monitor:
        play(monitor, steps=201)
    with gandiag.Monitor(home, real=REAL, existing="continue") as monitor:
        for step in range(201, 401):
            monitor.log(step, d_loss=1.0, d_updates=2)
            if monitor.wants_samples(step):
                monitor.log_samples(step, fake=REAL[:100])
    results = gandiag.load(home)
    assert results.series["iteration"].tolist() == [0, 100, 200, 300, 400]
    assert results.series["d_updates"].tolist() == [2, 202, 402, 602, 802]
    frames = results.samples(results.runs["run"][0])
    assert frames.iterations.tolist() == [0, 100, 200, 300, 400]


def test_a_sink_in_memory_keeps_what_it_is_given() -> None:
    sink = MemorySink()
    sink.append({"iteration": 0})
    sink.note(a="1")
    sink.note(b="2")
    sink.keep_frames({0: np.zeros((3, 1), np.float32)})
    sink.keep_frames({5: np.ones((3, 1), np.float32)})
    sink.finish("completed", 0.0)
    assert sink.rows == [{"iteration": 0}]
    assert sink.notes == {"a": "1", "b": "2"}
    assert list(sink.frames) == [5]
    assert sink.status == "completed"


def test_a_run_is_locked_until_it_ends(home: Path) -> None:
    loop = recorded_loop("loop")
    prepare_store(home, loop)
    sink = open_run(home, loop, 0, "refuse")
    with pytest.raises(StoreBusyError):
        open_run(home, loop, 0, "replace")
    sink.finish("interrupted", 0.0)
    again = open_run(home, loop, 0, "refuse")
    again.finish("completed", 0.0)
    assert [path.name for path in (home / "aside").iterdir()] == [f"{again.directory.name}.1"]
