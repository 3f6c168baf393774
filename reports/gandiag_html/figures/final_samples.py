"""Pictures of the final samples of each run, on axes shared by all runs that are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag.data import Data, Point
from gandiag.data.samples import Samples
from gandiag_html.figures import images, sample_plots
from gandiag_html.figures.axis_limits import axis_limits
from gandiag_html.figures.downsampling import downsample
from gandiag_html.figures.drawing import Layout, draw
from gandiag_html.figures.sample_axes import KindAndSamples, line_axis, plane_axes
from gandiag_html.outcomes import Outcome

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RunSamples:
    """A run and its last finite samples [n, coordinate]; None if it kept none."""

    outcome: Outcome
    samples: Floats | None

    @property
    def role(self) -> str:
        """The role of its colour."""
        return "reached" if self.outcome.kind == "ended" else self.outcome.kind

    @property
    def finite(self) -> Floats:
        """The samples; an empty array if it kept none."""
        return np.empty((0, 0)) if self.samples is None else self.samples


DrawTile = Callable[[RunSamples, str, str], tuple[Markup, str]]
"""Draws a run, given a key and a label; returns the picture and a note for the reader."""


@dataclass(frozen=True, eq=False)
class FinalSamples:
    """How the samples of a configuration are drawn.

    Attributes:
        kind: Selects the explanation in ``distributions.html``.
        draw_tile: Draws the samples of a run.
        note: A note for the reader that concerns all pictures.
        real: A picture of the real samples, if they are not drawn behind the generated ones.
    """

    kind: str
    draw_tile: DrawTile
    note: str = ""
    real: Markup | None = None


def choose_drawing(
    data: Data | Samples,
    compared: Sequence[RunSamples],
    parts: int = 1,
    span: images.Range | None = None,
) -> FinalSamples:
    """Chooses how samples are compared with these data.

    Args:
        data: The distribution that the samples should follow, or real samples.
        compared: All runs whose pictures are compared.
        parts: Among how many pictures the page's budget for images is divided.
        span: The values drawn black and white in images, if they are known.
    """
    if isinstance(data, Point):
        return FinalSamples("point", _of_a_point(data, compared))
    size = size_of(data, [one.finite for one in compared])
    if isinstance(data, Samples) and data.images:
        return _of_images(data, compared, parts, span)
    if size == 0:
        return FinalSamples("no-data", _blank)
    samples = [(one.outcome.kind, one.finite) for one in compared]
    return _on_the_line(data, samples) if size == 1 else _in_the_plane(data, samples, size)


def size_of(data: Data | Samples, parts: Sequence[Floats]) -> int:
    """The number of coordinates: that of the data, or of the samples if the data are unknown."""
    return data.size or next((part.shape[1] for part in parts if len(part)), 0)


def _blank(one: RunSamples, key: str, label: str) -> tuple[Markup, str]:
    return Markup(""), ""


def _drawn(sketch: Callable[[RunSamples], tuple[Layout, sample_plots.Paint, str]]) -> DrawTile:
    """Wraps a function that chooses layout, drawing and note of a run."""

    def draw_tile(one: RunSamples, key: str, label: str) -> tuple[Markup, str]:
        layout, paint, note = sketch(one)
        return draw(layout, paint, key=key, label=label), note

    return draw_tile


def _of_a_point(data: Point, compared: Sequence[RunSamples]) -> DrawTile:
    paths = [(one.outcome.kind, one.outcome.column("mean")) for one in compared]
    limits = axis_limits(
        [path for kind, path in paths if kind != "failed"],
        [path for kind, path in paths if kind == "failed"],
        include=[data.at],
    )

    def sketch(one: RunSamples) -> tuple[Layout, sample_plots.Paint, str]:
        position = one.outcome.column("mean")
        finite = np.isfinite(position)
        if finite.any():
            points = downsample(one.outcome.iterations[finite], position[finite])
        else:
            points = np.zeros(1), one.finite[-1:, 0]
        return sample_plots.LINE, sample_plots.path(*points, data.at, limits, one.role), ""

    return _drawn(sketch)


def _on_the_line(data: Data | Samples, parts: Sequence[KindAndSamples]) -> FinalSamples:
    axis = line_axis(data, parts)

    def sketch(one: RunSamples) -> tuple[Layout, sample_plots.Paint, str]:
        samples = one.finite[:, 0]
        paint = sample_plots.histogram(samples, axis.density, axis.limits, one.role, axis.atom)
        return sample_plots.LINE, paint, axis.outside_note(samples)

    return FinalSamples(axis.kind, _drawn(sketch))


def _in_the_plane(data: Data | Samples, parts: Sequence[KindAndSamples], size: int) -> FinalSamples:
    plane = plane_axes(data, parts, size)

    def sketch(one: RunSamples) -> tuple[Layout, sample_plots.Paint, str]:
        samples = plane.project(one.finite)
        paint = sample_plots.scatter(
            samples, plane.distribution, plane.real, plane.limits, one.role
        )
        return sample_plots.PLANE, paint, plane.outside_note(samples)

    words = plane.projection.description
    return FinalSamples(plane.kind, _drawn(sketch), f"Shown: {words}." if words else "")


def _of_images(
    data: Samples, compared: Sequence[RunSamples], parts: int, span: images.Range | None
) -> FinalSamples:
    real = data.values.astype(np.float64)
    if span is None:
        span = images.range_of([real] if len(real) else [one.finite for one in compared])
    note = images.range_note(data.shape, span)

    def draw_tile(one: RunSamples, key: str, label: str) -> tuple[Markup, str]:
        picture = images.grid(one.finite, data.shape, span, parts, label)
        return picture, span.outside_note(one.finite)

    if not len(real):
        return FinalSamples("images-alone", draw_tile, note)
    return FinalSamples(
        "images", draw_tile, note, images.grid(real, data.shape, span, parts, "Real images")
    )
