"""Labels at the right ends of curves, moved apart so that none overlaps another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gandiag_html.figures.axis_limits import Interval
from gandiag_html.figures.svg import ROLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP = 20
"""The distance of two labels in pixels; the font may be larger on a phone."""
MOST_NAMES = 3
"""More labels than this at one height are replaced by a count."""


@dataclass(frozen=True)
class Label:
    """A label at the right of a picture.

    Attributes:
        text: The text.
        y: The last value of its curve.
        role: The colour's role.
        x: Where its curve ends, as a fraction of the width.
        at: Where it is placed, as a fraction of the height.
    """

    text: str
    y: float
    role: str
    x: float = 1.0
    at: float = 0.0


def merge_crowded(labels: Sequence[Label], limits: Interval, height: int) -> list[Label]:
    """Replaces labels that crowd at one height by a count.

    Args:
        labels: The labels, all of one role.
        limits: The limits of the axis.
        height: The height of the axes in pixels.
    """
    near = (limits[1] - limits[0]) * GAP / 2 / height
    crowds: list[list[Label]] = []
    for label in sorted(labels, key=lambda label: label.y):
        if crowds and label.y - crowds[-1][-1].y < near:
            crowds[-1].append(label)
        else:
            crowds.append([label])
    merged: list[Label] = []
    for crowd in crowds:
        if len(crowd) <= MOST_NAMES:
            merged += crowd
        else:
            mean = sum(label.y for label in crowd) / len(crowd)
            merged.append(Label(f"{len(crowd)} seeds", mean, crowd[0].role))
    return merged


def place_apart(labels: Sequence[Label], limits: Interval, height: int) -> list[Label]:
    """Places the labels from bottom to top without overlap.

    Args:
        labels: The labels; if there are too many, only the first are kept.
        limits: The limits of the axis.
        height: The height of the axes in pixels.
    """
    room = height // GAP + 1
    shown = sorted(labels[:room], key=lambda label: label.y)
    gap, span = GAP / height, limits[1] - limits[0]
    placed: list[float] = []
    for label in shown:
        wanted = (label.y - limits[0]) / span
        placed.append(max(wanted, placed[-1] + gap if placed else 0.0))
    ceiling = 1.0
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return [replace(label, at=at) for label, at in zip(shown, placed, strict=True)]


def write_labels(axes: Axes, labels: Sequence[Label], inner: tuple[int, int]) -> None:
    """Writes the labels at the right, each with a thin line to its curve if that ends elsewhere."""
    low, high = axes.get_ylim()
    for label in labels:
        height = (label.y - low) / (high - low)
        start = min(label.x + 6 / inner[0], 1.0)
        if start < 1 or abs(height - label.at) * inner[1] > 3:
            axes.plot(
                [start, 1.0, 1 + 8 / inner[0]], [height, height, label.at],
                color=ROLES[label.role], linewidth=0.75, alpha=0.7, clip_on=False,
                transform=axes.transAxes, zorder=2, dashes=(1, 2) if start < 1 else (None, None),
            )  # fmt: skip
        axes.text(
            1 + 11 / inner[0], label.at, label.text, color=ROLES[label.role],
            transform=axes.transAxes, va="center_baseline",
        )  # fmt: skip
