"""JSON documents: strict JSON, with the paths of the values that it cannot express."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gandiag.cli.json_output import native, print_json


def test_values_that_are_not_finite_are_null_and_their_paths_are_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"a": [1.0, math.nan, {"b": -math.inf}], "c": None, "d": "nan"})
    document = json.loads(capsys.readouterr().out)
    assert document == {
        "a": [1.0, None, {"b": None}],
        "c": None,
        "d": "nan",
        "nonfinite": ["a.1", "a.2.b"],
    }


@pytest.mark.parametrize(
    ("cell", "value"),
    [(np.int64(3), 3), (np.bool_(True), True), (pd.NA, None), (pd.NaT, None), ("x", "x")],
)
def test_a_cell_of_a_table_becomes_a_plain_value(cell: Any, value: Any) -> None:
    assert native(cell) == value
    assert type(native(cell)) is type(value)


def test_nan_is_not_taken_for_a_missing_value() -> None:
    assert math.isnan(native(np.float64("nan")))
