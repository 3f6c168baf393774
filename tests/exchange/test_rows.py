"""The rows of an imported log, and how its run ended."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gandiag.exchange.rows import digest, non_finite_since, outcome

NAN = math.nan


def rows(**columns: list[float | None]) -> list[dict[str, Any]]:
    """Rows at steps 0, 10, 20, …"""
    steps = range(len(next(iter(columns.values()))))
    return [
        {"iteration": 10 * k, **{name: values[k] for name, values in columns.items()}}
        for k in steps
    ]


@pytest.mark.parametrize(
    ("values", "since"),
    [
        ([1.0, 2.0, 3.0], None),
        ([1.0, NAN, math.inf], 10),
        ([NAN, 1.0, NAN], None),
        ([NAN, 1.0, math.inf], 20),
        ([NAN, 1.0, NAN, 1.0, NAN], None),
        ([1.0, NAN, None], 10),
        ([NAN, None, 1.0], None),
    ],
)
def test_a_column_is_non_finite_since_the_step_after_its_last_finite_value(
    values: list[float | None], since: int | None
) -> None:
    assert non_finite_since(rows(x=values), "x") == since


def test_a_run_diverged_at_the_first_loss_that_stays_non_finite() -> None:
    assert outcome(rows(d_loss=[1.0, 1.0, NAN], g_loss=[1.0, NAN, NAN])) == ("diverged", 10)
    assert outcome(rows(d_loss=[1.0, NAN, 1.0])) == ("completed", None)


def test_other_columns_decide_only_where_there_are_no_losses() -> None:
    assert outcome(rows(d_loss=[1.0, 1.0], fid=[1.0, NAN])) == ("completed", None)
    assert outcome(rows(fid=[1.0, NAN])) == ("diverged", 10)


def test_the_digest_changes_with_any_value() -> None:
    assert digest(rows(x=[1.0, 2.0])) == digest(rows(x=[1.0, 2.0]))
    assert digest(rows(x=[1.0, 2.0])) != digest(rows(x=[1.0, 2.5]))
