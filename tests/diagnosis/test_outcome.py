"""What became of a run: its success by the rule, and its verdict."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from gandiag.diagnosis.outcome import finish, success_if_unfinished
from gandiag.store.manifest import Manifest, Status
from gandiag.store.run import RunWriter

Open = Callable[[], RunWriter]


def row(iteration: int, **more: Any) -> dict[str, Any]:
    return {"phase": "train", "iteration": iteration, "mean": 4.0, "std": 1.25} | more


@pytest.mark.parametrize(
    ("status", "mean", "success"),
    [
        ("completed", 4.0, True),
        ("completed", 6.0, False),
        ("completed", math.nan, False),
        ("diverged", 4.0, False),
    ],
)
def test_success_is_the_rule_on_the_game_of_a_completed_run(
    status: Status, mean: float, success: bool, writer: Open
) -> None:
    run = writer()
    run.append({"phase": "pretrain", "iteration": 0})
    run.append(row(0, mean=mean))
    finish(run, status, 1.0)
    assert run.manifest.success is success


def test_without_a_rule_success_stays_unknown(manifest: Manifest, writer: Open) -> None:
    run = writer()
    run.experiment = run.experiment.model_copy(update={"success": ()})
    run.append(row(0))
    finish(run, "completed", 1.0)
    assert run.manifest.success is None


def test_a_rule_that_bounds_what_was_never_recorded_leaves_success_unknown(writer: Open) -> None:
    run = writer()
    run.append({"phase": "train", "iteration": 0, "std": 1.25})
    finish(run, "completed", 1.0)
    assert run.manifest.success is None
    assert "'mean'" in run.manifest.notes["monitor: success"]


def test_the_verdict_is_that_of_the_whole_journal(writer: Open) -> None:
    run = writer()
    for iteration in range(20):
        run.append(row(iteration, d_loss=1.386, g_loss=math.inf if iteration > 9 else 0.693))
    finish(run, "completed", 1.0)
    assert run.manifest.verdict == "diverging"


@pytest.mark.parametrize("status", ["crashed", "timed-out"])
def test_a_run_that_failed_counts_as_no_success(status: Status, writer: Open) -> None:
    run = writer()
    assert success_if_unfinished(run.manifest, status) is False
    assert success_if_unfinished(run.manifest, "interrupted") is None
    run.stop("interrupted", "")
