"""The options of a sweep: seeds and a grid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.errors import ExperimentError, UsageError
from gandiag.sweeping.parsing import parse_grid, parse_seeds, points


@pytest.mark.parametrize(
    ("asked", "seeds"),
    [
        ("1", [0]),
        ("10", list(range(10))),
        (" 3 ", [0, 1, 2]),
        ("5-5", [5]),
        ("0-9", list(range(10))),
        ("1,5,7", [1, 5, 7]),
        ("7,1,5", [1, 5, 7]),
        ("0-2, 7", [0, 1, 2, 7]),
        ("0-2,5-6,9", [0, 1, 2, 5, 6, 9]),
        (10, list(range(10))),
        ([4, 2], [2, 4]),
        (range(3), [0, 1, 2]),
        (np.array([3, 1]), [1, 3]),
        ((seed for seed in (8,)), [8]),
    ],
)
def test_seeds_are_read_as_people_write_them(asked: Any, seeds: list[int]) -> None:
    assert parse_seeds(asked) == tuple(seeds)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("ten", "'ten' is not a seed; write a count"),
        ("", "'' is not a seed"),
        ("5,", "'' is not a seed"),
        ("5-1", "the range 5-1 ends before it begins"),
        ("1-", "'1-' is not a seed"),
        ("-1", "'-1' is not a seed"),
        ("1.5", "'1.5' is not a seed"),
        ("1,x", "'x' is not a seed"),
        ("1 2", "'1 2' is not a seed"),
        ("0", "contains no seed"),
        (0, "contains no seed"),
        (-3, "'-3' is not a seed"),
        (True, "'True' is not a seed"),
        ("1,1", r"names \[1\] twice"),
        ("0-5,3-4", r"names \[3, 4\] twice"),
        ("0-20000,20000", r"names \[20000\] twice"),
        ([1, 2, 1], r"names \[1\] twice"),
        ([], "names no seed"),
        ([-1], "-1 is not a seed"),
        ([1.5], "1.5 is not a seed"),
        (["a"], "'a' is not a seed"),
        ([float("nan")], "nan is not a seed"),
    ],
)
def test_what_is_no_seed_is_refused(asked: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_seeds(asked)


@given(st.sets(st.integers(0, 5000), min_size=2, max_size=30))
def test_a_list_of_numbers_names_each_of_them_once_and_in_order(seeds: set[int]) -> None:
    assert parse_seeds(",".join(map(str, seeds))) == tuple(sorted(seeds))
    assert parse_seeds(seeds) == tuple(sorted(seeds))


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
