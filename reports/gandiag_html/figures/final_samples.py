"""Which small picture suits the data, on axes that all pictures which are compared share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag.data import Data, Point
from gandiag.data.samples import Samples
from gandiag_html.figures import images, sample_plots
from gandiag_html.figures.axis_limits import axis_limits, downsample
from gandiag_html.figures.drawing import Layout, draw
from gandiag_html.figures.sample_axes import Part, line_axis, plane_axes
from gandiag_html.outcomes import Outcome

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RunSamples:
    """A run and its last finite samples [n, coordinate], None where it kept none."""

    outcome: Outcome
    samples: Floats | None

    @property
    def role(self) -> str:
        """The role of its colour."""
        return "reached" if self.outcome.kind == "ended" else self.outcome.kind

    @property
    def held(self) -> Floats:
        """The samples; none where it kept none."""
        return np.empty((0, 0)) if self.samples is None else self.samples


DrawTile = Callable[[RunSamples, str, str], tuple[Markup, str]]
"""Draws a run under a key and a label, and says what the reader must know beside it."""


@dataclass(frozen=True, eq=False)
class FinalSamples:
    """How the samples of a configuration are drawn.

    Attributes:
        kind: Which sentence explains the pictures; see ``distributions.html``.
        draw_tile: Draws one.
        note: What the reader must know of all of them.
        real: A picture of the real samples, where they do not stand behind the generated ones.
    """

    kind: str
    draw_tile: DrawTile
    note: str = ""
    real: Markup | None = None


def choose_drawing(
    data: Data | Samples,
    alike: Sequence[RunSamples],
    share: int = 1,
    span: images.Range | None = None,
) -> FinalSamples:
    """How to draw samples beside this data.

    Args:
        data: The law that the samples should follow, or real samples.
        alike: All runs whose pictures are compared.
        share: In how many parts the page's budget for images goes.
        span: Which values are black and white in images, where that is known.
    """
    if isinstance(data, Point):
        return FinalSamples("point", _of_a_point(data, alike))
    size = size_of(data, [one.held for one in alike])
    if isinstance(data, Samples) and data.images:
        return _of_images(data, alike, share, span)
    if size == 0:
        return FinalSamples("alone", _blank)
    parts = [(one.outcome.kind, one.held) for one in alike]
    return _on_the_line(data, parts) if size == 1 else _in_the_plane(data, parts, size)


def size_of(data: Data | Samples, parts: Sequence[Floats]) -> int:
    """The number of coordinates; where nothing is known of the data, that of the generator's."""
    return data.size or next((part.shape[1] for part in parts if len(part)), 0)


def _blank(one: RunSamples, key: str, label: str) -> tuple[Markup, str]:
    return Markup(""), ""


def _drawn(sketch: Callable[[RunSamples], tuple[Layout, sample_plots.Paint, str]]) -> DrawTile:
    """A draw_tile that draws on a layout."""

    def draw_tile(one: RunSamples, key: str, label: str) -> tuple[Markup, str]:
        layout, paint, note = sketch(one)
        return draw(layout, paint, key=key, label=label), note

    return draw_tile


def _of_a_point(data: Point, alike: Sequence[RunSamples]) -> DrawTile:
    ways = [(one.outcome.kind, one.outcome.column("mean")) for one in alike]
    limits = axis_limits(
        [way for kind, way in ways if kind != "failed"],
        [way for kind, way in ways if kind == "failed"],
        keep=[data.at],
    )

    def sketch(one: RunSamples) -> tuple[Layout, sample_plots.Paint, str]:
        where = one.outcome.column("mean")
        seen = np.isfinite(where)
        if seen.any():
            points = downsample(one.outcome.iterations[seen], where[seen])
        else:
            points = np.zeros(1), one.held[-1:, 0]
        return sample_plots.LINE, sample_plots.path(*points, data.at, limits, one.role), ""

    return _drawn(sketch)


def _on_the_line(data: Data | Samples, parts: Sequence[Part]) -> FinalSamples:
    axis = line_axis(data, parts)

    def sketch(one: RunSamples) -> tuple[Layout, sample_plots.Paint, str]:
        samples = one.held[:, 0]
        paint = sample_plots.histogram(samples, axis.density, axis.limits, one.role, axis.atom)
        return sample_plots.LINE, paint, axis.beyond(samples)

    return FinalSamples(axis.kind, _drawn(sketch))


def _in_the_plane(data: Data | Samples, parts: Sequence[Part], size: int) -> FinalSamples:
    square = plane_axes(data, parts, size)

    def sketch(one: RunSamples) -> tuple[Layout, sample_plots.Paint, str]:
        samples = square.of(one.held)
        paint = sample_plots.cloud(samples, square.law, square.real, square.limits, one.role)
        return sample_plots.PLANE, paint, square.beyond(samples)

    words = square.plane.words
    return FinalSamples(square.kind, _drawn(sketch), f"Drawn are {words}." if words else "")


def _of_images(
    data: Samples, alike: Sequence[RunSamples], share: int, span: images.Range | None
) -> FinalSamples:
    real = data.values.astype(np.float64)
    if span is None:
        span = images.range_of([real] if len(real) else [one.held for one in alike])
    note = images.reading(data.shape, span)

    def draw_tile(one: RunSamples, key: str, label: str) -> tuple[Markup, str]:
        picture = images.grid(one.held, data.shape, span, share, label)
        return picture, span.beyond(one.held)

    if not len(real):
        return FinalSamples("images-alone", draw_tile, note)
    return FinalSamples(
        "images", draw_tile, note, images.grid(real, data.shape, span, share, "Real images")
    )
