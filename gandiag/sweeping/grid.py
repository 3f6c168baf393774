"""A grid of experiments: every combination of some values."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from itertools import product
from typing import Any

from gandiag.errors import ExperimentError
from gandiag.experiment.loading import Settings, parse_value, split_assignment
from gandiag.store.store import Grid


def parse_grid(assignments: Iterable[str]) -> dict[str, list[Any]]:
    """Reads ``key=V1,V2`` assignments.

    Raises:
        ExperimentError: One is no assignment, or names a value twice.

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


def points(grid: Grid) -> dict[str, Settings]:
    """What is set anew at each point of a grid, by its label; one point ``""`` without a grid.

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
