"""Small pictures of where a generator's samples lie, over the law they should follow."""

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
"""How many times the target's peak the picture is high; a narrow peak goes on above it."""
MOST_POINTS = 500
DASHED: Mapping[str, Any] = {
    "color": ROLES["target"],
    "linewidth": 1.25,
    "linestyle": (0, (4, 3)),
}

LEAST_CIRCLE = 4
"""Pixels that a circle about a mode measures at least, from its centre."""

SHARP: Mapping[str, Any] = {"linewidth": 3, "alpha": 0.4}
PALE: Mapping[str, Any] = {"edgecolor": ROLES["muted"], "linewidth": 6, "alpha": 0.18}


def histogram(
    samples: Floats,
    density: Callable[[Floats], Floats] | None,
    limits: Interval,
    role: str,
    atom: float | None = None,
) -> Paint:
    """Samples on the line over the density of the data.

    Args:
        samples: Finite samples, shape [n].
        density: The density of the data at points, where it is known.
        limits: The ends of the axis, the same in every picture that is compared.
        role: The colour's role.
        atom: The one value of data that have no density.
    """
    target = density_on(limits, density)
    edges = edges_for(limits, target)
    heights = heights_of(samples, edges)
    bars = {"x": (edges[1:] + edges[:-1]) / 2, "height": heights}
    peak = heights.max()
    top = top_for(target, peak)
    behind = target_alone(limits, target, top, atom)

    def paint(axes: Axes) -> None:
        if peak > 0:
            sns.histplot(
                bars, x="x", weights="height", bins=list(edges), element="step", ax=axes,
                color=ROLES[role], alpha=0.35, linewidth=1.5,
            )  # fmt: skip
        behind(axes)
        if peak > top and target is not None:
            _say_how_high(axes, edges, heights > 0.8 * top, peak / target.max())

    return paint


def target_alone(
    limits: Interval, target: Floats | None, top: float, atom: float | None = None
) -> Paint:
    """The axis of `histogram` and what stands behind the samples.

    Args:
        limits: The ends of the axis.
        target: The density of the data evenly along the axis, where it is known.
        top: How high the picture is, as a density.
        atom: The one value of data that have no density.
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
    """The density evenly along the axis; None where it is not known."""
    return None if density is None else density(np.linspace(*limits, 241))


def top_for(target: Floats | None, peak: float) -> float:
    """How high a picture is: as the target says, or else high enough for the samples."""
    return float(HEADROOM * target.max() if target is not None else max(peak, 1e-9) * 1.08)


def heights_of(samples: Floats, edges: Floats) -> Floats:
    """The density of samples [n] in bins, shape [bin].

    It is of all samples, and not of those inside alone: what lies beyond the axis is missing.
    """
    inside = samples[(samples >= edges[0]) & (samples <= edges[-1])]
    counts = np.histogram(inside, edges)[0]
    return np.asarray(counts / (max(len(samples), 1) * (edges[1] - edges[0])))


def cloud(
    samples: Floats,
    law: MultivariateNormal | Mixture | None,
    real: Floats,
    limits: Interval2,
    role: str,
) -> Paint:
    """Samples in the plane over what is known of the law of the data, or over real samples.

    Args:
        samples: Finite samples, shape [n, 2].
        law: The law of the data, where it is known: ellipses at one and two deviations of a
            normal law, circles about the modes of a mixture.
        real: Real samples [m, 2], pale and wide behind the generated ones; there may be none.
        limits: The ends of the two axes.
        role: The colour's role.
    """
    # Dots outside would be cut by the frame, but stand in the file.
    low, high = np.transpose(limits)

    def paint(axes: Axes) -> None:
        axes.set(xlim=limits[0], ylim=limits[1])
        for dots, style in ((real, PALE), (samples, {**SHARP, "edgecolor": ROLES[role]})):
            inside = dots[((dots >= low) & (dots <= high)).all(axis=1)]
            axes.add_patch(_dots(inside[:: max(1, -(-len(inside) // MOST_POINTS))], style))
        if isinstance(law, MultivariateNormal):
            for ring in _ellipses(law):
                axes.plot(*ring, **DASHED)
        elif law is not None:
            axes.add_patch(_circles(law, limits))
        number_ticks(axes, "x", 5)
        number_ticks(axes, "y", 5)

    return paint


def _dots(points: Floats, style: Mapping[str, Any]) -> PathPatch:
    """One path of lines without length, drawn as dots: a tenth of the size of markers."""
    way = Path(np.repeat(points, 2, axis=0), np.tile([Path.MOVETO, Path.LINETO], len(points)))
    way.should_simplify = False
    return PathPatch(way, facecolor="none", capstyle="round", **style)


def path(iterations: Floats, position: Floats, at: float, limits: Interval, role: str) -> Paint:
    """The way of a single point, from the start below to the end above.

    Args:
        iterations: The log points, shape [log point].
        position: Where it was, shape [log point].
        at: Where the data are.
        limits: The ends of the axis.
        role: The colour's role.
    """

    def paint(axes: Axes) -> None:
        last = float(iterations[-1])
        axes.set(xlim=limits, ylim=(-0.05 * last - 1, 1.1 * last + 1), yticks=[])
        axes.axvline(at, **DASHED)
        axes.plot(position, iterations, color=ROLES[role], linewidth=1.25, alpha=0.8)
        axes.plot(position[-1:], iterations[-1:], "o", color=ROLES[role], markersize=7)
        number_ticks(axes, "x", 5)

    return paint


def edges_for(limits: Interval, target: Floats | None) -> Floats:
    """The edges of bins that are about a fifth of the target's width at half its height."""
    bins = 48.0
    if target is not None and (wide := int((target > target.max() / 2).sum())) > 1:
        # Counted, and not from end to end: between two modes there may be much room.
        bins = 8 * (len(target) - 1) / (wide - 1)
    return np.linspace(*limits, int(np.clip(bins, 24, 140)) + 1)


def _say_how_high(axes: Axes, edges: Floats, cut: NDArray[np.bool_], times: float) -> None:
    """Writes how high the bars are that the picture cuts, on that side of them where there is room.

    Args:
        axes: Where to write.
        edges: The edges of the bars, shape [bar + 1].
        cut: Which bars are cut, shape [bar].
        times: The height of the highest in peaks of the target.
    """
    first, last = np.flatnonzero(cut)[[0, -1]]
    right = first < 0.6 * len(cut)
    axes.annotate(
        f"\N{UPWARDS ARROW} {number(times, 2)}\N{MULTIPLICATION SIGN}",
        (edges[last + 1] if right else edges[first], 0.86),
        xycoords=("data", "axes fraction"), xytext=(6 if right else -6, 0),
        textcoords="offset points", ha="left" if right else "right", color=ROLES["ink"],
    )  # fmt: skip


def _ellipses(law: MultivariateNormal) -> list[tuple[Floats, Floats]]:
    angle = np.linspace(0, 2 * np.pi, 73)
    root = np.linalg.cholesky(np.asarray(law.covariance)[:2, :2])
    circle = root @ np.stack([np.cos(angle), np.sin(angle)])
    x, y = law.means[:2]
    return [(x + radius * circle[0], y + radius * circle[1]) for radius in (1.0, 2.0)]


def _circles(law: Mixture, limits: Interval2) -> PathPatch:
    """About every mode a circle of three deviations, or of as many as it takes to be seen."""
    pixel = (limits[0][1] - limits[0][0]) / PLANE.inner[0]
    radius = max(3 * law.std, LEAST_CIRCLE * pixel)
    rings = Path.make_compound_path(*(Path.circle(tuple(at), radius) for at in law.centres))
    return PathPatch(rings, facecolor="none", edgecolor=ROLES["target"], linewidth=1)
