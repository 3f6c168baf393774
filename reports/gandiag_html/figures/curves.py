"""Curves of many seeds over the iterations; those that failed stand out and are labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag_html.figures.axis_limits import Interval, axis_limits
from gandiag_html.figures.downsampling import downsample
from gandiag_html.figures.drawing import Layout, draw, number_ticks
from gandiag_html.figures.labels import Label, merge_crowded, place_apart, write_labels
from gandiag_html.figures.svg import ROLES
from gandiag_html.outcomes import Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAYOUT = Layout(width=540, height=300, left=50, right=80, top=14, bottom=32)
MOST_LINES = 12
"""With more successful seeds than this, a band and a median replace their lines."""
MOST_DOTS = 40
"""With more values than this on a line, dots would cover it."""
OUTLIER = 0.2
"""Runs without a success rule are labelled if they end farther from the others than this fraction
of the height."""
LINE_STYLES: Mapping[str, Mapping[str, Any]] = {
    "reached": {"color": ROLES["reached"], "linewidth": 1.25, "alpha": 0.6, "zorder": 3},
    "ended": {"color": ROLES["reached"], "linewidth": 1.25, "alpha": 0.6, "zorder": 3},
    "unfinished": {"color": ROLES["unfinished"], "linewidth": 1.5, "linestyle": ":", "zorder": 4},
    "failed": {"color": ROLES["failed"], "linewidth": 1.75, "zorder": 5},
    "crowd": {"color": ROLES["failed"], "linewidth": 1.0, "alpha": 0.7, "zorder": 5},
}


@dataclass(frozen=True, eq=False)
class Curve:
    """A series of one run.

    Attributes:
        seed: The run's seed.
        kind: How the run ended.
        x: The iterations, shape [log point].
        y: The values, shape [log point]; values that are not finite are gaps.
        stopped_early: Whether the run stopped before its end; the last point gets a cross.
        sparse: Whether it was measured at only a few of the log points, which get dots.
    """

    seed: int
    kind: Kind
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    stopped_early: bool
    sparse: bool = False


@dataclass(frozen=True)
class Background:
    """The reference line and the allowed band behind the curves.

    Attributes:
        end: The last iteration of the axis.
        reference: The value of a dashed line, if any.
        name: The label of that line.
        band: The values that the success rule allows, if there is one; None is an open end.
    """

    end: int
    reference: float | None = None
    name: str = ""
    band: tuple[float | None, float | None] | None = None

    @property
    def values(self) -> list[float]:
        """The values that the axis must include."""
        ends = [self.reference, *(self.band or ())]
        return [value for value in ends if value is not None]


def chart(curves: Sequence[Curve], background: Background, *, key: str, label: str) -> Markup:
    """Draws the curves of a configuration.

    Args:
        curves: One per run; those of runs that recorded nothing are empty.
        background: What is drawn behind them.
        key: The prefix of its identifiers.
        label: A description for screen readers.
    """
    curves = [_finite(curve) for curve in curves]
    typical = [curve.y for curve in curves if curve.kind != "failed"]
    failed = [curve.y for curve in curves if curve.kind == "failed"]
    limits = axis_limits(typical, failed, include=background.values)

    def paint(axes: Axes) -> None:
        axes.set(xlim=(0, max(background.end, 1)), ylim=limits)
        axes.grid(axis="y")
        number_ticks(axes, "x", 4)
        number_ticks(axes, "y", 6)
        _paint_background(axes, background, limits)
        _paint_curves(axes, curves, limits)
        _paint_labels(axes, curves, background, limits)

    return draw(LAYOUT, paint, key=key, label=label)


def _finite(curve: Curve) -> Curve:
    y = np.where(np.isfinite(curve.y), curve.y, np.nan)
    x, y = downsample(curve.x, y)
    return replace(curve, x=x, y=y)


def _paint_background(axes: Axes, background: Background, limits: Interval) -> None:
    if background.band is not None:
        low, high = (limits[i] if end is None else end for i, end in enumerate(background.band))
        axes.axhspan(low, high, color=ROLES["rule"], alpha=0.14, linewidth=0, zorder=1)
    if background.reference is not None:
        axes.axhline(
            background.reference,
            color=ROLES["target"],
            linewidth=1.25,
            linestyle=(0, (4, 3)),
            zorder=6,
        )


def _paint_curves(axes: Axes, curves: Sequence[Curve], limits: Interval) -> None:
    successful = [curve for curve in curves if curve.kind in ("reached", "ended")]
    if len(successful) > MOST_LINES:
        _paint_band(axes, successful, limits)
        curves = [curve for curve in curves if curve.kind not in ("reached", "ended")]
    crowded = sum(curve.kind == "failed" for curve in curves) > MOST_LINES // 2
    few = {"linewidth": 1.75, "alpha": 0.9} if len(successful) <= 3 else {}
    for curve in curves:
        style = LINE_STYLES["crowd" if curve.kind == "failed" and crowded else curve.kind]
        if curve in successful:
            style = {**style, **few}
        # Lines that leave the picture need not continue to 1e30.
        y = np.clip(curve.y, *_beyond(limits))
        finite = int(np.isfinite(y).sum())
        dotted = finite == 1 or (curve.sparse and finite <= MOST_DOTS)
        axes.plot(curve.x, y, marker="o" if dotted else None, markersize=4, **style)


def _paint_band(axes: Axes, curves: Sequence[Curve], limits: Interval) -> None:
    """The range of the middle 90 % of the seeds at every log point, and their median."""
    grid = np.unique(np.concatenate([curve.x for curve in curves]))
    table = np.full((len(curves), len(grid)), np.nan)
    for row, curve in zip(table, curves, strict=True):
        row[np.searchsorted(grid, curve.x)] = curve.y
    measured = np.isfinite(table).any(axis=0)
    low, middle, high = np.clip(
        np.nanquantile(table[:, measured], [0.05, 0.5, 0.95], axis=0), *_beyond(limits)
    )
    colour = ROLES["reached"]
    axes.fill_between(grid[measured], low, high, color=colour, alpha=0.22, linewidth=0, zorder=2)
    axes.plot(grid[measured], middle, color=colour, linewidth=1.75, zorder=3)


def _paint_labels(
    axes: Axes, curves: Sequence[Curve], background: Background, limits: Interval
) -> None:
    names: list[Label] = []
    for curve in curves:
        finite = np.flatnonzero(np.isfinite(curve.y))
        if curve.kind != "failed" or not len(finite):
            continue
        x, y = float(curve.x[finite[-1]]), float(curve.y[finite[-1]])
        name = f"seed {curve.seed}"
        if y > limits[1] or y < limits[0]:
            name += " \N{UPWARDS ARROW}" if y > limits[1] else " \N{DOWNWARDS ARROW}"
            y = min(max(y, limits[0]), limits[1])
        if curve.stopped_early:
            axes.plot(
                [x], [y], "X", color=ROLES["failed"], markersize=10, markeredgewidth=0,
                clip_on=False, zorder=7,
            )  # fmt: skip
        names.append(Label(name, y, "failed", x / max(background.end, 1)))
    height = LAYOUT.inner[1]
    outliers = merge_crowded(_outliers(curves, limits), limits, height)
    labels = (
        []
        if background.reference is None
        else [Label(background.name, background.reference, "target")]
    )
    labels += [*merge_crowded(names, limits, height), *outliers]
    write_labels(axes, place_apart(labels, limits, height), LAYOUT.inner)


def _outliers(curves: Sequence[Curve], limits: Interval) -> list[Label]:
    """Labels of runs without a success rule that end far from the median of all."""
    ends: dict[int, tuple[float, float]] = {}
    for curve in curves:
        y = curve.y[np.isfinite(curve.y)]
        if curve.kind == "ended" and len(y):
            ends[curve.seed] = float(np.median(y[-max(1, len(y) // 5) :])), float(y[-1])
    # Of two runs, both are labelled.
    middle = float(np.median([settled for settled, _ in ends.values()])) if ends else 0.0
    far = OUTLIER * (limits[1] - limits[0])
    return [
        Label(f"seed {seed}", min(max(last, limits[0]), limits[1]), "reached")
        for seed, (settled, last) in ends.items()
        if abs(settled - middle) > far
    ]


def _beyond(limits: Interval) -> Interval:
    span = limits[1] - limits[0]
    return limits[0] - span, limits[1] + span
