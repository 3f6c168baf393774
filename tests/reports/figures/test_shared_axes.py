"""Marks upon axes that are drawn once: they stand where the axes say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from gandiag_html.figures.drawing import Layout, report_style
from gandiag_html.figures.shared_axes import SharedAxes, dot, histogram_outline, vertical_line
from gandiag_html.figures.svg import ROLES

ON = SharedAxes("here", Layout(240, 130, 30, 10, 5, 25), (-2.0, 6.0), (0.0, 4.0))


def numbers(text: str) -> list[float]:
    """The numbers of a path."""
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)]


@pytest.mark.parametrize(("x", "y"), [(-2.0, 0.0), (6.0, 4.0), (1.5, 3.25)])
def test_positions_of_values_agree_with_matplotlib(x: float, y: float) -> None:
    with report_style():
        drawn = ON.drawn(lambda axes: axes.plot([x, -2.0], [y, 0.0], color=ROLES["ink"]) and None)
    lines = [path for path in ET.fromstring(drawn).iter("path") if "ink" in path.get("class", "")]
    way = numbers(lines[0].attrib["d"])
    assert way[:2] == pytest.approx([float(ON.to_x(x)), float(ON.to_y(y))], abs=0.06)


def test_shared_axes_are_invisible_and_can_be_referenced() -> None:
    with report_style():
        drawn = ON.drawn(lambda axes: None)
    root = ET.fromstring(drawn)
    assert (root.get("class"), root.get("aria-hidden")) == ("stored", "true")
    assert [child.get("id") for child in root] == ["here"]
    assert 'href="#here"' in ON.with_marks(dot(ON, 0, 0), "a dot")


def test_a_label_is_escaped() -> None:
    assert 'aria-label="&#34;&gt;&lt;script&gt;"' in ON.with_marks(
        vertical_line(ON, 1), '"><script>'
    )


def test_bars_have_the_height_of_their_values_and_are_clipped() -> None:
    edges, heights = np.linspace(-2, 6, 9), np.array([0, 0, 1, 3, 9, 0, 2, 0])
    (way,) = re.findall(r' d="(.*?)"', histogram_outline(ON, edges, heights, "failed"))
    tops = [float(found) for found in re.findall(r"V([\d.]+)H", way)]
    assert tops == pytest.approx(ON.to_y(np.array([1, 3, 4, 0, 2])), abs=0.06)
    start, end = way.partition(" ")[0][1:], re.findall(r"H([\d.]+)", way)[-1]
    assert [float(start), float(end)] == pytest.approx(ON.to_x(np.array([0, 5])), abs=0.06)


def test_bars_without_height_are_not_drawn() -> None:
    assert histogram_outline(ON, np.linspace(0, 1, 5), np.zeros(4), "failed") == ""


def test_a_dot_outside_the_axis_is_not_drawn() -> None:
    assert dot(ON, 1.0, 4.5) == ""
    assert dot(ON, 1.0, float("nan")) == ""
