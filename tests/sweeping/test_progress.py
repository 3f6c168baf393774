"""How far a group is, how fast, and how long it will take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gandiag.sweeping import progress
from gandiag.sweeping.execution import make_plan
from gandiag.sweeping.job import Message
from gandiag.sweeping.progress import GroupProgress
from gandiag.sweeping.request import Request

Clock = list[float]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands until it is set."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def group(out: Path, preset: str = "aylien-1d", seeds: str = "3-5", **wishes: Any) -> GroupProgress:
    """A group whose runs stand in a store, pending."""
    plan = make_plan(Request(preset, seeds, backend="scripted", out=out, **wishes))
    for run in plan.runs:
        (out / run.identity.directory).mkdir()
        run.write(out / run.identity.directory)
    return GroupProgress(plan.jobs[0])


def at(phase: str, iteration: int, **latest: float) -> Message:
    return Message(kind="progress", phase=phase, iteration=iteration, latest={3: dict(latest)})


def test_a_group_that_was_not_heard_of_waits(tmp_path: Path, clock: Clock) -> None:
    found = group(tmp_path)
    assert found.waiting
    assert not found.over
    assert found.name == "scripted seeds 3 to 5"
    assert (found.stage, found.rate, found.left) == ("0/2200", "starting", "")


def test_both_phases_count(tmp_path: Path, clock: Clock) -> None:
    found = group(tmp_path)
    found.note(at("pretrain", 400))
    assert (found.total, found.done, found.stage) == (2200, 400, "pre-training 400/2200")
    found.note(at("train", 200))
    assert (found.done, found.stage) == (1200, "1200/2200")


def test_the_rate_does_not_count_what_came_before_the_first_iterations(
    tmp_path: Path, clock: Clock
) -> None:
    found = group(tmp_path)
    found.note(at("pretrain", 0))
    clock[0] += 30
    found.note(at("pretrain", 100))
    assert (found.rate, found.left) == ("starting", "")
    clock[0] += 10
    found.note(at("pretrain", 300))
    assert found.rate == "20 it/s"
    assert found.left == "1:35 left"


def test_a_resumed_group_is_not_faster_for_what_was_done_before(
    tmp_path: Path, clock: Clock
) -> None:
    found = group(tmp_path)
    found.note(at("train", 1000))
    clock[0] += 10
    found.note(at("train", 1100))
    assert (found.rate, found.left) == ("10 it/s", "0:10 left")


def test_a_seed_is_starting_training_or_what_became_of_it(tmp_path: Path, clock: Clock) -> None:
    found = group(tmp_path)
    assert found.status(3) == "[dim]starting[/dim]"
    found.note(at("train", 5, mean=3.9))
    assert found.status(3) == "training"
    assert found.latest[3] == {"mean": 3.9}
    found.note(Message(kind="ended", seed=3, status="diverged"))
    assert (found.status(3), found.status(4)) == ("[yellow]diverged[/yellow]", "training")
    assert not found.over


def test_a_column_that_is_not_measured_at_every_log_point_keeps_its_value(
    tmp_path: Path, clock: Clock
) -> None:
    found = group(tmp_path)
    assert found.columns == ()
    message = Message(kind="progress", latest={4: {"digits": 9.0, "frechet": 31.5}})
    found.note(message)
    found.note(Message(kind="progress", latest={4: {"digits": 10.0, "frechet": None}}))
    found.note(Message(kind="progress", latest={5: {"digits": 3.0, "frechet": None}}))
    assert found.latest[4] == {"digits": 10.0, "frechet": 31.5}
    assert found.latest[5] == {"digits": 3.0, "frechet": None}
    assert found.columns == ("digits", "frechet")


def test_a_group_is_over_when_its_last_run_has_ended(tmp_path: Path, clock: Clock) -> None:
    found = group(tmp_path)
    for seed in (3, 4, 5):
        found.note(Message(kind="ended", seed=seed, status="crashed"))
    assert found.over
    assert not found.waiting
    assert (found.rate, found.left) == ("", "ended")


def test_a_group_of_one_and_a_point_of_a_grid_are_named_so(tmp_path: Path, clock: Clock) -> None:
    found = group(tmp_path, seeds="7-7", grid={"schedule.iterations": [40]})
    assert found.name == "scripted seed 7 (schedule.iterations=40)"
    assert found.line() == "scripted seed 7 (schedule.iterations=40): 0/1040, starting"
