"""Which seeds: a count, a range, a list, or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.errors import UsageError
from gandiag.sweeping.seeds import parse_seeds


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
        ("ten", "'ten' is no seed; write a count"),
        ("", "'' is no seed"),
        ("5,", "'' is no seed"),
        ("5-1", "the range 5-1 ends before it begins"),
        ("1-", "'1-' is no seed"),
        ("-1", "'-1' is no seed"),
        ("1.5", "'1.5' is no seed"),
        ("1,x", "'x' is no seed"),
        ("1 2", "'1 2' is no seed"),
        ("0", "asks for no run at all"),
        (0, "asks for no run at all"),
        (-3, "'-3' is no seed"),
        (True, "'True' is no seed"),
        ("1,1", r"names \[1\] twice"),
        ("0-5,3-4", r"names \[3, 4\] twice"),
        ("0-20000,20000", r"names \[20000\] twice"),
        ([1, 2, 1], r"names \[1\] twice"),
        ([], "names no seed"),
        ([-1], "-1 is no seed"),
        ([1.5], "1.5 is no seed"),
        (["a"], "'a' is no seed"),
        ([float("nan")], "nan is no seed"),
    ],
)
def test_what_is_no_seed_is_refused(asked: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_seeds(asked)


@given(st.sets(st.integers(0, 5000), min_size=2, max_size=30))
def test_a_list_of_numbers_names_each_of_them_once_and_in_order(seeds: set[int]) -> None:
    assert parse_seeds(",".join(map(str, seeds))) == tuple(sorted(seeds))
    assert parse_seeds(seeds) == tuple(sorted(seeds))
