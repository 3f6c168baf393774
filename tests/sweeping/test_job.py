"""What a worker is told and what it says, a line each."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from gandiag.running.runner import Setting
from gandiag.sweeping.job import Job, Message, read_message


def test_an_order_comes_through_as_it_was() -> None:
    job = Job(
        store=Path("a b"), runs=("x", "y"), backend="torch", device="cuda:1", mode="eager", width=5
    )
    assert Job.model_validate_json(job.model_dump_json()) == job
    assert job.setting == Setting("cuda:1", "eager", 5)
    assert job.setting.device_kind == "cuda"


@pytest.mark.parametrize(
    "message",
    [
        Message(kind="progress", phase="train", iteration=7, latest={3: {"mean": 4.0}}),
        Message(kind="ended", seed=3, status="diverged"),
        Message(kind="failed", status="crashed", error="two\nlines"),
    ],
)
def test_a_message_is_one_line_and_comes_through_as_it_was(message: Message) -> None:
    assert message.line().count("\n") == 1
    assert read_message(message.line()) == message


def test_a_message_may_hold_what_is_not_a_number() -> None:
    latest = {0: {"mean": math.nan, "std": math.inf, "skew": None}}
    found = read_message(Message(kind="progress", latest=latest).line()).latest[0]
    assert math.isnan(found["mean"] or 0.0)
    assert (found["std"], found["skew"]) == (math.inf, None)


@pytest.mark.parametrize("line", ["", "warning: no CUDA", "{}", "[]", '{"kind": "else"}'])
def test_what_is_no_message_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_message(line)
