"""The axes and the background of pictures of samples, equal in all pictures that are compared."""

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

KindAndSamples = tuple[str, Floats]
"""How a run ended, and the samples of its generator [n, coordinate], possibly none."""


@dataclass(frozen=True, eq=False)
class LineAxis:
    """The axis for samples of one coordinate.

    Attributes:
        kind: Selects the explanation in ``distributions.html``.
        density: The density of the data as a function of points, if it is known.
        atom: The only value of the data, if they have no density.
        limits: The limits of the axis.
    """

    kind: str
    density: Callable[[Floats], Floats] | None
    atom: float | None
    limits: Interval

    def outside_note(self, samples: Floats) -> str:
        """How many of the samples [n] lie outside the axis; empty if at most 2 % do."""
        return _outside_note(samples, self.limits)


@dataclass(frozen=True, eq=False)
class PlaneAxes:
    """The axes of a plane for samples of two coordinates or more.

    Attributes:
        kind: Selects the explanation in ``distributions.html``.
        projection: From the samples to the plane.
        distribution: The distribution of the data, if it is known.
        real: Real samples in the plane [m, 2] if it is not known, possibly none.
        limits: The limits of the two axes, equally long.
    """

    kind: str
    projection: Projection
    distribution: MultivariateNormal | Mixture | None
    real: Floats
    limits: tuple[Interval, Interval]

    def project(self, samples: Floats) -> Floats:
        """Projects samples [n, coordinate] onto the plane [n, 2]."""
        return self.projection.of(samples) if len(samples) else np.empty((0, 2))

    def outside_note(self, samples: Floats) -> str:
        """How many of the samples [n, 2] lie outside the axes; empty if at most 2 % do."""
        x, y = self.limits
        return _outside_note(samples[:, 0], x) or _outside_note(samples[:, 1], y)


def line_axis(data: Data | Samples, parts: Sequence[KindAndSamples]) -> LineAxis:
    """The axis on which samples are compared with data of one coordinate."""
    kind, density, atom = "line", getattr(data, "density", None), None
    if isinstance(data, Samples):
        real = data.values[:, :1].ravel().astype(np.float64)
        kind, density = "real-line" if len(real) else "no-data", kernel_density(real)
        atom = float(real[0]) if density is None and len(real) else None
        extent = _central_range(real)
    else:
        quantile = getattr(data, "quantile", None)
        extent = np.empty(0) if quantile is None else quantile(np.array([0.001, 0.999]))
    return LineAxis(
        kind, density, atom, _limits([(outcome, part[:, :1]) for outcome, part in parts], extent)
    )


def plane_axes(data: Data | Samples, parts: Sequence[KindAndSamples], size: int) -> PlaneAxes:
    """The square in which samples are compared with data of ``size`` coordinates."""
    kind, projection, real = "no-data", first_coordinates(size), np.empty((0, 2))
    distribution: MultivariateNormal | Mixture | None = None
    if isinstance(data, MultivariateNormal):
        kind, distribution = "plane", data
    elif isinstance(data, Ring | Grid):
        kind, distribution = "modes", data
    elif isinstance(data, Samples) and len(data.values):
        projection = principal_axes(data)
        kind, real = "real-plane", projection.of(data.values.astype(np.float64))
    projected = [
        (outcome, projection.of(part) if len(part) else np.empty((0, 2))) for outcome, part in parts
    ]
    x, y = _equal_scale(
        _limits(
            [(outcome, part[:, axis]) for outcome, part in projected],
            _extent(distribution, real, axis),
        )
        for axis in (0, 1)
    )
    return PlaneAxes(kind, projection, distribution, real, (x, y))


def _extent(distribution: MultivariateNormal | Mixture | None, real: Floats, axis: int) -> Floats:
    """The range of the data that an axis should include."""
    if isinstance(distribution, MultivariateNormal):
        reach = 3 * np.sqrt(distribution.covariance[axis][axis])
        return np.array([distribution.means[axis] - reach, distribution.means[axis] + reach])
    if distribution is not None:
        centres = distribution.centres[:, axis]
        return np.array(
            [centres.min() - 6 * distribution.std, centres.max() + 6 * distribution.std]
        )
    return _central_range(real[:, axis])


def _equal_scale(limits: Iterable[Interval]) -> list[Interval]:
    """Both axes as long as the longer one, around their centres, so that a ring looks round."""
    axes = list(limits)
    half = max(high - low for low, high in axes) / 2
    return [((low + high) / 2 - half, (low + high) / 2 + half) for low, high in axes]


def _limits(parts: Sequence[KindAndSamples], extent: Floats) -> Interval:
    ranges = [(kind, _central_range(part.ravel())) for kind, part in parts]
    typical = [part for kind, part in ranges if kind != "failed" and len(part)]
    return axis_limits(
        [extent, *typical],
        [part for kind, part in ranges if kind == "failed"],
        include=[float(end) for end in extent],
        # If every run failed, a wider axis only costs resolution of the data.
        reach=2.0 if typical else 8.0,
    )


def _central_range(samples: Floats) -> Floats:
    """The range of the samples that the axis should include: all but the outermost percent."""
    return np.quantile(samples, [0.005, 0.995]) if len(samples) else samples


def _outside_note(samples: Floats, limits: Interval) -> str:
    if not len(samples):
        return ""
    part = float(np.mean((samples < limits[0]) | (samples > limits[1])))
    return f"{100 * part:.0f} % of the samples lie outside the axes" if part > 0.02 else ""
