"""Every combination of some values."""

from __future__ import annotations

from typing import Any

import pytest

from gandiag.errors import ExperimentError
from gandiag.sweeping.grid import parse_grid, points


@pytest.mark.parametrize(
    ("assignment", "grid"),
    [
        ("a.b=1,2", {"a.b": [1, 2]}),
        ("a=1e-3, 1e-4", {"a": [1e-3, 1e-4]}),
        ("a=adam,sgd", {"a": ["adam", "sgd"]}),
        ("a='x,y',z", {"a": ["'x", "y'", "z"]}),
        ("a='x,y','z'", {"a": ["x,y", "z"]}),
        ("a=[1, 2],[3]", {"a": [[1, 2], [3]]}),
        ("a=true,false", {"a": [True, False]}),
        ("a=5", {"a": [5]}),
    ],
)
def test_a_grid_is_read(assignment: str, grid: dict[str, Any]) -> None:
    assert parse_grid([assignment]) == grid


@pytest.mark.parametrize(
    "assignments", [["a=1,1"], ["a=1", "a=2"], ["a"], ["a="], ["=1"], ["a=x,x"]]
)
def test_what_is_no_grid_is_refused(assignments: list[str]) -> None:
    with pytest.raises(ExperimentError, match=r"twice|is not an assignment"):
        parse_grid(assignments)


def test_every_combination_is_a_point_with_its_label() -> None:
    found = points({"a.b": [1, 2], "c": ["x", "y"]})
    assert found == {
        "a.b=1, c=x": {"a.b": 1, "c": "x"},
        "a.b=1, c=y": {"a.b": 1, "c": "y"},
        "a.b=2, c=x": {"a.b": 2, "c": "x"},
        "a.b=2, c=y": {"a.b": 2, "c": "y"},
    }


def test_without_a_grid_there_is_one_point_without_a_label() -> None:
    assert points({}) == {"": {}}
