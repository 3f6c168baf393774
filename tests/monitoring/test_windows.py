"""Rows made of what is logged step by step, compared with sums by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.monitoring.log_buffer import LogBuffer
from gandiag.monitoring.windows import Windows

Row = dict[str, Any]


def take(windows: Windows, *calls: tuple[int, dict[str, float], dict[str, int]]) -> list[Row]:
    """The rows that calls complete, added at once."""
    buffer = LogBuffer()
    for step, scalars, updates in calls:
        buffer.add(step, scalars, updates.get("d"), updates.get("g"))
    return [row for block in buffer.drain() for row in windows.add(block)]


def rows_of(
    windows: Windows, steps: list[int], value: Any = float, at_once: int = 1000
) -> list[Row]:
    calls = [(step, {"d_loss": float(value(step))}, {"d": 1}) for step in steps]
    parts = [calls[k : k + at_once] for k in range(0, len(calls), at_once)]
    rows = [row for part in parts for row in take(windows, *part)]
    return [*rows, *windows.remaining()]


def test_rows_are_at_zero_at_every_multiple_and_at_the_end() -> None:
    rows = rows_of(Windows(10), list(range(36)))
    assert [row["iteration"] for row in rows] == [0, 10, 20, 30, 35]


def test_a_loss_has_mean_minimum_maximum_and_last_since_the_row_before() -> None:
    rows = rows_of(Windows(4), list(range(9)), lambda step: (step - 3) ** 2)
    row = rows[1]  # steps 1 to 4: 4, 1, 0, 1
    found = [row[name] for name in ("d_loss", "d_loss_min", "d_loss_max", "d_loss_last")]
    assert found == [1.5, 0.0, 4.0, 1.0]


def test_updates_are_counted_and_never_inferred() -> None:
    windows = Windows(2)
    take(windows, (0, {}, {"d": 5, "g": 1}))
    (row,) = take(windows, (1, {}, {"d": 5}))
    assert (row["d_updates"], row["g_updates"]) == (5, 1)
    assert next(iter(windows.remaining()))["d_updates"] == 10
    silent = Windows(1)
    take(silent, (0, {"d_loss": 1.0}, {}))
    assert next(iter(silent.remaining()))["d_updates"] is None


def test_a_step_may_be_logged_in_two_calls() -> None:
    windows = Windows(5)
    assert take(windows, (0, {"d_loss": 1.0}, {"d": 1}), (0, {"g_loss": 2.0}, {"g": 1})) == []
    (row,) = take(windows, (1, {"d_loss": 3.0}, {"d": 1}))
    assert (row["d_loss"], row["g_loss"], row["iteration"]) == (1.0, 2.0, 0)


def test_a_multiple_that_is_skipped_gives_a_row_at_the_next_step() -> None:
    rows = rows_of(Windows(10), [0, 7, 14, 21, 28])
    assert [row["iteration"] for row in rows] == [0, 14, 21, 28]


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_the_extremes_stay_nan(lost: int) -> None:
    values = [1.0, 2.0, 3.0]
    values[lost] = math.nan
    windows = Windows(100, row=0)
    for step, value in enumerate(values, 1):
        take(windows, (step, {"g_loss": value}, {}))
    (row,) = windows.remaining()
    assert all(math.isnan(row[f"g_loss{part}"]) for part in ("_min", "_max"))


def test_other_scalars_have_only_means() -> None:
    windows = Windows(2, row=0)
    take(windows, (1, {"penalty": 1.0}, {}), (2, {"penalty": 2.0}, {}))
    (row,) = windows.remaining()
    assert row["penalty"] == 1.5
    assert "penalty_min" not in row


@given(
    every=st.integers(1, 9),
    values=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60),
    at_once=st.integers(1, 70),
    stride=st.integers(1, 4),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_update_and_no_loss_is_lost_or_counted_twice(
    every: int, values: list[float], at_once: int, stride: int
) -> None:
    steps = [stride * k for k in range(len(values))]
    rows = rows_of(Windows(every), steps, lambda step: values[step // stride], at_once)
    whole = rows_of(Windows(every), steps, lambda step: values[step // stride])
    assert [row["iteration"] for row in rows] == [row["iteration"] for row in whole]
    assert rows[-1]["d_updates"] == len(values)
    counts = [
        b["d_updates"] - a
        for a, b in zip([0, *(r["d_updates"] for r in rows[:-1])], rows, strict=True)
    ]
    total = sum(row["d_loss"] * count for row, count in zip(rows, counts, strict=True))
    assert total == pytest.approx(sum(values), abs=1e-6)
    assert min(row["d_loss_min"] for row in rows) == min(values)
    assert max(row["d_loss_max"] for row in rows) == max(values)


def test_the_last_planned_step_is_due() -> None:
    windows = Windows(10, end=26)
    rows = rows_of(windows, list(range(30)))
    assert [row["iteration"] for row in rows] == [0, 10, 20, 25, 29]
