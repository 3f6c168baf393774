"""The verdict on a loop while it runs, and the advice to stop."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gandiag
from gandiag.analysis.record import Record
from gandiag.analysis.verdict import Verdict
from gandiag.diagnosis import live
from gandiag.diagnosis.live import judge
from gandiag.diagnosis.records import record_of
from gandiag.errors import UsageError
from gandiag.experiment.recorded import Recorded
from gandiag.store.journal import read_journal

REAL = np.random.default_rng(0).normal(4.0, 0.5, 2000)
STEPS = 201


def healthy(step: int) -> float:
    return 0.0


def diverging(step: int) -> float:
    """The distance of the samples: they reach the data, and later leave them for good."""
    return max(1 - step / 40, 0) + max(0, step - 120) / 8


def play(
    monitor: gandiag.Monitor,
    distance: Callable[[int], float],
    begin: int = 0,
    end: int = STEPS,
    sampled: int = 1,
) -> int | None:
    """Runs a loop; returns the first step at which it was advised to stop, if any."""
    advised = None
    for step in range(begin, end):
        rng = np.random.default_rng(step)
        losses = {"d_loss": 1.4 + 0.1 * rng.normal(), "g_loss": 0.7 + 0.1 * rng.normal()}
        monitor.log(step, **losses)
        if step % sampled == 0 and monitor.wants_samples(step):
            monitor.log_samples(step, fake=rng.normal(4.0 + 0.5 * distance(step), 0.5, 200))
        if monitor.should_stop and advised is None:
            advised = step
    return advised


def events(home: Path) -> list[dict[str, Any]]:
    (run,) = home.glob("loop-*")
    path = run / "events.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [event for event in map(json.loads, lines) if event["event"] == "verdict"]


def replayed(home: Path, iterations: int | None) -> list[tuple[int, str, int | None, str]]:
    """The verdicts on the prefixes of the journal, whenever they change."""
    (run,) = home.glob("loop-*")
    rows, loop = read_journal(run), Recorded(name="loop", iterations=iterations)
    follower, found = live.LiveVerdict(loop), []
    whole = record_of(rows, loop)
    for row in rows:
        if follower.take(row) is not None:
            prefix = whole.prefix(row["iteration"])
            verdict = judge(lambda prefix=prefix: prefix)
            found.append((row["iteration"], verdict.name, verdict.onset, verdict.sentence))
    return found


def noted(home: Path) -> list[tuple[int, str, int | None, str]]:
    return [
        (event["iteration"], event["verdict"], event["onset"], event["sentence"])
        for event in events(home)
    ]


@pytest.mark.parametrize("iterations", [None, STEPS])
def test_live_verdicts_equal_those_on_prefixes_of_the_journal(
    iterations: int | None, tmp_path: Path
) -> None:
    home = tmp_path / "gan"
    with gandiag.Monitor(home, real=REAL, every=2, iterations=iterations, stop_on=()) as monitor:
        assert play(monitor, diverging) is None
    assert noted(home) == replayed(home, iterations)
    names = [name for _, name, *_ in noted(home)]
    assert "healthy" in names
    assert names[-1] == "diverging"
    run = gandiag.load(home).runs.iloc[0]
    assert (run["status"], run["verdict"]) == ("completed", "diverging")


@pytest.mark.parametrize("iterations", [None, STEPS])
def test_a_continued_loop_is_judged_on_all_of_it(iterations: int | None, tmp_path: Path) -> None:
    plan: dict[str, Any] = {"real": REAL, "every": 2, "iterations": iterations, "stop_on": ()}
    with gandiag.Monitor(tmp_path / "whole", **plan) as monitor:
        play(monitor, diverging)
    with gandiag.Monitor(tmp_path / "parts", **plan) as monitor:
        play(monitor, diverging, end=71)
    with gandiag.Monitor(tmp_path / "parts", **plan, existing="continue") as monitor:
        assert monitor.verdict.name == events(tmp_path / "parts")[-1]["verdict"]
        play(monitor, diverging, begin=71)
    assert noted(tmp_path / "parts") == replayed(tmp_path / "parts", iterations)
    parts, whole = (noted(tmp_path / name) for name in ("parts", "whole"))
    assert [name for _, name, *_ in parts] == [name for _, name, *_ in whole]


def test_should_stop_follows_the_verdict(tmp_path: Path) -> None:
    home = tmp_path / "gan"
    with gandiag.Monitor(home, real=REAL, every=2, iterations=STEPS) as monitor:
        advised = play(monitor, diverging)
        assert monitor.should_stop
        assert monitor.verdict.name == "diverging"
        assert monitor.verdict.evidence
    (at,) = [event["iteration"] for event in events(home) if event["verdict"] == "diverging"]
    assert advised == at


@pytest.mark.parametrize(
    ("stop_on", "stops"),
    [(["collapsed"], True), (("diverging",), False), ((), False), ({"dead", "collapsed"}, True)],
)
def test_it_advises_to_stop_only_on_the_chosen_verdicts(stop_on: Any, stops: bool) -> None:
    monitor = gandiag.Monitor(None, real=REAL, every=1, iterations=100, stop_on=stop_on)
    for step in range(100):
        monitor.log(step, d_loss=1.4 + math.sin(step) / 10, g_loss=0.7 + math.cos(step) / 10)
        monitor.log_samples(step, fake=4.0 + 0.01 * REAL[:200])
    assert monitor.verdict.name == "collapsed"
    assert monitor.should_stop is stops
    monitor.close()


@pytest.mark.parametrize("stop_on", [["lost"], ["healthy"], "diverging", [None], None, 7])
def test_only_alarms_can_be_chosen_to_stop_on(stop_on: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="stop"):
        gandiag.Monitor(tmp_path / "gan", stop_on=stop_on)
    assert not (tmp_path / "gan").exists()


@pytest.mark.parametrize("sampled", [3, 10, 67])
def test_infrequent_samples_are_no_reason_to_stop(sampled: int) -> None:
    monitor = gandiag.Monitor(None, real=REAL, every=1)
    assert play(monitor, healthy, end=100, sampled=sampled) is None
    monitor.close()


def test_without_rows_or_samples_the_verdict_is_undecided() -> None:
    monitor = gandiag.Monitor(None, every=1)
    assert monitor.verdict.missing.endswith("the run has not been judged yet")
    for step in range(100):
        monitor.log(step, d_loss=1.4 + math.sin(step) / 10, g_loss=0.7)
    monitor.flush()
    assert monitor.verdict.name in ("undecided", "dead")
    monitor.close()


def test_the_verdict_outlives_the_monitor() -> None:
    monitor = gandiag.Monitor(None, real=REAL, every=2)
    play(monitor, healthy, end=100)
    before = monitor.verdict
    assert before.name == "healthy"
    monitor.close()
    assert monitor.verdict.name == before.name
    assert not monitor.should_stop


def test_a_bug_in_the_diagnosis_does_not_reach_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(record: Record) -> Verdict:
        raise KeyError("a bug")

    monkeypatch.setattr(live, "decide", fail)
    with gandiag.Monitor(tmp_path / "gan", real=REAL, every=2, iterations=STEPS) as monitor:
        assert play(monitor, diverging) is None
        assert monitor.verdict.name == "undecided"
        assert "KeyError: 'a bug'" in monitor.verdict.missing
    run = gandiag.load(tmp_path / "gan").runs.iloc[0]
    assert (run["status"], run["verdict"], run["iteration"]) == ("completed", "undecided", 200)
    assert events(tmp_path / "gan") == []


def test_a_loop_that_ends_with_nan_is_diverging(tmp_path: Path) -> None:
    with gandiag.Monitor(tmp_path / "gan", every=10) as monitor:
        for step in range(100):
            monitor.log(step, d_loss=1.0 + step % 7 if step < 95 else math.nan)
    run = gandiag.load(tmp_path / "gan").runs.iloc[0]
    assert (run["status"], run["verdict"], run["diverged_at"]) == ("diverged", "diverging", 95)


def test_a_loop_that_never_logs_is_undecided(tmp_path: Path) -> None:
    with gandiag.Monitor(tmp_path / "gan", real=REAL):
        pass
    assert gandiag.load(tmp_path / "gan").runs["verdict"].tolist() == ["undecided"]
