"""Which small picture suits the data, on axes that all pictures which are compared share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag.data import Data, MultivariateNormal, Point
from gandiag.data.samples import Samples
from gandiag_html.figures import images, shapes
from gandiag_html.figures.canvas import Sheet, draw
from gandiag_html.figures.density import smooth
from gandiag_html.figures.projection import Plane, first_two, principal
from gandiag_html.figures.window import Interval, thin, window
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


def scene_for(data: Data | Samples, alike: Sequence[Shown], share: int = 1) -> Scene:
    """How to draw samples beside this data.

    Args:
        data: The law that the samples should follow, or real samples.
        alike: All runs whose pictures are compared.
        share: In how many parts the page's budget for images goes.
    """
    if isinstance(data, Point):
        return Scene("point", _of_a_point(data, alike))
    size = _size(data, alike)
    if isinstance(data, Samples) and data.images:
        return _of_images(data, alike, share)
    if size == 0:
        return Scene("alone", _blank)
    if size == 1:
        return _on_the_line(data, alike)
    return _in_the_plane(data, alike, size)


def _size(data: Data | Samples, alike: Sequence[Shown]) -> int:
    """The number of coordinates; where nothing is known of the data, that of the generator's."""
    widths = (one.held.shape[1] for one in alike if len(one.held))
    return data.size or next(widths, 0)


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


def _on_the_line(data: Data | Samples, alike: Sequence[Shown]) -> Scene:
    kind, density, atom = "line", getattr(data, "density", None), None
    if isinstance(data, Samples):
        real = data.values[:, :1].ravel().astype(np.float64)
        kind, density = "real-line" if len(real) else "alone", smooth(real)
        atom = float(real[0]) if density is None and len(real) else None
    limits = _limits([(one.outcome.kind, one.held[:, :1]) for one in alike], _extent(data, 0))

    def sketch(one: Shown) -> tuple[Sheet, shapes.Paint, str]:
        samples = one.held[:, 0]
        paint = shapes.histogram(samples, density, limits, one.role, atom)
        return shapes.LINE, paint, _beyond(samples, limits)

    return Scene(kind, _drawn(sketch))


def _in_the_plane(data: Data | Samples, alike: Sequence[Shown], size: int) -> Scene:
    plane, law, real = first_two(size), None, np.empty((0, 2))
    kind = "alone"
    if isinstance(data, MultivariateNormal):
        kind, law = "plane", data
    elif isinstance(data, Samples) and len(data.values):
        plane = principal(data)
        kind, real = "real-plane", plane.of(data.values.astype(np.float64))
    seen = [(one.outcome.kind, _looked_at(one, plane)) for one in alike]
    extents = [_extent(data, axis) if law else _middle(real[:, axis]) for axis in (0, 1)]
    limits = _of_one_scale(
        _limits([(kind, part[:, axis]) for kind, part in seen], extents[axis]) for axis in (0, 1)
    )

    def sketch(one: Shown) -> tuple[Sheet, shapes.Paint, str]:
        samples = _looked_at(one, plane)
        outside = _beyond(samples[:, 0], limits[0]) or _beyond(samples[:, 1], limits[1])
        paint = shapes.cloud(samples, law, real, (limits[0], limits[1]), one.role)
        return shapes.PLANE, paint, outside

    return Scene(kind, _drawn(sketch), f"Drawn are {plane.words}." if plane.words else "")


def _of_images(data: Samples, alike: Sequence[Shown], share: int) -> Scene:
    real = data.values.astype(np.float64)
    span = images.range_of([real] if len(real) else [one.held for one in alike])
    _, channels = images.channels(data.shape)
    note = f"In every picture {span}."
    if channels not in (1, 3, 4):
        note += f" Drawn is the mean of the {channels} channels."

    def painter(one: Shown, key: str, label: str) -> tuple[Markup, str]:
        picture = images.grid(one.held, data.shape, span, share, label)
        return picture, span.beyond(one.held)

    if not len(real):
        return Scene("images-alone", painter, note)
    return Scene("images", painter, note, images.grid(real, data.shape, span, share, "Real images"))


def _looked_at(one: Shown, plane: Plane) -> Floats:
    return plane.of(one.held) if len(one.held) else np.empty((0, 2))


def _of_one_scale(limits: Iterable[Interval]) -> list[Interval]:
    """Both axes as long as the longer, about their middles: a ring is to look like one."""
    found = list(limits)
    half = max(high - low for low, high in found) / 2
    return [((low + high) / 2 - half, (low + high) / 2 + half) for low, high in found]


def _limits(parts: Sequence[tuple[str, Floats]], extent: Sequence[float] | Floats) -> Interval:
    middles = [(kind, _middle(part.ravel())) for kind, part in parts]
    return window(
        [extent, *(part for kind, part in middles if kind != "failed")],
        [part for kind, part in middles if kind == "failed"],
        keep=list(extent),
        reach=2.0,
    )


def _middle(samples: Floats) -> Floats:
    """What the axis should hold of them, stragglers left aside."""
    return np.quantile(samples, [0.005, 0.995]) if len(samples) else samples


def _extent(data: Data | Samples, axis: int) -> list[float]:
    """What the axis should hold of the data."""
    if isinstance(data, Samples):
        real = data.values[:, axis : axis + 1].ravel().astype(np.float64)
        return [float(x) for x in _middle(real)]
    if isinstance(data, MultivariateNormal):
        mean, deviation = data.means[axis], float(np.sqrt(data.covariance[axis][axis]))
        return [mean - 3 * deviation, mean + 3 * deviation]
    quantile = getattr(data, "quantile", None)
    return [] if quantile is None else [float(x) for x in quantile(np.array([0.001, 0.999]))]


def _beyond(samples: Floats, limits: Interval) -> str:
    part = float(np.mean((samples < limits[0]) | (samples > limits[1])))
    return f"{100 * part:.0f} % of the samples lie beyond the axis" if part > 0.02 else ""
