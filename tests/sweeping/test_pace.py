"""How often to save."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.sweeping import pace
from gandiag.sweeping.pace import NEGLIGIBLE_S, SHARE, Pace, wait_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands until it is set."""
    now = [100.0]
    monkeypatch.setattr(pace.time, "perf_counter", lambda: now[0])
    return now


def saves(clock: list[float], every_s: float, cost_s: float, training_s: float) -> int:
    """How often a training saves that looks up ten times a second."""
    found, end, count = Pace(every_s), clock[0] + training_s, 0
    while clock[0] < end:
        clock[0] += 0.1
        if found.is_due:
            with found.saving():
                clock[0] += cost_s
            count += 1
    return count


def test_what_costs_nothing_is_saved_every_ten_seconds(clock: list[float]) -> None:
    assert saves(clock, 10.0, 0.0, 600.0) == pytest.approx(60, abs=1)


@pytest.mark.parametrize("cost_s", [0.25, 1.0, 5.0])
def test_what_costs_much_is_saved_so_seldom_that_it_takes_a_small_share(
    cost_s: float, clock: list[float]
) -> None:
    hour = 3600.0
    count = saves(clock, 10.0, cost_s, hour)
    first = cost_s  # nobody knows what it costs until it was done
    assert count * cost_s - first <= SHARE * hour
    assert count * cost_s >= 0.8 * SHARE * hour


def test_what_a_save_takes_is_no_time_of_training(clock: list[float]) -> None:
    found = Pace(10.0)
    clock[0] += 10.0
    with found.saving():
        clock[0] += 1.0
    clock[0] += 49.9
    assert not found.is_due
    clock[0] += 0.2
    assert found.is_due


def test_a_save_that_has_become_cheap_is_made_often_again(clock: list[float]) -> None:
    found = Pace(10.0)
    for cost_s in (2.0, 0.01):
        with found.saving():
            clock[0] += cost_s
    clock[0] += 10.0
    assert found.is_due


@given(st.floats(0.01, 100), st.floats(0, 100))
def test_the_wait_is_never_shorter_than_asked_for_and_grows_with_the_cost(
    every_s: float, cost_s: float
) -> None:
    wait = wait_s(every_s, cost_s)
    assert wait >= every_s
    assert wait_s(every_s, cost_s + 1) >= wait
    if cost_s > NEGLIGIBLE_S:
        assert cost_s <= SHARE * wait * (1 + 1e-9)


def test_for_ten_seconds_nothing_jumps_where_a_cost_ceases_to_be_negligible() -> None:
    assert wait_s(10.0, NEGLIGIBLE_S) == pytest.approx(wait_s(10.0, NEGLIGIBLE_S + 1e-9))
