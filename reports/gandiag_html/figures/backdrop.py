"""Axes that many frames share: drawn once, and referred to by every frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag_html.figures.canvas import Sheet, store
from gandiag_html.figures.window import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

NOTHING = Markup("")


@dataclass(frozen=True)
class Backdrop:
    """A drawn background, and where values stand on it.

    Attributes:
        key: Its identifier in the page.
        sheet: Its size.
        x: The ends of the horizontal axis.
        y: The ends of the vertical axis.
    """

    key: str
    sheet: Sheet
    x: Interval
    y: Interval

    def drawn(self, paint: Callable[[Axes], None]) -> Markup:
        """The background itself, to be put once into the page; it is not seen there."""

        def on_these(axes: Axes) -> None:
            paint(axes)
            axes.set(xlim=self.x, ylim=self.y)

        return store(self.sheet, on_these, key=self.key)

    def under(self, marks: Markup, label: str) -> Markup:
        """A picture: the background and marks upon it.

        Args:
            marks: What is drawn upon it.
            label: What the picture shows, for those who do not see it.
        """
        return Markup(
            '<svg viewBox="0 0 {} {}" class="chart" role="img" aria-label="{}">'
            '<use href="#{}"></use>{}</svg>'
        ).format(self.sheet.width, self.sheet.height, label, self.key, marks)

    def across(self, values: Floats | float) -> Floats:
        """Where values of the horizontal axis stand, in pixels from the left."""
        share = (np.asarray(values, np.float64) - self.x[0]) / (self.x[1] - self.x[0])
        return np.asarray(self.sheet.left + share * self.sheet.inner[0])

    def down(self, values: Floats | float) -> Floats:
        """Where values of the vertical axis stand, in pixels from above."""
        share = (self.y[1] - np.asarray(values, np.float64)) / (self.y[1] - self.y[0])
        return np.asarray(self.sheet.top + share * self.sheet.inner[1])


def steps(on: Backdrop, edges: Floats, heights: Floats, role: str) -> Markup:
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


def upright(on: Backdrop, x: float) -> Markup:
    """A line from below to above."""
    return Markup('<path class="now" d="M{:.5g} {}V{}"></path>').format(
        float(on.across(x)), on.sheet.top, on.sheet.height - on.sheet.bottom
    )


def dot(on: Backdrop, x: float, y: float) -> Markup:
    """A dot at a value; nothing where it is not on the axis."""
    if not on.y[0] <= y <= on.y[1]:
        return NOTHING
    return Markup('<circle class="now" cx="{:.5g}" cy="{:.5g}" r="4"></circle>').format(
        float(on.across(x)), float(on.down(y))
    )


def word(on: Backdrop, text: str) -> Markup:
    """A few words at the upper right."""
    return Markup('<text class="fill-muted" x="{}" y="{}" text-anchor="end">{}</text>').format(
        on.sheet.width - on.sheet.right, on.sheet.top + 12, text
    )
