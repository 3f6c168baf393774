"""D's answers: as a map over the plane, and as histograms for real and generated samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag_html.figures import sample_plots
from gandiag_html.figures.axis_limits import Interval
from gandiag_html.figures.drawing import Layout, number_ticks
from gandiag_html.figures.rasters import answer_raster
from gandiag_html.figures.replay_samples import stacked
from gandiag_html.figures.shared_axes import SharedAxes, histogram_outline
from gandiag_html.figures.svg import ROLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gandiag.data import MultivariateNormal
    from gandiag.data.mixtures import Mixture
    from gandiag.experiment.experiment import Plane

NO_POINTS = np.empty((0, 2))

Counts = NDArray[np.int32]
Floats = NDArray[np.float64]


class AnswerMap:
    """A map of D's answers over the plane.

    Args:
        key: The prefix of its identifiers.
        plane: Where the answers were recorded.
        distribution: The distribution of the data, drawn on top of the map.
        span: The answers that get the full colours.
    """

    def __init__(
        self,
        key: str,
        plane: Plane,
        distribution: MultivariateNormal | Mixture | None,
        span: Interval = (0.0, 1.0),
    ) -> None:
        # Each answer was computed at the centre of its pixel.
        half = (plane.high - plane.low) / (plane.side - 1) / 2
        ends = (plane.low - half, plane.high + half)
        self._on, self._span = SharedAxes(f"{key}-field", sample_plots.PLANE, ends, ends), span
        self.stored = self._on.drawn(
            sample_plots.scatter(NO_POINTS, distribution, NO_POINTS, (ends, ends), "muted")
        )

    def show(self, answers: Floats, label: str) -> Markup:
        """Draws the answers of a frame [side, side]."""
        return stacked(answer_raster(answers, self._span, label), self._on, label)


class AnswerHistograms:
    """Histograms of D's answers: real samples above the axis, generated ones below.

    Args:
        key: The prefix of its identifiers.
        like: The layout of the picture beside it.
    """

    def __init__(self, key: str, like: Layout) -> None:
        layout = like._replace(left=12, right=12)
        self._on = SharedAxes(f"{key}-answers", layout, (0.0, 1.0), (-1.08, 1.08))
        self.stored = self._on.drawn(_paint_axes)

    def show(self, real: Counts, fake: Counts, role: str, label: str) -> Markup:
        """Draws the answers of a frame, counts [bin] of each, both scaled to the same height."""
        edges = np.linspace(0, 1, len(real) + 1)
        up = histogram_outline(self._on, edges, real / max(real.max(), 1), "muted")
        down = histogram_outline(self._on, edges, -fake / max(fake.max(), 1), role)
        return self._on.with_marks(up + down, label)


def _paint_axes(axes: Axes) -> None:
    axes.set(yticks=[])
    axes.axhline(0, color=ROLES["grid"], linewidth=1)
    axes.axvline(0.5, **sample_plots.DASHED)
    number_ticks(axes, "x", 3)
