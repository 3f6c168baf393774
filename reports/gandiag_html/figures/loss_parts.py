"""The loss of one player in one run and its parts, with a marker at the current frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag_html.figures.axis_limits import axis_limits
from gandiag_html.figures.downsampling import downsample
from gandiag_html.figures.drawing import Layout, number_ticks
from gandiag_html.figures.labels import Label, place_apart, write_labels
from gandiag_html.figures.shared_axes import SharedAxes, dot, vertical_line
from gandiag_html.figures.svg import ROLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

LAYOUT = Layout(width=400, height=170, left=44, right=88, top=10, bottom=24)
POINTS = 240
"""The most points of a line."""
STYLES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "loss": ("ink", {"linewidth": 1.5}),
    "cross_entropy": ("reached", {"linewidth": 1.5}),
    "l2": ("rule", {"linewidth": 1.5, "linestyle": (0, (4, 2))}),
}
"""The colour role and the line style of each part."""
NAMES = {"loss": "total", "cross_entropy": "cross-entropy", "l2": "L2 term"}


class LossParts:
    """The parts of a loss over the iterations.

    Args:
        key: Its identifier in the page.
        iterations: The log points [log point].
        parts: The total loss and its parts, each [log point]; NaN where nothing was recorded.
        end: The last iteration of the axis.
    """

    def __init__(self, key: str, iterations: Floats, parts: Mapping[str, Floats], end: int) -> None:
        self._iterations, self._parts = iterations, parts
        limits = axis_limits([part[np.isfinite(part)] for part in parts.values()])
        layout = LAYOUT if len(parts) > 1 else LAYOUT._replace(right=12)
        self._on = SharedAxes(key, layout, (0.0, float(max(end, 1))), limits)
        self.stored = self._on.drawn(self._paint)

    def show(self, at: int, label: str) -> Markup:
        """Draws the picture with a marker at an iteration."""
        here = np.flatnonzero(self._iterations == at)
        dots = [
            dot(self._on, at, float(part[here[0]])) for part in self._parts.values() if len(here)
        ]
        return self._on.with_marks(Markup("").join([vertical_line(self._on, at), *dots]), label)

    def _paint(self, axes: Axes) -> None:
        axes.set(xlim=self._on.x, ylim=self._on.y)
        axes.grid(axis="y")
        number_ticks(axes, "x", 4)
        number_ticks(axes, "y", 4)
        labels = []
        for name, values in self._parts.items():
            role, style = STYLES[name]
            x, y = downsample(self._iterations, values, POINTS)
            axes.plot(x, y, color=ROLES[role], **style)
            finite = y[np.isfinite(y)]
            if len(self._parts) > 1 and len(finite):
                labels.append(Label(NAMES[name], float(finite[-1].clip(*self._on.y)), role))
        height = LAYOUT.inner[1]
        write_labels(axes, place_apart(labels, self._on.y, height), LAYOUT.inner)
