"""What D answers: over the plane, and to real and to generated samples."""

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
        self._on, self._span = SharedAxes(f"{key}-field", sample_plots.PLANE, ends, ends), span
        self.stored = self._on.drawn(
            sample_plots.cloud(NO_POINTS, law, NO_POINTS, (ends, ends), "muted")
        )

    def show(self, answers: Floats, label: str) -> Markup:
        """The answers of a frame [side, side]."""
        return stacked(answer_raster(answers, self._span, label), self._on, label)


class AnswerHistograms:
    """D's answers to real samples, upwards, and to generated ones, downwards.

    Args:
        key: What identifiers begin with.
        like: The size of the picture beside it.
    """

    def __init__(self, key: str, like: Layout) -> None:
        layout = like._replace(left=12, right=12)
        self._on = SharedAxes(f"{key}-answers", layout, (0.0, 1.0), (-1.08, 1.08))
        self.stored = self._on.drawn(_paint_axes)

    def show(self, real: Counts, fake: Counts, role: str, label: str) -> Markup:
        """The answers of a frame: counts [bin] of each; each side is as high as there is room."""
        edges = np.linspace(0, 1, len(real) + 1)
        up = histogram_outline(self._on, edges, real / max(real.max(), 1), "muted")
        down = histogram_outline(self._on, edges, -fake / max(fake.max(), 1), role)
        return self._on.under(up + down, label)


def _paint_axes(axes: Axes) -> None:
    axes.set(yticks=[])
    axes.axhline(0, color=ROLES["grid"], linewidth=1)
    axes.axvline(0.5, **sample_plots.DASHED)
    number_ticks(axes, "x", 3)
