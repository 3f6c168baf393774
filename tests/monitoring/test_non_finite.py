"""Losses and samples that are NaN or infinite."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

import gandiag
from gandiag.monitoring.log_buffer import Block, LogBuffer
from gandiag.monitoring.non_finite import NonFinite

from .loops import REAL, play

RNG = np.random.default_rng(0)


def test_a_non_finite_loss_advises_to_stop_and_ends_the_run_as_diverged(home: Path) -> None:
    with gandiag.Monitor(home, real=REAL, success={"mean": (3, 5)}) as monitor:
        assert play(monitor, steps=1000, lost_from=150) == 201
    run = gandiag.load(home).runs.iloc[0]
    assert (run["status"], run["diverged_at"], run["success"]) == ("diverged", 150, False)


def test_a_loss_that_recovers_is_an_event_and_not_a_divergence(home: Path) -> None:
    with gandiag.Monitor(home) as monitor:
        for step in range(300):
            monitor.log(step, d_loss=math.inf if step == 120 else 1.0)
    results = gandiag.load(home)
    assert results.runs["status"].tolist() == ["completed"]
    lines = (home / results.runs["directory"][0] / "events.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert [(e["event"], e["iteration"]) for e in events] == [("not finite", 120)]
    assert results.runs["verdict"].tolist() == ["undecided"]


def test_one_column_that_recovers_does_not_hide_another_that_does_not(home: Path) -> None:
    with gandiag.Monitor(home) as monitor:
        for step in range(250):
            monitor.log(step, d_loss=math.nan if step >= 130 else 1.0, g_loss=1.0)
            monitor.log(step, validation=0.5 if step != 40 else math.inf)
    run = gandiag.load(home).runs.iloc[0]
    assert (run["status"], run["diverged_at"]) == ("diverged", 130)


def test_divergence_begins_with_the_last_non_finite_streak(home: Path) -> None:
    with gandiag.Monitor(home) as monitor:
        for step in range(50):
            monitor.log(step, d_loss=math.nan if step in (3, 4) or step >= 20 else 1.0)
    assert gandiag.load(home).runs["diverged_at"].tolist() == [20]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_non_finite_samples_end_the_run_as_diverged(home: Path, bad: float) -> None:
    with gandiag.Monitor(home, real=REAL) as monitor:
        monitor.log_samples(0, fake=[1.0, bad, 2.0])
        assert monitor.should_stop
    row = gandiag.load(home).series.iloc[0]
    assert math.isnan(row["mean"])
    assert math.isnan(row["wasserstein"])
    assert gandiag.load(home).runs["status"].tolist() == ["diverged"]


def test_blocks_of_any_size_give_the_same_streaks_and_events() -> None:
    finite = [True, False, False, True, True, False, True, False, False]
    for size in (1, 2, 3, 9):
        events: list[tuple[str, int]] = []
        tracker = NonFinite(lambda name, step, to=events: to.append((name, step)))
        for start in range(0, len(finite), size):
            buffer = LogBuffer()
            for step in range(start, min(start + size, len(finite))):
                buffer.add(step, {"d_loss": 1.0 if finite[step] else math.inf}, None, None)
            for block in buffer.drain():
                tracker.check_block(block)
        assert tracker.since == 7
        assert events[0] == ("d_loss", 1)


def block(start: int, **columns: list[float]) -> Block:
    buffer = LogBuffer()
    for k in range(len(next(iter(columns.values())))):
        buffer.add(start + k, {name: values[k] for name, values in columns.items()}, None, None)
    return buffer.drain()[0]


def test_each_column_recovers_by_itself() -> None:
    tracker = NonFinite(lambda name, step: None)
    tracker.check_block(block(0, d_loss=[1.0, 1.0, 1.0, math.inf]))
    tracker.check_samples(5, False)
    assert tracker.since == 3
    tracker.check_block(block(6, d_loss=[1.0]))
    assert tracker.since == 5
    tracker.check_samples(7, True)
    assert tracker.since is None


@pytest.mark.parametrize("every", [2, 5, 10, 37])
@pytest.mark.parametrize("column", ["g_loss", "val_fid"])
def test_a_column_that_is_nan_as_a_rule_is_not_measured(
    home: Path, every: int, column: str
) -> None:
    with gandiag.Monitor(home) as monitor:
        for step in range(1097):
            value = 0.7 + 0.1 * math.sin(step**2) if step % every == 0 else math.nan
            monitor.log(step, d_loss=1.4 + 0.1 * math.cos(step**2), **{column: value})
            assert not monitor.should_stop
    results = gandiag.load(home)
    assert results.runs["status"].tolist() == ["completed"]
    assert results.runs["verdict"].tolist() != ["diverging"]
    assert results.series[column].dropna().between(0.6, 0.8).all()
    assert results.series[column].notna().any()


def test_a_loss_of_one_player_that_stays_away_for_good_is_lost(home: Path) -> None:
    with gandiag.Monitor(home) as monitor:
        for step in range(1000):
            moves = step % 5 == 0 and step < 500
            monitor.log(step, d_loss=1.0, g_loss=0.7 if moves else math.nan)
    assert gandiag.load(home).runs["diverged_at"].tolist() == [496]
