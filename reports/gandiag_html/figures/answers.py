"""What D answers: over the plane, and to real and to generated samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag_html.figures import shapes
from gandiag_html.figures.backdrop import Backdrop, steps
from gandiag_html.figures.canvas import Sheet, number_axis
from gandiag_html.figures.films import stacked
from gandiag_html.figures.rasters import field
from gandiag_html.figures.svg import ROLES
from gandiag_html.figures.window import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gandiag.data import MultivariateNormal
    from gandiag.data.mixtures import Mixture
    from gandiag.experiment.experiment import Plane

NO_POINTS = np.empty((0, 2))

Counts = NDArray[np.int32]
Floats = NDArray[np.float64]


class Field:
    """D's answers over the plane.

    Args:
        key: What identifiers begin with.
        plane: Where the answers were recorded.
        law: The law of the data, which is drawn upon them.
        span: The answers at which the colours are full.
    """

    def __init__(
        self,
        key: str,
        plane: Plane,
        law: MultivariateNormal | Mixture | None,
        span: Interval = (0.0, 1.0),
    ) -> None:
        # Every answer is the middle of its pixel.
        half = (plane.high - plane.low) / (plane.side - 1) / 2
        ends = (plane.low - half, plane.high + half)
        self._on, self._span = Backdrop(f"{key}-field", shapes.PLANE, ends, ends), span
        self.stored = self._on.drawn(shapes.cloud(NO_POINTS, law, NO_POINTS, (ends, ends), "muted"))

    def show(self, answers: Floats, label: str) -> Markup:
        """The answers of a frame [side, side]."""
        return stacked(field(answers, self._span, label), self._on, label)


class Histograms:
    """D's answers to real samples, upwards, and to generated ones, downwards.

    Args:
        key: What identifiers begin with.
        like: The size of the picture beside it.
    """

    def __init__(self, key: str, like: Sheet) -> None:
        sheet = like._replace(left=12, right=12)
        self._on = Backdrop(f"{key}-answers", sheet, (0.0, 1.0), (-1.08, 1.08))
        self.stored = self._on.drawn(_paint_axes)

    def show(self, real: Counts, fake: Counts, role: str, label: str) -> Markup:
        """The answers of a frame: counts [bin] of each; each side is as high as there is room."""
        edges = np.linspace(0, 1, len(real) + 1)
        up = steps(self._on, edges, real / max(real.max(), 1), "muted")
        down = steps(self._on, edges, -fake / max(fake.max(), 1), role)
        return self._on.under(up + down, label)


def _paint_axes(axes: Axes) -> None:
    axes.set(yticks=[])
    axes.axhline(0, color=ROLES["grid"], linewidth=1)
    axes.axvline(0.5, **shapes.DASHED)
    number_axis(axes, "x", 3)
