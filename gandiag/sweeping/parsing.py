"""Reads the seeds and the grid of a sweep."""

from __future__ import annotations

import operator
import tomllib
from collections import Counter
from collections.abc import Iterable
from itertools import product
from typing import Any

import numpy as np

from gandiag.errors import ExperimentError, UsageError
from gandiag.experiment.overrides import Overrides, parse_value, split_assignment
from gandiag.store.store import Grid

SHAPE = "write a count (10 is 0 to 9), a range (5-5, 0-9) or a list (1,5,7)"


def parse_seeds(asked: int | np.integer[Any] | str | Iterable[int]) -> tuple[int, ...]:
    """The seeds that a user asks for, in order.

    Args:
        asked: A count, a range, a list, or numbers.

    Raises:
        UsageError: It is none of these, or has a seed twice.

    >>> parse_seeds("3"), parse_seeds("5-5"), parse_seeds("0-2,7")
    ((0, 1, 2), (5,), (0, 1, 2, 7))
    """
    if isinstance(asked, int | np.integer):
        asked = str(asked)
    if isinstance(asked, str):
        asked = asked.strip()
        seeds = _count(asked) if asked.isdecimal() else _list(asked)
    else:
        seeds = [_whole(seed) for seed in asked]
    twice = sorted(seed for seed, count in Counter(seeds).items() if count > 1)
    if twice:
        raise UsageError(f"--seeds {asked} names {twice} twice; name every seed once")
    if not seeds:
        raise UsageError(f"--seeds names no seed; {SHAPE}")
    return tuple(sorted(seeds))


def _count(text: str) -> list[int]:
    count = int(text)
    if count < 1:
        raise UsageError(f"--seeds {text} contains no seed; {SHAPE}")
    return list(range(count))


def _list(text: str) -> list[int]:
    return [seed for part in text.split(",") for seed in _part(part.strip(), text)]


def _part(part: str, text: str) -> Iterable[int]:
    low, dash, high = part.partition("-")
    if not low.isdecimal() or (dash and not high.isdecimal()):
        raise UsageError(f"--seeds {text}: {part!r} is not a seed; {SHAPE}")
    if dash and int(high) < int(low):
        raise UsageError(f"--seeds {text}: the range {part} ends before it begins; {SHAPE}")
    return range(int(low), int(high or low) + 1)


def _whole(seed: int) -> int:
    try:
        whole = operator.index(seed)
    except TypeError:
        whole = -1
    if whole < 0:
        raise UsageError(f"{seed!r} is not a seed: seeds are integers from 0")
    return whole


def parse_grid(assignments: Iterable[str]) -> dict[str, list[Any]]:
    """Reads ``key=V1,V2`` assignments.

    Raises:
        ExperimentError: One is not an assignment, or names a value twice.

    >>> parse_grid(["generator.optimizer.learning_rate=1e-3,1e-4"])
    {'generator.optimizer.learning_rate': [0.001, 0.0001]}
    """
    grid: dict[str, list[Any]] = {}
    for assignment in assignments:
        key, text = split_assignment(assignment)
        values = _values(text)
        if any(values.count(value) > 1 for value in values) or key in grid:
            raise ExperimentError(f"--grid {assignment} names a value or key twice")
        grid[key] = values
    return grid


def points(grid: Grid) -> dict[str, Overrides]:
    """The values overridden at each grid point, by its label; one point ``""`` without a grid.

    >>> list(points({"a.b": [1, 2], "c": ["x"]}))
    ['a.b=1, c=x', 'a.b=2, c=x']
    """
    keys = sorted(grid)  # the same grid in another order has the same labels
    every = product(*(grid[key] for key in keys))
    combinations = (dict(zip(keys, values, strict=True)) for values in every)
    return {", ".join(f"{k}={v}" for k, v in point.items()): point for point in combinations}


def _values(text: str) -> list[Any]:
    try:
        return list(tomllib.loads(f"values = [{text}]")["values"])
    except tomllib.TOMLDecodeError:
        return [parse_value(part.strip()) for part in text.split(",")]
