"""Which small picture suits the data, on axes that all pictures which are compared share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag.data import Data, Point
from gandiag.data.samples import Samples
from gandiag_html.figures import images, shapes
from gandiag_html.figures.canvas import Sheet, draw
from gandiag_html.figures.ground import Part, ground, line
from gandiag_html.figures.window import thin, window
from gandiag_html.outcomes import Outcome

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shown:
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


Painter = Callable[[Shown, str, str], tuple[Markup, str]]
"""Draws a run under a key and a label, and says what the reader must know beside it."""


@dataclass(frozen=True, eq=False)
class Scene:
    """How the samples of a group are drawn.

    Attributes:
        kind: Which sentence explains the pictures; see ``distributions.html``.
        painter: Draws one.
        note: What the reader must know of all of them.
        real: A picture of the real samples, where they do not stand behind the generated ones.
    """

    kind: str
    painter: Painter
    note: str = ""
    real: Markup | None = None


def scene_for(
    data: Data | Samples,
    alike: Sequence[Shown],
    share: int = 1,
    span: images.Range | None = None,
) -> Scene:
    """How to draw samples beside this data.

    Args:
        data: The law that the samples should follow, or real samples.
        alike: All runs whose pictures are compared.
        share: In how many parts the page's budget for images goes.
        span: Which values are black and white in images, where that is known.
    """
    if isinstance(data, Point):
        return Scene("point", _of_a_point(data, alike))
    size = size_of(data, [one.held for one in alike])
    if isinstance(data, Samples) and data.images:
        return _of_images(data, alike, share, span)
    if size == 0:
        return Scene("alone", _blank)
    parts = [(one.outcome.kind, one.held) for one in alike]
    return _on_the_line(data, parts) if size == 1 else _in_the_plane(data, parts, size)


def size_of(data: Data | Samples, parts: Sequence[Floats]) -> int:
    """The number of coordinates; where nothing is known of the data, that of the generator's."""
    return data.size or next((part.shape[1] for part in parts if len(part)), 0)


def _blank(one: Shown, key: str, label: str) -> tuple[Markup, str]:
    return Markup(""), ""


def _drawn(sketch: Callable[[Shown], tuple[Sheet, shapes.Paint, str]]) -> Painter:
    """A painter that draws on a sheet."""

    def painter(one: Shown, key: str, label: str) -> tuple[Markup, str]:
        sheet, paint, note = sketch(one)
        return draw(sheet, paint, key=key, label=label), note

    return painter


def _of_a_point(data: Point, alike: Sequence[Shown]) -> Painter:
    ways = [(one.outcome.kind, one.outcome.column("mean")) for one in alike]
    limits = window(
        [way for kind, way in ways if kind != "failed"],
        [way for kind, way in ways if kind == "failed"],
        keep=[data.at],
    )

    def sketch(one: Shown) -> tuple[Sheet, shapes.Paint, str]:
        where = one.outcome.column("mean")
        seen = np.isfinite(where)
        if seen.any():
            points = thin(one.outcome.iterations[seen], where[seen])
        else:
            points = np.zeros(1), one.held[-1:, 0]
        return shapes.LINE, shapes.path(*points, data.at, limits, one.role), ""

    return _drawn(sketch)


def _on_the_line(data: Data | Samples, parts: Sequence[Part]) -> Scene:
    axis = line(data, parts)

    def sketch(one: Shown) -> tuple[Sheet, shapes.Paint, str]:
        samples = one.held[:, 0]
        paint = shapes.histogram(samples, axis.density, axis.limits, one.role, axis.atom)
        return shapes.LINE, paint, axis.beyond(samples)

    return Scene(axis.kind, _drawn(sketch))


def _in_the_plane(data: Data | Samples, parts: Sequence[Part], size: int) -> Scene:
    square = ground(data, parts, size)

    def sketch(one: Shown) -> tuple[Sheet, shapes.Paint, str]:
        samples = square.of(one.held)
        paint = shapes.cloud(samples, square.law, square.real, square.limits, one.role)
        return shapes.PLANE, paint, square.beyond(samples)

    words = square.plane.words
    return Scene(square.kind, _drawn(sketch), f"Drawn are {words}." if words else "")


def _of_images(
    data: Samples, alike: Sequence[Shown], share: int, span: images.Range | None
) -> Scene:
    real = data.values.astype(np.float64)
    if span is None:
        span = images.range_of([real] if len(real) else [one.held for one in alike])
    note = images.reading(data.shape, span)

    def painter(one: Shown, key: str, label: str) -> tuple[Markup, str]:
        picture = images.grid(one.held, data.shape, span, share, label)
        return picture, span.beyond(one.held)

    if not len(real):
        return Scene("images-alone", painter, note)
    return Scene("images", painter, note, images.grid(real, data.shape, span, share, "Real images"))
