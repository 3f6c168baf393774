"""Plots of generated samples over the distribution that they should follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import seaborn as sns
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from gandiag.data import MultivariateNormal
from gandiag_html.figures.axis_limits import Interval
from gandiag_html.figures.drawing import Layout, number_ticks
from gandiag_html.figures.svg import ROLES
from gandiag_html.formatting import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gandiag.data.mixtures import Mixture

Floats = NDArray[np.float64]
Interval2 = tuple[Interval, Interval]
Paint = Callable[["Axes"], None]

LINE = Layout(width=250, height=134, left=12, right=12, top=8, bottom=28)
PLANE = Layout(width=250, height=230, left=36, right=12, top=8, bottom=28)
HEADROOM = 1.9
"""The height of the picture in peaks of the target; higher bars are cut off."""
MOST_POINTS = 500
"""Samples drawn in a scatter plot."""
DASHED: Mapping[str, Any] = {
    "color": ROLES["target"],
    "linewidth": 1.25,
    "linestyle": (0, (4, 3)),
}

LEAST_CIRCLE = 4
"""The least radius of a circle around a mode, in pixels."""

SHARP: Mapping[str, Any] = {"linewidth": 3, "alpha": 0.4}
PALE: Mapping[str, Any] = {"edgecolor": ROLES["muted"], "linewidth": 6, "alpha": 0.18}


def histogram(
    samples: Floats,
    density: Callable[[Floats], Floats] | None,
    limits: Interval,
    role: str,
    atom: float | None = None,
) -> Paint:
    """A histogram of samples over the density of the data.

    Args:
        samples: Finite samples, shape [n].
        density: The density of the data as a function of points, if it is known.
        limits: The limits of the axis.
        role: The colour role.
        atom: The only value of the data, if they have no density.
    """
    target = density_on(limits, density)
    edges = edges_for(limits, target)
    heights = heights_of(samples, edges)
    bars = {"x": (edges[1:] + edges[:-1]) / 2, "height": heights}
    peak = heights.max()
    top = top_for(target, peak)
    background = target_alone(limits, target, top, atom)

    def paint(axes: Axes) -> None:
        if peak > 0:
            sns.histplot(
                bars, x="x", weights="height", bins=list(edges), element="step", ax=axes,
                color=ROLES[role], alpha=0.35, linewidth=1.5,
            )  # fmt: skip
        background(axes)
        if peak > top and target is not None:
            _annotate_height(axes, edges, heights > 0.8 * top, peak / target.max())

    return paint


def target_alone(
    limits: Interval, target: Floats | None, top: float, atom: float | None = None
) -> Paint:
    """The axis of `histogram` and the density of the data.

    Args:
        limits: The limits of the axis.
        target: The density of the data at even steps along the axis, if it is known.
        top: The upper end of the picture, as a density.
        atom: The only value of the data, if they have no density.
    """

    def paint(axes: Axes) -> None:
        axes.set(xlim=limits, ylim=(0, top), yticks=[], xlabel="", ylabel="")
        if target is not None:
            grid = np.linspace(*limits, len(target))
            axes.fill_between(
                grid, target, color=ROLES["muted"], alpha=0.14, linewidth=0, zorder=0.5
            )
            axes.plot(grid, target, **DASHED)
        if atom is not None:
            axes.axvline(atom, **DASHED)
        number_ticks(axes, "x", 5)

    return paint


def density_on(limits: Interval, density: Callable[[Floats], Floats] | None) -> Floats | None:
    """The density at even steps along the axis; None if it is not known."""
    return None if density is None else density(np.linspace(*limits, 241))


def top_for(target: Floats | None, peak: float) -> float:
    """The upper end of a picture: relative to the peak of the target, or else of the samples."""
    return float(HEADROOM * target.max() if target is not None else max(peak, 1e-9) * 1.08)


def heights_of(samples: Floats, edges: Floats) -> Floats:
    """The density of samples [n] in bins, shape [bin].

    It is normalized by all samples, including those outside the axis.
    """
    inside = samples[(samples >= edges[0]) & (samples <= edges[-1])]
    counts = np.histogram(inside, edges)[0]
    return np.asarray(counts / (max(len(samples), 1) * (edges[1] - edges[0])))


def scatter(
    samples: Floats,
    distribution: MultivariateNormal | Mixture | None,
    real: Floats,
    limits: Interval2,
    role: str,
) -> Paint:
    """A scatter plot of samples over the distribution of the data, or over real samples.

    Args:
        samples: Finite samples, shape [n, 2].
        distribution: The distribution of the data, if it is known: ellipses at one and two
            standard deviations of a normal distribution, circles around the modes of a mixture.
        real: Real samples [m, 2], drawn pale behind the generated ones; there may be none.
        limits: The limits of the two axes.
        role: The colour role.
    """
    # Dots outside would be clipped but take space in the file.
    low, high = np.transpose(limits)

    def paint(axes: Axes) -> None:
        axes.set(xlim=limits[0], ylim=limits[1])
        for dots, style in ((real, PALE), (samples, {**SHARP, "edgecolor": ROLES[role]})):
            inside = dots[((dots >= low) & (dots <= high)).all(axis=1)]
            axes.add_patch(_dots(inside[:: max(1, -(-len(inside) // MOST_POINTS))], style))
        if isinstance(distribution, MultivariateNormal):
            for ring in _ellipses(distribution):
                axes.plot(*ring, **DASHED)
        elif distribution is not None:
            axes.add_patch(_circles(distribution, limits))
        number_ticks(axes, "x", 5)
        number_ticks(axes, "y", 5)

    return paint


def _dots(points: Floats, style: Mapping[str, Any]) -> PathPatch:
    """Dots as one path of lines without length, which takes a tenth of the bytes of markers."""
    dots = Path(np.repeat(points, 2, axis=0), np.tile([Path.MOVETO, Path.LINETO], len(points)))
    dots.should_simplify = False
    return PathPatch(dots, facecolor="none", capstyle="round", **style)


def path(iterations: Floats, position: Floats, target: float, limits: Interval, role: str) -> Paint:
    """The path of a single point, from the start (bottom) to the end (top).

    Args:
        iterations: The log points, shape [log point].
        position: Its position, shape [log point].
        target: The position of the data.
        limits: The limits of the axis.
        role: The colour role.
    """

    def paint(axes: Axes) -> None:
        last = float(iterations[-1])
        axes.set(xlim=limits, ylim=(-0.05 * last - 1, 1.1 * last + 1), yticks=[])
        axes.axvline(target, **DASHED)
        axes.plot(position, iterations, color=ROLES[role], linewidth=1.25, alpha=0.8)
        axes.plot(position[-1:], iterations[-1:], "o", color=ROLES[role], markersize=7)
        number_ticks(axes, "x", 5)

    return paint


def edges_for(limits: Interval, target: Floats | None) -> Floats:
    """Bin edges; a bin is about an eighth of the target's width at half its height."""
    bins = 48.0
    if target is not None and (width := int((target > target.max() / 2).sum())) > 1:
        # Counted, because there may be a wide gap between two modes.
        bins = 8 * (len(target) - 1) / (width - 1)
    return np.linspace(*limits, int(np.clip(bins, 24, 140)) + 1)


def _annotate_height(axes: Axes, edges: Floats, cut: NDArray[np.bool_], times: float) -> None:
    """Writes the height of bars that are cut off, on the side that has room.

    Args:
        axes: The axes.
        edges: The edges of the bars, shape [bar + 1].
        cut: Which bars are cut off, shape [bar].
        times: The height of the highest bar in peaks of the target.
    """
    first, last = np.flatnonzero(cut)[[0, -1]]
    right = first < 0.6 * len(cut)
    axes.annotate(
        f"\N{UPWARDS ARROW} {number(times, 2)}\N{MULTIPLICATION SIGN}",
        (edges[last + 1] if right else edges[first], 0.86),
        xycoords=("data", "axes fraction"), xytext=(6 if right else -6, 0),
        textcoords="offset points", ha="left" if right else "right", color=ROLES["ink"],
    )  # fmt: skip


def _ellipses(distribution: MultivariateNormal) -> list[tuple[Floats, Floats]]:
    angle = np.linspace(0, 2 * np.pi, 73)
    root = np.linalg.cholesky(np.asarray(distribution.covariance)[:2, :2])
    circle = root @ np.stack([np.cos(angle), np.sin(angle)])
    x, y = distribution.means[:2]
    return [(x + radius * circle[0], y + radius * circle[1]) for radius in (1.0, 2.0)]


def _circles(distribution: Mixture, limits: Interval2) -> PathPatch:
    """A circle around every mode with a radius of three standard deviations, or larger."""
    pixel = (limits[0][1] - limits[0][0]) / PLANE.inner[0]
    radius = max(3 * distribution.std, LEAST_CIRCLE * pixel)
    rings = Path.make_compound_path(
        *(Path.circle(tuple(at), radius) for at in distribution.centres)
    )
    return PathPatch(rings, facecolor="none", edgecolor=ROLES["target"], linewidth=1)
