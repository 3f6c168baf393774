"""How a generator's samples are shown frame after frame, on axes that hold all of the frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag.data import Data, Point
from gandiag.data.samples import Samples
from gandiag_html.figures import images, sample_plots
from gandiag_html.figures.drawing import Layout
from gandiag_html.figures.final_samples import size_of
from gandiag_html.figures.rasters import density_raster
from gandiag_html.figures.sample_axes import Part, line_axis, plane_axes
from gandiag_html.figures.shared_axes import NOTHING, SharedAxes, corner_text, histogram_outline
from gandiag_html.formatting import number

Floats = NDArray[np.float64]

FRAME = 40_000
"""Bytes that the images of a frame may have, before compression."""


@dataclass(frozen=True, eq=False)
class ReplaySamples:
    """A way to show frames.

    Attributes:
        kind: Which sentence explains it; see ``replay.html``.
        show: Draws finite samples [n, coordinate] in the colour of a role, under a label, and
            says what the reader must know beside it.
        layout: The size of a picture beside it.
        stored: What all frames refer to.
        note: What the reader must know of all of them.
    """

    kind: str
    show: Callable[[Floats, str, str], tuple[Markup, str]]
    layout: Layout = sample_plots.PLANE
    stored: Markup = NOTHING
    note: str = ""


def choose_replay(
    data: Data | Samples, parts: Sequence[Floats], key: str, span: images.Range | None
) -> ReplaySamples | None:
    """How to show frames of samples of this data.

    Args:
        data: The law that the samples should follow, or real samples.
        parts: The samples of all frames that are drawn. A fifth of them, those that reach the
            farthest, may lie beyond the axes.
        key: What identifiers begin with.
        span: Which values are black and white in images, where that is known.

    Returns:
        The way; None for a single point, whose whole way is one picture, and without samples.
    """
    seen = [part for part in parts if len(part)]
    size = size_of(data, seen)
    if isinstance(data, Point) or not size or not seen:
        return None
    if isinstance(data, Samples) and data.images:
        return _of_images(data, seen, span)
    near = [("ended", part) for part in _nearest(seen)]
    return _on_the_line(data, near, key) if size == 1 else _in_the_plane(data, near, key, size)


def _nearest(parts: Sequence[Floats]) -> list[Floats]:
    """All frames but the fifth that reaches the farthest from the middle of all."""
    middle = np.median([np.median(part, axis=0) for part in parts], axis=0)
    reach = [float(np.quantile(np.abs(part - middle).max(axis=1), 0.995)) for part in parts]
    kept = sorted(range(len(parts)), key=reach.__getitem__)[: len(parts) - len(parts) // 5]
    return [parts[index] for index in sorted(kept)]


def _of_images(data: Samples, parts: Sequence[Floats], span: images.Range | None) -> ReplaySamples:
    real = [data.values.astype(np.float64)] if len(data.values) else parts
    known = span or images.range_of(real)

    def show(samples: Floats, role: str, label: str) -> tuple[Markup, str]:
        picture = images.grid(samples, data.shape, known, images.BUDGET // FRAME, label)
        return picture, known.beyond(samples)

    return ReplaySamples("images", show, note=images.reading(data.shape, known))


def _on_the_line(data: Data | Samples, parts: Sequence[Part], key: str) -> ReplaySamples:
    axis = line_axis(data, parts)
    target = sample_plots.density_on(axis.limits, axis.density)
    edges = sample_plots.edges_for(axis.limits, target)
    peak = max(
        float(sample_plots.heights_of(part[:, 0], edges).max()) for _, part in parts if len(part)
    )
    top = sample_plots.top_for(target, peak)
    on = SharedAxes(f"{key}-samples", sample_plots.LINE, axis.limits, (0.0, top))

    def show(samples: Floats, role: str, label: str) -> tuple[Markup, str]:
        heights = sample_plots.heights_of(samples[:, 0], edges)
        marks = histogram_outline(on, edges, heights, role)
        if target is not None and heights.max() > top:
            times = number(float(heights.max() / target.max()), 2)
            marks += corner_text(on, f"\N{UPWARDS ARROW} {times}\N{MULTIPLICATION SIGN}")
        return on.under(marks, label), axis.beyond(samples[:, 0])

    behind = on.drawn(sample_plots.target_alone(axis.limits, target, top, axis.atom))
    return ReplaySamples("line", show, sample_plots.LINE, behind)


def _in_the_plane(
    data: Data | Samples, parts: Sequence[Part], key: str, size: int
) -> ReplaySamples:
    square = plane_axes(data, parts, size)
    on = SharedAxes(f"{key}-samples", sample_plots.PLANE, *square.limits)
    behind = sample_plots.cloud(np.empty((0, 2)), square.law, square.real, square.limits, "muted")

    def show(samples: Floats, role: str, label: str) -> tuple[Markup, str]:
        points = square.of(samples)
        drawn = stacked(density_raster(points, square.limits, role, label), on, label)
        return drawn, square.beyond(points)

    note = f"Drawn are {square.plane.words}." if square.plane.words else ""
    return ReplaySamples("plane", show, sample_plots.PLANE, on.drawn(behind), note)


def stacked(raster: Markup, on: SharedAxes, label: str) -> Markup:
    """A picture of pixels within axes."""
    return Markup('<div class="stack">{}{}</div>').format(raster, on.under(NOTHING, label))
