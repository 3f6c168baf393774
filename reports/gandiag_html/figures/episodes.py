"""A lane a run: when there was trouble, of what kind, and since when the verdict holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from gandiag_html.figures.drawing import Layout, draw, number_ticks
from gandiag_html.figures.svg import ROLES
from gandiag_html.outcomes import Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAYOUT = Layout(width=760, height=0, left=96, right=14, top=2, bottom=32)
ROW, FEWEST_ROWS, GAP, HEAD = 4.5, 4, 7.0, 30.0
"""Pixels: of a kind of trouble within a lane, how many have room at least, between two lanes, and
of the verdict's name above its lanes."""
THINNEST = 0.008
"""A bar's least width, as a part of the axis: one log point is seen, too."""
PALE, TINT = 0.4, 0.11


@dataclass(frozen=True)
class ProblemKind:
    """Kinds of episodes that share a colour and a place in every lane.

    Attributes:
        role: The role of their colour.
        full: The kinds drawn in full, and what they are called.
        pale: Those drawn pale, and what they are called.
    """

    role: str
    full: tuple[tuple[str, ...], str]
    pale: tuple[tuple[str, ...], str] = ((), "")


MISLED = "misled"
"""The kind of the stretches in which a loss and the samples part."""
PROBLEMS = (
    ProblemKind("ink", (("non-finite", "blow-up"), "numbers out of bounds"),
            (("loss-spike",), "spikes of a loss")),
    ProblemKind("failed", (("collapse",), "collapse"), (("partial-collapse",), "partial collapse")),
    ProblemKind("turning", (("oscillation",), "oscillation"), (("mode-hopping",), "mode hopping")),
    ProblemKind("player", (("standstill",), "a player stands still"),
            (("d-overpowering", "d-blind", "vanishing-gradient"),
             "D overpowering or blind, or G’s gradient vanishing")),
    ProblemKind("muted", (("quality-regression",), "the samples got worse"),
            (("stagnation",), "stuck where they are not good")),
    ProblemKind("unfinished", ((MISLED,), "G’s loss fell while the samples got worse")),
)  # fmt: skip
"""From above to below in a lane."""


@dataclass(frozen=True)
class Bar:
    """An interval of trouble, in iterations."""

    kind: str
    start: float
    end: float


@dataclass(frozen=True)
class TimelineRow:
    """A run in the picture.

    Attributes:
        name: What stands at its left.
        verdict: The name above it and its like.
        kind: The role of the verdict's colour.
        end: The last iteration recorded.
        onset: Since when the verdict holds, if that is known.
        bars: Its intervals of trouble.
    """

    name: str
    verdict: str
    kind: Kind
    end: float
    onset: float | None
    bars: tuple[Bar, ...]


def problems_in(lanes: Sequence[TimelineRow]) -> list[ProblemKind]:
    """What kinds of trouble there are in some runs, from above to below."""
    seen = {bar.kind for lane in lanes for bar in lane.bars}
    return [trouble for trouble in PROBLEMS if seen & {*trouble.full[0], *trouble.pale[0]}]


def legend(lanes: Sequence[TimelineRow]) -> list[tuple[str, str]]:
    """The colours that occur, and what they mean."""
    seen = {bar.kind for lane in lanes for bar in lane.bars}
    return [
        (f"{trouble.role}{shade}", words)
        for trouble in problems_in(lanes)
        for shade, (kinds, words) in (("", trouble.full), (" pale", trouble.pale))
        if seen & {*kinds}
    ]


def timeline(
    lanes: Sequence[TimelineRow],
    rows: Sequence[ProblemKind],
    end: float,
    burn_in: float,
    *,
    key: str,
    label: str,
) -> Markup:
    """Draws the lanes, one under another, under the names of their verdicts.

    Args:
        lanes: The runs, those with the same verdict next to each other.
        rows: What has a place in every lane, from above to below.
        end: The end of the axis.
        burn_in: The iteration up to which little is judged.
        key: What its identifiers begin with.
        label: What it shows, for those who do not see it.
    """
    size = ROW * max(len(rows), FEWEST_ROWS)
    places = list(_places(lanes, size))
    height = round(places[-1] + size + GAP)
    layout = LAYOUT._replace(height=height + LAYOUT.top + LAYOUT.bottom)

    def paint(axes: Axes) -> None:
        axes.set(xlim=(0, max(end, 1)), ylim=(height, 0), yticks=[])
        axes.grid(axis="x")
        number_ticks(axes, "x", 5)
        axes.axvspan(0, burn_in, color=ROLES["muted"], alpha=TINT, linewidth=0, zorder=1)
        _paint_names(axes, lanes, places, size)
        _paint_lanes(axes, lanes, places, size)
        for row, trouble in enumerate(rows):
            top = (size - ROW * len(rows)) / 2 + ROW * row
            for kinds, alpha in ((trouble.pale[0], PALE), (trouble.full[0], 1.0)):
                bars = [
                    (bar, at + top)
                    for lane, at in zip(lanes, places, strict=True)
                    for bar in lane.bars
                    if bar.kind in kinds
                ]
                _paint_bars(axes, bars, trouble.role, alpha, end)

    return draw(layout, paint, key=key, label=label)


def _places(lanes: Sequence[TimelineRow], size: float) -> Iterator[float]:
    """Where each lane begins, in pixels from above."""
    at, verdict = 0.0, ""
    for lane in lanes:
        if lane.verdict != verdict:
            at, verdict = at + HEAD, lane.verdict
        yield at
        at += size + GAP


def _paint_names(
    axes: Axes, lanes: Sequence[TimelineRow], places: Sequence[float], size: float
) -> None:
    left = -LAYOUT.left / LAYOUT.inner[0]
    across = axes.get_yaxis_transform()
    verdict = ""
    for lane, at in zip(lanes, places, strict=True):
        if lane.verdict != verdict:
            verdict = lane.verdict
            axes.text(
                left, at - 9, verdict, color=ROLES[lane.kind], transform=across, va="baseline"
            )
        axes.text(left, at + size / 2, lane.name, color=ROLES["muted"], transform=across,
                  va="center_baseline")  # fmt: skip


def _paint_lanes(
    axes: Axes, lanes: Sequence[TimelineRow], places: Sequence[float], size: float
) -> None:
    """As far as each run was recorded, and its onset."""
    recorded = [
        Path([(0, at), (lane.end, at), (lane.end, at + size), (0, at + size), (0, at)], closed=True)
        for lane, at in zip(lanes, places, strict=True)
    ]
    whole = Path.make_compound_path(*recorded)
    axes.add_patch(PathPatch(whole, color=ROLES["muted"], alpha=TINT, linewidth=0, zorder=2))
    for lane, at in zip(lanes, places, strict=True):
        if lane.onset is not None:
            ends = [at - GAP / 4, at + size + GAP / 4]
            axes.plot(
                [lane.onset] * 2, ends, color=ROLES["ink"], linewidth=2.5, clip_on=False, zorder=5,
                solid_capstyle="butt",
            )  # fmt: skip


def _paint_bars(
    axes: Axes, bars: Sequence[tuple[Bar, float]], role: str, alpha: float, end: float
) -> None:
    """All bars of a colour as one path, which keeps the page small."""
    if not bars:
        return
    outlines = [
        Path([(a, top), (b, top), (b, top + ROW), (a, top + ROW), (a, top)], closed=True)
        for a, b, top in (_seen(bar, top, end) for bar, top in bars)
    ]
    whole = Path.make_compound_path(*outlines)
    axes.add_patch(PathPatch(whole, color=ROLES[role], alpha=alpha, linewidth=0, zorder=3))


def _seen(bar: Bar, top: float, end: float) -> tuple[float, float, float]:
    """A bar's ends, wide enough to be seen, and its top."""
    least = THINNEST * max(end, 1)
    start = min(bar.start, end - least)
    return start, max(bar.end, start + least), top
