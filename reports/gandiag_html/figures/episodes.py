"""A timeline with one row per run: its episodes and the onset of its verdict."""

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
"""In pixels: the height of a bar, the gap between two rows, and the height of the name of a verdict
above its rows. A row has room for at least `FEWEST_ROWS` bars."""
THINNEST = 0.008
"""The least width of a bar as a fraction of the axis, so that a single log point is visible."""
PALE, TINT = 0.4, 0.11


@dataclass(frozen=True)
class ProblemKind:
    """Kinds of episodes that share a colour and a position in every row.

    Attributes:
        role: Their colour role.
        full: The kinds drawn in the full colour, and their name in the legend.
        pale: The kinds drawn pale, and their name in the legend.
    """

    role: str
    full: tuple[tuple[str, ...], str]
    pale: tuple[tuple[str, ...], str] = ((), "")


MISLED = "misled"
"""The kind of intervals in which the loss of G falls while the samples get worse."""
PROBLEMS = (
    ProblemKind("ink", (("non-finite", "blow-up"), "non-finite or exploding values"),
            (("loss-spike", "loss-runaway"), "loss spikes, or a loss that moves away")),
    ProblemKind("failed", (("collapse",), "collapse"), (("partial-collapse",), "partial collapse")),
    ProblemKind("turning", (("oscillation",), "oscillation"), (("mode-hopping",), "mode hopping")),
    ProblemKind("player", (("standstill",), "a player at a standstill"),
            (("d-overpowering", "d-blind", "d-at-chance", "no-contest", "vanishing-gradient"),
             "D overpowering, blind or at chance, no contest, or G’s gradient vanishing")),
    ProblemKind("muted", (("quality-regression",), "the samples got worse"),
            (("stagnation",), "stagnation at poor quality")),
    ProblemKind("unfinished", ((MISLED,), "G’s loss fell while the samples got worse")),
)  # fmt: skip
"""From top to bottom in a row."""


@dataclass(frozen=True)
class Bar:
    """An episode: its kind and its interval in iterations."""

    kind: str
    start: float
    end: float


@dataclass(frozen=True)
class TimelineRow:
    """A run in the picture.

    Attributes:
        name: The label at its left.
        verdict: The name above the rows with this verdict.
        kind: The colour role of the verdict.
        end: The last iteration recorded.
        onset: The iteration since which the verdict holds, if it is known.
        bars: Its episodes.
    """

    name: str
    verdict: str
    kind: Kind
    end: float
    onset: float | None
    bars: tuple[Bar, ...]


def problems_in(rows: Sequence[TimelineRow]) -> list[ProblemKind]:
    """The kinds of problems that occur, from top to bottom."""
    seen = {bar.kind for row in rows for bar in row.bars}
    return [problem for problem in PROBLEMS if seen & {*problem.full[0], *problem.pale[0]}]


def legend(rows: Sequence[TimelineRow]) -> list[tuple[str, str]]:
    """The colours that occur and their meanings."""
    seen = {bar.kind for row in rows for bar in row.bars}
    return [
        (f"{problem.role}{shade}", words)
        for problem in problems_in(rows)
        for shade, (kinds, words) in (("", problem.full), (" pale", problem.pale))
        if seen & {*kinds}
    ]


def timeline(
    rows: Sequence[TimelineRow],
    problems: Sequence[ProblemKind],
    end: float,
    burn_in: float,
    *,
    key: str,
    label: str,
) -> Markup:
    """Draws the rows, one below another, under the names of their verdicts.

    Args:
        rows: The runs, those with the same verdict next to each other.
        problems: The kinds of problems that have a position in every row, from top to bottom.
        end: The last iteration of the axis.
        burn_in: The last iteration of the burn-in.
        key: The prefix of its identifiers.
        label: A description for screen readers.
    """
    size = ROW * max(len(problems), FEWEST_ROWS)
    places = list(_places(rows, size))
    height = round(places[-1] + size + GAP)
    layout = LAYOUT._replace(height=height + LAYOUT.top + LAYOUT.bottom)

    def paint(axes: Axes) -> None:
        axes.set(xlim=(0, max(end, 1)), ylim=(height, 0), yticks=[])
        axes.grid(axis="x")
        number_ticks(axes, "x", 5)
        axes.axvspan(0, burn_in, color=ROLES["muted"], alpha=TINT, linewidth=0, zorder=1)
        _paint_names(axes, rows, places, size)
        _paint_rows(axes, rows, places, size)
        for position, problem in enumerate(problems):
            top = (size - ROW * len(problems)) / 2 + ROW * position
            for kinds, alpha in ((problem.pale[0], PALE), (problem.full[0], 1.0)):
                bars = [
                    (bar, at + top)
                    for row, at in zip(rows, places, strict=True)
                    for bar in row.bars
                    if bar.kind in kinds
                ]
                _paint_bars(axes, bars, problem.role, alpha, end)

    return draw(layout, paint, key=key, label=label)


def _places(rows: Sequence[TimelineRow], size: float) -> Iterator[float]:
    """The top of each row, in pixels from the top."""
    at, verdict = 0.0, ""
    for row in rows:
        if row.verdict != verdict:
            at, verdict = at + HEAD, row.verdict
        yield at
        at += size + GAP


def _paint_names(
    axes: Axes, rows: Sequence[TimelineRow], places: Sequence[float], size: float
) -> None:
    left = -LAYOUT.left / LAYOUT.inner[0]
    across = axes.get_yaxis_transform()
    verdict = ""
    for row, at in zip(rows, places, strict=True):
        if row.verdict != verdict:
            verdict = row.verdict
            axes.text(left, at - 9, verdict, color=ROLES[row.kind], transform=across, va="baseline")
        axes.text(left, at + size / 2, row.name, color=ROLES["muted"], transform=across,
                  va="center_baseline")  # fmt: skip


def _paint_rows(
    axes: Axes, rows: Sequence[TimelineRow], places: Sequence[float], size: float
) -> None:
    """The recorded part of each run, and its onset."""
    recorded = [
        Path([(0, at), (row.end, at), (row.end, at + size), (0, at + size), (0, at)], closed=True)
        for row, at in zip(rows, places, strict=True)
    ]
    whole = Path.make_compound_path(*recorded)
    axes.add_patch(PathPatch(whole, color=ROLES["muted"], alpha=TINT, linewidth=0, zorder=2))
    for row, at in zip(rows, places, strict=True):
        if row.onset is not None:
            ends = [at - GAP / 4, at + size + GAP / 4]
            axes.plot(
                [row.onset] * 2, ends, color=ROLES["ink"], linewidth=2.5, clip_on=False, zorder=5,
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
        for a, b, top in (_visible(bar, top, end) for bar, top in bars)
    ]
    whole = Path.make_compound_path(*outlines)
    axes.add_patch(PathPatch(whole, color=ROLES[role], alpha=alpha, linewidth=0, zorder=3))


def _visible(bar: Bar, top: float, end: float) -> tuple[float, float, float]:
    """The ends of a bar, wide enough to be visible, and its top."""
    least = THINNEST * max(end, 1)
    start = min(bar.start, end - least)
    return start, max(bar.end, start + least), top
