"""The best of a measure of quality, live, and the advice to stop when it gets no better."""

from __future__ import annotations

import math

import pytest

import gandiag
from gandiag.diagnosis.runs import diagnose_runs
from gandiag.errors import ExperimentError, UsageError
from gandiag.monitoring.best import Best, BestSoFar


def test_the_first_of_the_best_values_counts_and_what_is_lost_says_nothing():
    low = BestSoFar({"fid": "low"})
    for step, value in enumerate([9.0, math.nan, 5.0, None, 5.0, 7.0]):
        low.take({"iteration": step, "fid": value})
    low.take({"iteration": 6})
    assert low.best == {"fid": Best(2, 5.0)}
    assert (low.has_paused(2), low.has_paused(3), low.has_paused(None)) == (True, False, False)


def test_where_high_values_are_good_the_highest_is_best():
    high = BestSoFar({"score": "high"})
    for step, value in enumerate([2.0, 8.0, 7.0]):
        high.take({"iteration": step, "score": value})
    assert high.best["score"] == (1, 8.0)


def test_of_several_measures_all_have_to_pause():
    both = BestSoFar({"fid": "low", "score": "high"})
    for step in range(5):
        both.take({"iteration": step, "fid": 3.0, "score": float(step)})
    assert not both.has_paused(2)
    assert not BestSoFar({}).has_paused(1)


def fid(step):
    return 12.0 + abs(step - 40) * (0.2 if step > 40 else 2.0)


def test_a_loop_is_told_to_stop_and_where_it_was_best(tmp_path):
    advised = None
    monitor = gandiag.Monitor(
        tmp_path, every=1, iterations=100, quality={"fid": "low"}, patience=20
    )
    for step in range(100):
        monitor.log(step, d_loss=1.38 + step % 3, g_loss=0.7 + step % 7, fid=fid(step))
        monitor.flush()
        advised = step if advised is None and monitor.should_stop else advised
    assert monitor.best == {"fid": (40, 12.0)}
    monitor.close()
    assert advised in (60, 61)  # a row is complete once a later step is logged
    live = monitor.verdict
    (run,) = diagnose_runs(gandiag.load(tmp_path))
    assert "fid was best at iteration 40 (12)" in str(run.diagnosis.verdict)
    assert (live.name, live.sentence) == ("undecided", run.diagnosis.verdict.sentence)
    assert {each.series for each in run.diagnosis.episodes} >= {"fid"}
    assert run.record.expected.goals == {"fid": "low"}


@pytest.mark.parametrize("quality", [{"fid": "lower"}, {"": "low"}])
def test_what_is_no_goal_is_refused(quality):
    with pytest.raises(ExperimentError):
        gandiag.Monitor(None, quality=quality)


def test_patience_needs_a_quality_to_wait_for():
    with pytest.raises(UsageError, match="quality="):
        gandiag.Monitor(None, patience=3)
