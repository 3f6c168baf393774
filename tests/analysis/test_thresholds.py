"""Thresholds: each has its reason, and those that depend on each other agree."""

from __future__ import annotations

import ast
from pathlib import Path

from gandiag.analysis import thresholds
from gandiag.analysis.thresholds import (
    COLLAPSED_SPREAD,
    CYCLE_POINTS,
    CYCLES,
    FAR,
    GONE,
    GOOD_DISTANCE,
    MOTION,
    NARROW_SPREAD,
    PATIENT,
    POINT,
    RECENT,
    SHORTEST_PERIOD,
    SMOOTH,
)


def test_every_threshold_is_followed_by_its_reason():
    body = ast.parse(Path(thresholds.__file__).read_text(encoding="utf-8")).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.Assign):
            assert isinstance(after, ast.Expr), ast.unparse(node)
            assert isinstance(after.value, ast.Constant), ast.unparse(node)


def test_related_thresholds_are_in_order():
    assert POINT < COLLAPSED_SPREAD < NARROW_SPREAD < 1
    assert GOOD_DISTANCE < FAR < GONE
    assert RECENT < MOTION < PATIENT
    assert SHORTEST_PERIOD * CYCLES <= CYCLE_POINTS
    assert SMOOTH % 2 == 1
