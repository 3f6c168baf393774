"""What ``gandiag sweep`` prints about its plan and its outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

import gandiag
from gandiag.cli.sweep_output import print_outcome, sentences, summary


def test_the_success_rate_counts_the_runs_that_failed(finished: Path) -> None:
    results = gandiag.load(finished)
    runs = results.runs.assign(success=[True, True, False, False])
    (rate,) = summary(results, runs)
    assert (rate["n"], rate["successes"], rate["rate"]) == (4, 2, 0.5)
    low, high = rate["interval"]
    assert low == pytest.approx(0.0676, abs=1e-3)  # Clopper and Pearson: 2 of 4
    assert high == pytest.approx(1 - 0.0676, abs=1e-3)
    assert rate["statuses"] == {"completed": 3, "diverged": 1}


def test_runs_without_an_outcome_give_no_success_rate(finished: Path) -> None:
    results = gandiag.load(finished)
    pending = results.runs.assign(success=None, status="pending")
    assert [*sentences(results, pending)] == [
        "scripted: 4 runs, success not decided yet; 4 pending"
    ]


@pytest.mark.parametrize(("status", "code"), [("diverged", 0), ("crashed", 1), ("pending", 1)])
def test_the_exit_code_is_1_if_a_run_did_not_finish(
    status: str, code: int, finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = gandiag.load(finished)
    results.runs.loc[0, "status"] = status
    wanted = set(results.runs["run"])
    assert print_outcome(results, wanted, None, as_json=False) == code
    assert "verdicts: " in capsys.readouterr().out
    others = wanted - {results.runs["run"][0]}
    assert print_outcome(results, others, None, as_json=False) == 0
