"""What stands behind samples, and on which axes: the same in all pictures that are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.data import Data, Grid, MultivariateNormal, Ring
from gandiag.data.mixtures import Mixture
from gandiag.data.samples import Samples
from gandiag_html.figures.axis_limits import Interval, axis_limits
from gandiag_html.figures.density import kernel_density
from gandiag_html.figures.projection import Projection, first_coordinates, principal_axes

Floats = NDArray[np.float64]

Part = tuple[str, Floats]
"""How a run ended, and samples of its generator [n, coordinate]; there may be none."""


@dataclass(frozen=True, eq=False)
class LineAxis:
    """An axis for samples of one coordinate.

    Attributes:
        kind: Which sentence explains the pictures; see ``distributions.html``.
        density: The density of the data at points, where it is known.
        atom: The one value of data that have no density.
        limits: The ends of the axis.
    """

    kind: str
    density: Callable[[Floats], Floats] | None
    atom: float | None
    limits: Interval

    def beyond(self, samples: Floats) -> str:
        """What a reader must know of samples [n] that are not on the axis."""
        return _beyond(samples, self.limits)


@dataclass(frozen=True, eq=False)
class PlaneAxes:
    """A square for samples of two coordinates or more.

    Attributes:
        kind: Which sentence explains the pictures; see ``distributions.html``.
        plane: Where samples are looked at.
        law: The law of the data, where it is known.
        real: Real samples in the plane [m, 2] where it is not; there may be none.
        limits: The ends of the two axes, equally long.
    """

    kind: str
    plane: Projection
    law: MultivariateNormal | Mixture | None
    real: Floats
    limits: tuple[Interval, Interval]

    def of(self, samples: Floats) -> Floats:
        """Samples [n, coordinate] in the plane [n, 2]."""
        return self.plane.of(samples) if len(samples) else np.empty((0, 2))

    def beyond(self, samples: Floats) -> str:
        """What a reader must know of samples [n, 2] that lie outside."""
        x, y = self.limits
        return _beyond(samples[:, 0], x) or _beyond(samples[:, 1], y)


def line_axis(data: Data | Samples, parts: Sequence[Part]) -> LineAxis:
    """The axis on which samples are compared with data of one coordinate."""
    kind, density, atom = "line", getattr(data, "density", None), None
    if isinstance(data, Samples):
        real = data.values[:, :1].ravel().astype(np.float64)
        kind, density = "real-line" if len(real) else "alone", kernel_density(real)
        atom = float(real[0]) if density is None and len(real) else None
        extent = _middle(real)
    else:
        quantile = getattr(data, "quantile", None)
        extent = np.empty(0) if quantile is None else quantile(np.array([0.001, 0.999]))
    return LineAxis(
        kind, density, atom, _limits([(how, part[:, :1]) for how, part in parts], extent)
    )


def plane_axes(data: Data | Samples, parts: Sequence[Part], size: int) -> PlaneAxes:
    """The square in which samples are compared with data of ``size`` coordinates."""
    kind, plane, real = "alone", first_coordinates(size), np.empty((0, 2))
    law: MultivariateNormal | Mixture | None = None
    if isinstance(data, MultivariateNormal):
        kind, law = "plane", data
    elif isinstance(data, Ring | Grid):
        kind, law = "modes", data
    elif isinstance(data, Samples) and len(data.values):
        plane = principal_axes(data)
        kind, real = "real-plane", plane.of(data.values.astype(np.float64))
    seen = [(how, plane.of(part) if len(part) else np.empty((0, 2))) for how, part in parts]
    x, y = _of_one_scale(
        _limits([(how, part[:, axis]) for how, part in seen], _extent(law, real, axis))
        for axis in (0, 1)
    )
    return PlaneAxes(kind, plane, law, real, (x, y))


def _extent(law: MultivariateNormal | Mixture | None, real: Floats, axis: int) -> Floats:
    """What an axis should hold of the data."""
    if isinstance(law, MultivariateNormal):
        reach = 3 * np.sqrt(law.covariance[axis][axis])
        return np.array([law.means[axis] - reach, law.means[axis] + reach])
    if law is not None:
        along = law.centres[:, axis]
        return np.array([along.min() - 6 * law.std, along.max() + 6 * law.std])
    return _middle(real[:, axis])


def _of_one_scale(limits: Iterable[Interval]) -> list[Interval]:
    """Both axes as long as the longer, about their middles: a ring is to look like one."""
    found = list(limits)
    half = max(high - low for low, high in found) / 2
    return [((low + high) / 2 - half, (low + high) / 2 + half) for low, high in found]


def _limits(parts: Sequence[Part], extent: Floats) -> Interval:
    middles = [(kind, _middle(part.ravel())) for kind, part in parts]
    calm = [part for kind, part in middles if kind != "failed" and len(part)]
    return axis_limits(
        [extent, *calm],
        [part for kind, part in middles if kind == "failed"],
        keep=[float(end) for end in extent],
        # Where every run failed, there is nothing that a wider axis would spoil but the data.
        reach=2.0 if calm else 8.0,
    )


def _middle(samples: Floats) -> Floats:
    """What the axis should hold of them, stragglers left aside."""
    return np.quantile(samples, [0.005, 0.995]) if len(samples) else samples


def _beyond(samples: Floats, limits: Interval) -> str:
    if not len(samples):
        return ""
    part = float(np.mean((samples < limits[0]) | (samples > limits[1])))
    return f"{100 * part:.0f} % of the samples lie beyond the axis" if part > 0.02 else ""
