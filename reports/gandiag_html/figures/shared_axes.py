"""Axes that many frames share: drawn once, and referenced by every frame."""

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
    """Axes with a background, and the positions of values on them.

    Attributes:
        key: The identifier in the page.
        layout: The size and the margins.
        x: The limits of the horizontal axis.
        y: The limits of the vertical axis.
    """

    key: str
    layout: Layout
    x: Interval
    y: Interval

    def drawn(self, paint: Callable[[Axes], None]) -> Markup:
        """Draws the background, to be put once into the page, where it is invisible."""

        def with_limits(axes: Axes) -> None:
            paint(axes)
            axes.set(xlim=self.x, ylim=self.y)

        return draw_shared(self.layout, with_limits, key=self.key)

    def with_marks(self, marks: Markup, label: str) -> Markup:
        """A picture of the background with marks on top.

        Args:
            marks: SVG elements.
            label: A description for screen readers.
        """
        return Markup(
            '<svg viewBox="0 0 {} {}" class="chart" role="img" aria-label="{}">'
            '<use href="#{}"></use>{}</svg>'
        ).format(self.layout.width, self.layout.height, label, self.key, marks)

    def to_x(self, values: Floats | float) -> Floats:
        """The positions of values of the horizontal axis, in pixels from the left."""
        share = (np.asarray(values, np.float64) - self.x[0]) / (self.x[1] - self.x[0])
        return np.asarray(self.layout.left + share * self.layout.inner[0])

    def to_y(self, values: Floats | float) -> Floats:
        """The positions of values of the vertical axis, in pixels from the top."""
        share = (self.y[1] - np.asarray(values, np.float64)) / (self.y[1] - self.y[0])
        return np.asarray(self.layout.top + share * self.layout.inner[1])


def histogram_outline(axes: SharedAxes, edges: Floats, heights: Floats, role: str) -> Markup:
    """Adjacent bars as one filled outline, cut off at the limits of the vertical axis.

    Args:
        axes: The axes.
        edges: Their edges [bar + 1].
        heights: Their heights [bar]; negative ones extend downwards.
        role: Their colour role.
    """
    filled = np.flatnonzero(heights)
    if not len(filled):
        return NOTHING
    part = slice(filled[0], filled[-1] + 1)
    tops = axes.to_y(np.clip(heights[part], *axes.y)).round(1).tolist()
    ends = axes.to_x(edges[part.start : part.stop + 1]).round(1).tolist()
    base = f"{float(axes.to_y(0.0)):.5g}"
    outline = "".join(f"V{top:.5g}H{end:.5g}" for top, end in zip(tops, ends[1:], strict=True))
    return Markup('<path class="bars fill-{0} stroke-{0}" d="M{1:.5g} {2}{3}V{2}z"></path>').format(
        role, ends[0], base, outline
    )


def vertical_line(axes: SharedAxes, x: float) -> Markup:
    """A vertical line over the whole height."""
    return Markup('<path class="now" d="M{:.5g} {}V{}"></path>').format(
        float(axes.to_x(x)), axes.layout.top, axes.layout.height - axes.layout.bottom
    )


def dot(axes: SharedAxes, x: float, y: float) -> Markup:
    """A dot at a value; nothing if the value is outside the axis."""
    if not axes.y[0] <= y <= axes.y[1]:
        return NOTHING
    return Markup('<circle class="now" cx="{:.5g}" cy="{:.5g}" r="4"></circle>').format(
        float(axes.to_x(x)), float(axes.to_y(y))
    )


def corner_text(axes: SharedAxes, text: str) -> Markup:
    """A short text at the upper right."""
    return Markup('<text class="fill-muted" x="{}" y="{}" text-anchor="end">{}</text>').format(
        axes.layout.width - axes.layout.right, axes.layout.top + 12, text
    )
