"""The loss in its parts, with a marker at the current frame."""

from __future__ import annotations

import re

import numpy as np

from gandiag_html.figures.drawing import report_style
from gandiag_html.figures.loss_parts import LossParts


def numbers(text: str) -> list[float]:
    """The numbers of a path."""
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)]


def test_the_marker_is_at_the_iteration_and_at_the_values() -> None:
    iterations = np.arange(0, 101, 10.0)
    parts = {"loss": 10.0 - iterations / 20, "cross_entropy": 1 + iterations / 100}
    with report_style():
        drawn = LossParts("loss", iterations, parts, 100)
    first, last = (drawn.show(at, "") for at in (0, 100))
    assert first.count("<circle") == 2
    (left, *_), (right, *_) = (numbers(re.findall(r' d="(.*?)"', t)[0]) for t in (first, last))
    assert left < right
    heights = [float(found) for found in re.findall(r'cy="(.*?)"', last)]
    assert heights[0] < heights[1]  # a total of 5 stands above a cross-entropy of 2
    assert drawn.show(55, "").count("<circle") == 0
    assert "total" in drawn.stored
    assert "cross-entropy" in drawn.stored


def test_a_single_total_has_no_label() -> None:
    iterations = np.arange(0, 101, 10.0)
    with report_style():
        drawn = LossParts("loss", iterations, {"loss": 1 + iterations}, 100)
    assert "total" not in drawn.stored
