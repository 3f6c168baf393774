"""How a run ended: kind, description and final values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gandiag.experiment.loading import read_experiment
from gandiag_html.outcomes import final, is_sparse, outcome_of

SERIES = pd.DataFrame(
    {"phase": "train", "iteration": np.arange(20) * 10, "mean": 4.0, "std": [9.0] * 18 + [1.0, 1.2]}
)


@pytest.mark.parametrize(
    ("row", "kind", "short", "description"),
    [
        ({"status": "completed", "success": True}, "reached", "reached", "completed"),
        ({"status": "pending"}, "unfinished", "pending", "not started"),
        ({"status": "timed-out", "iteration": 1500, "iterations": 5000}, "failed", "timed out",
         "timed out at iteration 1,500 of 5,000"),
        ({"status": "diverged", "diverged_at": 1251}, "failed", "diverged",
         "diverged at iteration 1,251"),
        ({"status": "completed", "success": True, "stopped_at": 80}, "reached", "reached",
         "stopped by the stopping rule at iteration 80"),
    ],
)  # fmt: skip
def test_the_status_determines_kind_and_description(
    row: dict[str, object], kind: str, short: str, description: str
) -> None:
    found = outcome_of({"run": "r", "seed": 0, **row}, read_experiment("devnag-1d"), SERIES)
    assert (found.kind, found.short_status, found.description) == (kind, short, description)


def test_a_missed_rule_is_described_with_value_and_bound() -> None:
    row = {"run": "r", "seed": 0, "status": "completed", "success": False}
    series = SERIES.assign(mean=6.0)
    found = outcome_of(row, read_experiment("devnag-1d"), series)
    assert found.short_status == "missed"
    assert found.description == "ended with mean 6.00 (above 4.5)"


def test_a_final_value_is_the_mean_of_the_last_tenth() -> None:
    assert final(SERIES, "std") == pytest.approx(1.1)
    assert np.isnan(final(SERIES, "unknown"))


def test_a_sparse_column_settles_on_the_values_that_it_has() -> None:
    values = np.full(20, np.nan)
    values[[0, 5, 10]] = [1.0, 2.0, 3.0]
    assert is_sparse(values)
    assert not is_sparse(SERIES["std"].to_numpy())
    assert final(SERIES.assign(kid=values), "kid") == 3.0


def test_a_long_error_is_shortened_and_contains_no_home_directory() -> None:
    row = {"run": "r", "seed": 0, "status": "crashed", "error": "/home/ada/x " + "y" * 900}
    words = outcome_of(row, read_experiment("devnag-1d"), SERIES).description
    assert words.startswith("crashed: ~/x yyy")
    assert len(words) < 270
    assert words.endswith("…")
