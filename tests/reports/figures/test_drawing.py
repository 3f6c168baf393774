"""Drawing with matplotlib: the report's style, never the user's."""

from __future__ import annotations

from gandiag_html.figures.drawing import Layout, draw, report_style
from gandiag_html.figures.svg import ROLES


def test_a_drawing_contains_no_colour_of_its_own() -> None:
    layout = Layout(100, 80, 5, 5, 5, 5)
    with report_style():
        text = draw(
            layout,
            lambda axes: axes.plot([0, 1], [0, 1], color=ROLES["ink"]),  # type: ignore[arg-type, return-value]
            key="k",
            label="a line",
        )
    assert "#" not in text.replace("url(#k", "").replace('href="#k', "")
