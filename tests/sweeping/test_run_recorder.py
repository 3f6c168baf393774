"""A run under a stopping rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.analysis.stopping import best, stopped
from gandiag.experiment.stopping import Stopping
from gandiag.store.weights import Weights
from gandiag.sweeping.run_recorder import StoppingWatch

values = st.lists(st.none() | st.floats(-9, 9).map(round) | st.just(float("nan")), max_size=30)
RULE = Stopping(column="x", goal="high", threshold=1.0, patience=4, after=6)


def weights(iteration: int) -> Weights:
    return Weights(iteration, np.zeros(1), np.zeros(1))


def follow(watch: StoppingWatch, seen: list[Any], first: int = 0) -> list[int]:
    """The log points, from the first on, at which the run had to end."""
    over = []
    for point, value in enumerate(seen, first):
        watch.note(value, lambda point=point: weights(point))  # type: ignore[misc]
        over += [point] * watch.is_over
    return over


@given(values)
def test_it_stops_and_keeps_what_the_whole_series_says(seen: list[Any]) -> None:
    watch = StoppingWatch(RULE)
    over = follow(watch, seen)
    series = [float("nan") if value is None else value for value in seen]
    assert (over[0] if over else None) == stopped(series, RULE)
    at = best(series, RULE)
    assert (watch.best.iteration if watch.best else None) == at


@given(values, st.integers(0, 30))
def test_a_run_that_was_interrupted_anywhere_decides_as_one_that_was_not(
    seen: list[Any], cut: int
) -> None:
    whole, before = StoppingWatch(RULE), StoppingWatch(RULE)
    over = follow(whole, seen)
    until = follow(before, seen[:cut])
    after = StoppingWatch(RULE, seen[:cut], before.best)
    assert until + follow(after, seen[cut:], cut) == over
    assert (after.best and after.best.iteration) == (whole.best and whole.best.iteration)


def test_weights_are_asked_for_only_where_they_are_the_best() -> None:
    asked: list[int] = []

    def noted(point: int) -> Weights:
        asked.append(point)
        return weights(point)

    watch = StoppingWatch(RULE)
    for point, value in enumerate([1.0, 0.5, 2.0, 2.0, None, 1.9, 2.1]):
        watch.note(value, lambda point=point: noted(point))  # type: ignore[misc]
    assert asked == [0, 2, 6]


@pytest.mark.parametrize("goal", ["low", "high"])
def test_where_none_are_to_be_kept_none_are(goal: Any) -> None:
    rule = Stopping(column="x", goal=goal, patience=2, keep_best=False)
    watch = StoppingWatch(rule)
    assert follow(watch, [1.0, 1.0, 1.0]) == [2]
    assert watch.best is None
