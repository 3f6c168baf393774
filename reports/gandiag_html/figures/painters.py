"""Which small picture suits the data, on axes that all pictures which are compared share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.data import Data, MultivariateNormal, Point
from gandiag_html.figures import shapes
from gandiag_html.figures.canvas import Sheet
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

    def coordinate(self, axis: int) -> Floats:
        """One coordinate of the samples, shape [n]."""
        return np.empty(0) if self.samples is None else self.samples[:, axis]


Painter = Callable[[Shown], tuple[Sheet, shapes.Paint, str]]
"""Gives the size of a run's picture, what fills it, and what the reader must know beside it."""


def kind_of(data: Data) -> str:
    """``"point"``, ``"line"`` or ``"plane"``."""
    if isinstance(data, Point):
        return "point"
    return "line" if data.size == 1 else "plane"


def painter_for(data: Data, alike: Sequence[Shown]) -> Painter:
    """How to draw samples of this data.

    Args:
        data: The law that the samples should follow.
        alike: All runs whose pictures are compared.
    """
    if isinstance(data, Point):
        return _of_a_point(data, alike)
    limits = [_limits(data, alike, axis) for axis in range(min(data.size, 2))]
    return _on_the_line(data, limits[0]) if data.size == 1 else _in_the_plane(data, limits)


def _of_a_point(data: Point, alike: Sequence[Shown]) -> Painter:
    ways = [(one.outcome.kind, one.outcome.column("mean")) for one in alike]
    limits = window(
        [way for kind, way in ways if kind != "failed"],
        [way for kind, way in ways if kind == "failed"],
        keep=[data.at],
    )

    def painter(one: Shown) -> tuple[Sheet, shapes.Paint, str]:
        where = one.outcome.column("mean")
        seen = np.isfinite(where)
        if seen.any():
            points = thin(one.outcome.iterations[seen], where[seen])
        else:
            points = np.zeros(1), one.coordinate(0)[-1:]
        return shapes.LINE, shapes.path(*points, data.at, limits, one.role), ""

    return painter


def _on_the_line(data: Data, limits: Interval) -> Painter:
    density = getattr(data, "density", None)

    def painter(one: Shown) -> tuple[Sheet, shapes.Paint, str]:
        samples = one.coordinate(0)
        paint = shapes.histogram(samples, density, limits, one.role)
        return shapes.LINE, paint, _beyond(samples, limits)

    return painter


def _in_the_plane(data: Data, limits: Sequence[Interval]) -> Painter:
    law = data if isinstance(data, MultivariateNormal) else None
    partial = f"the first two of {data.size} coordinates" if data.size > 2 else ""

    def painter(one: Shown) -> tuple[Sheet, shapes.Paint, str]:
        samples = np.stack([one.coordinate(0), one.coordinate(1)], axis=1)
        outside = _beyond(samples[:, 0], limits[0]) or _beyond(samples[:, 1], limits[1])
        paint = shapes.cloud(samples, law, (limits[0], limits[1]), one.role)
        return shapes.PLANE, paint, " · ".join(part for part in (partial, outside) if part)

    return painter


def _limits(data: Data, alike: Sequence[Shown], axis: int) -> Interval:
    parts = [(one.outcome.kind, _middle(one.coordinate(axis))) for one in alike]
    extent = _extent(data, axis)
    return window(
        [extent, *(part for kind, part in parts if kind != "failed")],
        [part for kind, part in parts if kind == "failed"],
        keep=extent,
        reach=2.0,
    )


def _middle(samples: Floats) -> Floats:
    """What the axis should hold of them, stragglers left aside."""
    return np.quantile(samples, [0.005, 0.995]) if len(samples) else samples


def _extent(data: Data, axis: int) -> list[float]:
    """What the axis should hold of the data."""
    if isinstance(data, MultivariateNormal):
        mean, deviation = data.means[axis], float(np.sqrt(data.covariance[axis][axis]))
        return [mean - 3 * deviation, mean + 3 * deviation]
    quantile = getattr(data, "quantile", None)
    return [] if quantile is None else [float(x) for x in quantile(np.array([0.001, 0.999]))]


def _beyond(samples: Floats, limits: Interval) -> str:
    part = float(np.mean((samples < limits[0]) | (samples > limits[1])))
    return f"{100 * part:.0f} % of the samples lie beyond the axis" if part > 0.02 else ""
