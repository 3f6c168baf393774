"""Marks upon axes that are drawn once: they stand where the axes say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from gandiag_html.figures.drawing import Layout, report_style
from gandiag_html.figures.loss_parts import LossParts
from gandiag_html.figures.shared_axes import SharedAxes, dot, histogram_outline, vertical_line
from gandiag_html.figures.svg import ROLES

ON = SharedAxes("here", Layout(240, 130, 30, 10, 5, 25), (-2.0, 6.0), (0.0, 4.0))


def numbers(text: str) -> list[float]:
    """The numbers of a path."""
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)]


@pytest.mark.parametrize(("x", "y"), [(-2.0, 0.0), (6.0, 4.0), (1.5, 3.25)])
def test_a_value_stands_where_matplotlib_puts_it(x: float, y: float) -> None:
    with report_style():
        drawn = ON.drawn(lambda axes: axes.plot([x, -2.0], [y, 0.0], color=ROLES["ink"]) and None)
    lines = [path for path in ET.fromstring(drawn).iter("path") if "ink" in path.get("class", "")]
    way = numbers(lines[0].attrib["d"])
    assert way[:2] == pytest.approx([float(ON.to_x(x)), float(ON.to_y(y))], abs=0.06)


def test_what_is_stored_is_not_seen_and_can_be_referred_to() -> None:
    with report_style():
        drawn = ON.drawn(lambda axes: None)
    root = ET.fromstring(drawn)
    assert (root.get("class"), root.get("aria-hidden")) == ("stored", "true")
    assert [child.get("id") for child in root] == ["here"]
    assert 'href="#here"' in ON.with_marks(dot(ON, 0, 0), "a dot")


def test_a_label_cannot_leave_its_attribute() -> None:
    assert 'aria-label="&#34;&gt;&lt;script&gt;"' in ON.with_marks(
        vertical_line(ON, 1), '"><script>'
    )


def test_bars_are_as_high_as_their_values_and_cut_at_the_top() -> None:
    edges, heights = np.linspace(-2, 6, 9), np.array([0, 0, 1, 3, 9, 0, 2, 0])
    (way,) = re.findall(r' d="(.*?)"', histogram_outline(ON, edges, heights, "failed"))
    tops = [float(found) for found in re.findall(r"V([\d.]+)H", way)]
    assert tops == pytest.approx(ON.to_y(np.array([1, 3, 4, 0, 2])), abs=0.06)
    start, end = way.partition(" ")[0][1:], re.findall(r"H([\d.]+)", way)[-1]
    assert [float(start), float(end)] == pytest.approx(ON.to_x(np.array([0, 5])), abs=0.06)


def test_bars_of_no_height_are_nothing() -> None:
    assert histogram_outline(ON, np.linspace(0, 1, 5), np.zeros(4), "failed") == ""


def test_a_dot_beyond_the_axis_is_not_drawn() -> None:
    assert dot(ON, 1.0, 4.5) == ""
    assert dot(ON, 1.0, float("nan")) == ""


def test_the_mark_in_a_loss_is_at_the_frame_and_at_its_values() -> None:
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
