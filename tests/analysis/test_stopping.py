"""Where a training run was best so far, and when it had stopped getting better."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.analysis.stopping import best, stopped
from gandiag.experiment.stopping import Stopping

NAN, INF = math.nan, math.inf

numbers = st.floats(-100, 100).map(lambda x: round(x, 1)) | st.sampled_from([NAN, INF, -INF])
series = st.lists(numbers, max_size=40)


def low(patience: int | None = 3, threshold: float = 0.0, after: int = 0) -> Stopping:
    return Stopping(
        column="x", goal="low", threshold=threshold, patience=patience, after=after, keep_best=True
    )


rules = st.builds(
    low,
    patience=st.integers(1, 6),
    threshold=st.sampled_from([0.0, 0.1, 5.0]),
    after=st.integers(0, 12),
)


def high(rule: Stopping) -> Stopping:
    return rule.model_copy(update={"goal": "high"})


def slowly(values: list[float], rule: Stopping) -> int | None:
    """The first log point whose last so many hold no improvement, found from scratch at each."""
    assert rule.patience is not None
    for point in range(len(values)):
        better = [k for k in range(point + 1) if improves(values, k, rule)]
        since = point - max(better, default=0)
        if point >= rule.after and since >= rule.patience:
            return point
    return None


def improves(values: list[float], point: int, rule: Stopping) -> bool:
    """Whether a log point betters the last one before it that did so."""
    if not math.isfinite(values[point]):
        return False
    before = [k for k in range(point) if improves(values, k, rule)]
    if not before:
        return True
    gain = values[before[-1]] - values[point]
    return gain > 0 and gain >= rule.threshold


@given(st.lists(numbers, max_size=12), rules)
def test_it_stops_where_the_definition_does(values: list[float], rule: Stopping) -> None:
    assert stopped(values, rule) == slowly(values, rule)


@given(series, rules)
def test_what_comes_later_changes_neither_answer(values: list[float], rule: Stopping) -> None:
    at = stopped(values, rule)
    for n in range(len(values) + 1):
        assert stopped(values[:n], rule) == (None if at is None or n <= at else at)
    found = [best(values[:n], rule) for n in range(len(values) + 1)]
    for before, after in pairwise(found):
        assert after == before or after is not None
        assert before is None or (after is not None and after >= before)


@given(series, rules)
def test_high_values_are_low_values_negated(values: list[float], rule: Stopping) -> None:
    turned = [-value for value in values]
    assert stopped(values, rule) == stopped(turned, high(rule))
    assert best(values, rule) == best(turned, high(rule))


@given(series)
def test_the_best_is_the_first_of_the_lowest_finite_values(values: list[float]) -> None:
    finite = [value for value in values if math.isfinite(value)]
    assert best(values, low()) == (values.index(min(finite)) if finite else None)


@given(st.lists(st.integers(-50, 50).map(float), min_size=1), rules)
def test_the_best_until_the_stop_is_within_the_threshold_of_the_last_improvement(
    values: list[float], rule: Stopping
) -> None:
    at = stopped(values, rule)
    if at is not None and rule.threshold == 0 and at > rule.after:
        found = best(values[: at + 1], rule)
        assert found is not None
        assert at - found == rule.patience


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ([5.0, 4.0, 3.0, 2.0, 1.0], None),
        ([1.0, 2.0, 3.0, 4.0, 0.0], 3),
        ([1.0, 1.0, 1.0, 1.0], 3),
        ([1.0, 1.0, 1.0], None),
        ([3.0, NAN, NAN, NAN, 1.0], 3),
        ([NAN, NAN, NAN, NAN], 3),
        ([NAN, NAN, 3.0, 4.0, 4.0, 4.0], 5),
        ([3.0, -INF, -INF, -INF], 3),
        ([INF, 3.0, 2.0, 1.0], None),
        ([], None),
    ],
)
def test_a_training_stops_after_three_log_points_without_an_improvement(
    values: list[float], at: int | None
) -> None:
    assert stopped(values, low(patience=3)) == at


def test_slow_progress_counts_as_soon_as_it_adds_up() -> None:
    slow = [10 - 0.4 * k for k in range(30)]
    assert stopped(slow, low(patience=3, threshold=1.0)) is None
    assert stopped(slow, low(patience=2, threshold=1.0)) == 2


def test_an_improvement_by_just_the_threshold_counts() -> None:
    assert stopped([4.0, 3.0, 2.0, 1.0], low(patience=1, threshold=1.0)) is None
    assert stopped([4.0, 3.5, 3.0, 2.5], low(patience=1, threshold=1.0)) == 1


def test_nothing_stops_before_its_time_and_what_is_overdue_stops_then() -> None:
    flat = [1.0] * 20
    assert [stopped(flat, low(patience=3, after=k)) for k in (0, 3, 4, 10)] == [3, 3, 4, 10]
    assert stopped([*flat, 0.0], low(patience=3, after=20)) is None


def test_the_best_may_lie_behind_the_last_improvement_that_counts() -> None:
    values, rule = [5.0, 4.9, 4.8, 4.7], low(patience=3, threshold=1.0)
    assert (stopped(values, rule), best(values, rule)) == (3, 3)


def test_without_patience_nothing_stops() -> None:
    assert stopped([1.0] * 1000, low(patience=None)) is None
    assert best([2.0, 1.0, 3.0], low(patience=None)) == 1
