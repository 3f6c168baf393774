"""Pictures of the samples of every frame in the replay, on axes that suit all frames of the run."""

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
from gandiag_html.figures.sample_axes import KindAndSamples, line_axis, plane_axes
from gandiag_html.figures.shared_axes import NOTHING, SharedAxes, corner_text, histogram_outline
from gandiag_html.formatting import number

Floats = NDArray[np.float64]

FRAME = 40_000
"""Bytes that the images of a frame may take before compression."""


@dataclass(frozen=True, eq=False)
class ReplaySamples:
    """How the samples of the frames are drawn.

    Attributes:
        kind: Selects the explanation in ``replay.html``.
        show: Draws finite samples [n, coordinate], given a colour role and a label; returns the
            picture and a note for the reader.
        layout: The layout of the pictures.
        stored: The axes that all frames share.
        note: A note for the reader that concerns all frames.
    """

    kind: str
    show: Callable[[Floats, str, str], tuple[Markup, str]]
    layout: Layout = sample_plots.PLANE
    stored: Markup = NOTHING
    note: str = ""


def choose_replay(
    data: Data | Samples, parts: Sequence[Floats], key: str, span: images.Range | None
) -> ReplaySamples | None:
    """Chooses how the frames of a run are drawn.

    Args:
        data: The distribution that the samples should follow, or real samples.
        parts: The samples of all frames that are drawn. The fifth of them that extends the
            farthest may lie outside the axes.
        key: The prefix of its identifiers.
        span: The values drawn black and white in images, if they are known.

    Returns:
        None for a single point, whose whole path is one picture, and without samples.
    """
    frames = [part for part in parts if len(part)]
    size = size_of(data, frames)
    if isinstance(data, Point) or not size or not frames:
        return None
    if isinstance(data, Samples) and data.images:
        return _of_images(data, frames, span)
    near = [("ended", part) for part in _nearest(frames)]
    return _on_the_line(data, near, key) if size == 1 else _in_the_plane(data, near, key, size)


def _nearest(parts: Sequence[Floats]) -> list[Floats]:
    """All frames but the fifth that extends the farthest from the median of all."""
    middle = np.median([np.median(part, axis=0) for part in parts], axis=0)
    reach = [float(np.quantile(np.abs(part - middle).max(axis=1), 0.995)) for part in parts]
    kept = sorted(range(len(parts)), key=reach.__getitem__)[: len(parts) - len(parts) // 5]
    return [parts[index] for index in sorted(kept)]


def _of_images(data: Samples, parts: Sequence[Floats], span: images.Range | None) -> ReplaySamples:
    real = [data.values.astype(np.float64)] if len(data.values) else parts
    shown_range = span or images.range_of(real)

    def show(samples: Floats, role: str, label: str) -> tuple[Markup, str]:
        picture = images.grid(samples, data.shape, shown_range, images.BUDGET // FRAME, label)
        return picture, shown_range.outside_note(samples)

    return ReplaySamples("images", show, note=images.range_note(data.shape, shown_range))


def _on_the_line(data: Data | Samples, parts: Sequence[KindAndSamples], key: str) -> ReplaySamples:
    axis = line_axis(data, parts)
    target = sample_plots.density_on(axis.limits, axis.density)
    edges = sample_plots.edges_for(axis.limits, target)
    peak = max(
        float(sample_plots.heights_of(part[:, 0], edges).max()) for _, part in parts if len(part)
    )
    top = sample_plots.top_for(target, peak)
    axes = SharedAxes(f"{key}-samples", sample_plots.LINE, axis.limits, (0.0, top))

    def show(samples: Floats, role: str, label: str) -> tuple[Markup, str]:
        heights = sample_plots.heights_of(samples[:, 0], edges)
        marks = histogram_outline(axes, edges, heights, role)
        if target is not None and heights.max() > top:
            times = number(float(heights.max() / target.max()), 2)
            marks += corner_text(axes, f"\N{UPWARDS ARROW} {times}\N{MULTIPLICATION SIGN}")
        return axes.with_marks(marks, label), axis.outside_note(samples[:, 0])

    background = axes.drawn(sample_plots.target_alone(axis.limits, target, top, axis.atom))
    return ReplaySamples("line", show, sample_plots.LINE, background)


def _in_the_plane(
    data: Data | Samples, parts: Sequence[KindAndSamples], key: str, size: int
) -> ReplaySamples:
    plane = plane_axes(data, parts, size)
    axes = SharedAxes(f"{key}-samples", sample_plots.PLANE, *plane.limits)
    background = sample_plots.scatter(
        np.empty((0, 2)), plane.distribution, plane.real, plane.limits, "muted"
    )

    def show(samples: Floats, role: str, label: str) -> tuple[Markup, str]:
        points = plane.project(samples)
        drawn = stacked(density_raster(points, plane.limits, role, label), axes, label)
        return drawn, plane.outside_note(points)

    note = f"Shown: {plane.projection.description}." if plane.projection.description else ""
    return ReplaySamples("plane", show, sample_plots.PLANE, axes.drawn(background), note)


def stacked(raster: Markup, axes: SharedAxes, label: str) -> Markup:
    """A raster picture within axes."""
    return Markup('<div class="stack">{}{}</div>').format(raster, axes.with_marks(NOTHING, label))
