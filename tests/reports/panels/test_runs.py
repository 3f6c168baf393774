"""The table of all runs and its notes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gandiag_html.configurations import collect_configurations
from gandiag_html.panels.runs import measured_through, runs


def test_values_have_errors_and_floors_and_missing_values_a_dash(synthetic_stores: Any) -> None:
    results = synthetic_stores.of("good", "pending")
    context = runs(collect_configurations(results), results).context
    good, pending = context["rows"]
    column = context["columns"].index("wasserstein")
    assert (good.success, good.cells[column].floor) == ("yes", "0.026")
    assert good.cells[context["columns"].index("mean")].se == "0.025"
    assert pending.cells[column].value == "\N{EN DASH}"
    assert (pending.success, pending.status, pending.wall) == ("", "pending", "\N{EN DASH}")


@pytest.mark.parametrize(
    ("notes", "text"),
    [
        ({}, ""),
        ({"evaluator": "/home/ada/inception"}, "the features of ~/inception"),
        ({"digit classifier": f"sha256 {'0123456789ab' * 5}"},
         "gandiag's classifier of digits (sha256 0123456789ab…)"),
    ],
)  # fmt: skip
def test_the_feature_extractor_is_named(
    synthetic_stores: Any, notes: dict[str, str], text: str
) -> None:
    results = replace(synthetic_stores.of("good"), provenance={"notes": notes})
    assert measured_through(results) == text


def test_missing_columns_share_a_reason_and_problems_are_listed(synthetic_stores: Any) -> None:
    notes = {
        "KID": "too few samples",
        "floor": "too few samples",
        "monitor: a": "a was not recorded",
    }
    results = replace(synthetic_stores.of("good"), provenance={"notes": notes})
    context = runs(collect_configurations(results), results).context
    assert context["notes"] == ["No KID and no floor: too few samples."]
    assert context["problems"] == ["a was not recorded"]
