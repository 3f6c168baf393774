"""Axes that many frames share: drawn once, and referred to by every frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag_html.figures.axis_limits import Interval
from gandiag_html.figures.drawing import Layout, draw_shared

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

NOTHING = Markup("")


@dataclass(frozen=True)
class SharedAxes:
    """A drawn background, and where values stand on it.

    Attributes:
        key: Its identifier in the page.
        layout: Its size.
        x: The ends of the horizontal axis.
        y: The ends of the vertical axis.
    """

    key: str
    layout: Layout
    x: Interval
    y: Interval

    def drawn(self, paint: Callable[[Axes], None]) -> Markup:
        """The background itself, to be put once into the page; it is not seen there."""

        def on_these(axes: Axes) -> None:
            paint(axes)
            axes.set(xlim=self.x, ylim=self.y)

        return draw_shared(self.layout, on_these, key=self.key)

    def under(self, marks: Markup, label: str) -> Markup:
        """A picture: the background and marks upon it.

        Args:
            marks: What is drawn upon it.
            label: What the picture shows, for those who do not see it.
        """
        return Markup(
            '<svg viewBox="0 0 {} {}" class="chart" role="img" aria-label="{}">'
            '<use href="#{}"></use>{}</svg>'
        ).format(self.layout.width, self.layout.height, label, self.key, marks)

    def across(self, values: Floats | float) -> Floats:
        """Where values of the horizontal axis stand, in pixels from the left."""
        share = (np.asarray(values, np.float64) - self.x[0]) / (self.x[1] - self.x[0])
        return np.asarray(self.layout.left + share * self.layout.inner[0])

    def down(self, values: Floats | float) -> Floats:
        """Where values of the vertical axis stand, in pixels from above."""
        share = (self.y[1] - np.asarray(values, np.float64)) / (self.y[1] - self.y[0])
        return np.asarray(self.layout.top + share * self.layout.inner[1])


def histogram_outline(on: SharedAxes, edges: Floats, heights: Floats, role: str) -> Markup:
    """Bars side by side, as one outline that is filled; cut at the ends of the vertical axis.

    Args:
        on: Where they stand.
        edges: Their edges [bar + 1].
        heights: Their heights [bar]; those below 0 hang down.
        role: The role of their colour.
    """
    filled = np.flatnonzero(heights)
    if not len(filled):
        return NOTHING
    some = slice(filled[0], filled[-1] + 1)
    tops = on.down(np.clip(heights[some], *on.y)).round(1).tolist()
    ends = on.across(edges[some.start : some.stop + 1]).round(1).tolist()
    base = f"{float(on.down(0.0)):.5g}"
    way = "".join(f"V{top:.5g}H{end:.5g}" for top, end in zip(tops, ends[1:], strict=True))
    return Markup('<path class="bars fill-{0} stroke-{0}" d="M{1:.5g} {2}{3}V{2}z"></path>').format(
        role, ends[0], base, way
    )


def vertical_line(on: SharedAxes, x: float) -> Markup:
    """A line from below to above."""
    return Markup('<path class="now" d="M{:.5g} {}V{}"></path>').format(
        float(on.across(x)), on.layout.top, on.layout.height - on.layout.bottom
    )


def dot(on: SharedAxes, x: float, y: float) -> Markup:
    """A dot at a value; nothing where it is not on the axis."""
    if not on.y[0] <= y <= on.y[1]:
        return NOTHING
    return Markup('<circle class="now" cx="{:.5g}" cy="{:.5g}" r="4"></circle>').format(
        float(on.across(x)), float(on.down(y))
    )


def corner_text(on: SharedAxes, text: str) -> Markup:
    """A few words at the upper right."""
    return Markup('<text class="fill-muted" x="{}" y="{}" text-anchor="end">{}</text>').format(
        on.layout.width - on.layout.right, on.layout.top + 12, text
    )
