"""Which values of a log are kept: repeated steps, and steps that fall."""

from __future__ import annotations

import pytest

from gandiag.errors import UsageError
from gandiag.exchange.log import Log, Point, clean_log


def log(*points: tuple[int, str, float]) -> Log:
    return Log(
        "a.csv", "csv", tuple(Point(*p, float(k), f"line {k}") for k, p in enumerate(points))
    )


def test_a_step_has_only_the_tags_logged_at_it() -> None:
    found = clean_log(log((0, "d", 1.0), (10, "g", 2.0), (5, "d", 3.0)))
    assert found.values == {0: {"d": 1.0}, 5: {"d": 3.0}, 10: {"g": 2.0}}
    assert list(found.values) == [0, 5, 10]
    assert found.times == {0: 0.0, 10: 1.0, 5: 2.0}


def test_the_last_value_of_a_repeated_step_is_kept_and_the_others_are_counted() -> None:
    found = clean_log(log((0, "d", 1.0), (0, "d", 2.0), (0, "d", 3.0), (1, "d", 4.0)))
    assert found.values == {0: {"d": 3.0}, 1: {"d": 4.0}}
    assert (found.repeated, found.superseded) == (2, 0)


def test_a_decreasing_step_is_refused_with_its_line() -> None:
    with pytest.raises(UsageError, match=r"a\.csv, line 2: the step of 'd' falls from 9 to 3") as e:
        clean_log(log((5, "d", 1.0), (9, "d", 1.0), (3, "d", 1.0)))
    assert "--resumed" in str(e.value)
    assert "--step" in str(e.value)


def test_of_a_resumed_training_the_later_values_are_kept() -> None:
    points = [(0, "d", 1.0), (5, "d", 2.0), (9, "d", 3.0), (4, "d", 4.0), (7, "d", 5.0)]
    found = clean_log(log(*points), resumed=True)
    assert found.values == {0: {"d": 1.0}, 4: {"d": 4.0}, 7: {"d": 5.0}}
    assert (found.repeated, found.superseded) == (0, 2)
