"""Drawing with matplotlib into SVG, without pyplot and without the user's settings."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from gandiag_html.figures.svg import ROLES, clean, clean_shared
from gandiag_html.formatting import exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLE: Mapping[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gandiag",
    "figure.dpi": 72,
    "savefig.dpi": 72,
    "font.size": 11,
    "axes.edgecolor": ROLES["grid"],
    "axes.linewidth": 1,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "grid.color": ROLES["grid"],
    "grid.linewidth": 1,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 7,
    "ytick.major.pad": 6,
    "xtick.labelcolor": ROLES["muted"],
    "ytick.labelcolor": ROLES["muted"],
    "lines.linewidth": 1.5,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}


class Layout(NamedTuple):
    """The size of a picture and the margins around its axes, in pixels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    @property
    def inner(self) -> tuple[int, int]:
        """The width and the height of the axes."""
        return self.width - self.left - self.right, self.height - self.top - self.bottom


@contextmanager
def report_style() -> Iterator[None]:
    """Sets matplotlib's defaults and the style of the report, and restores the user's settings."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


def draw(layout: Layout, paint: Callable[[Axes], None], *, key: str, label: str) -> Markup:
    """Draws a picture.

    Args:
        layout: Its size and margins.
        paint: Draws on the axes, only in the colours of `ROLES`.
        key: The prefix of its identifiers, unique on the page.
        label: A description for screen readers.
    """
    return clean(_svg(layout, paint), key=key, label=label)


def draw_shared(layout: Layout, paint: Callable[[Axes], None], *, key: str) -> Markup:
    """Draws a part that several pictures share; see `gandiag_html.figures.svg.clean_shared`."""
    return clean_shared(_svg(layout, paint), key=key)


def _svg(layout: Layout, paint: Callable[[Axes], None]) -> str:
    figure = Figure(figsize=(layout.width / 72, layout.height / 72))
    inner = layout.inner
    axes = figure.add_axes(
        (
            layout.left / layout.width,
            layout.bottom / layout.height,
            inner[0] / layout.width,
            inner[1] / layout.height,
        )
    )
    figure.patch.set_visible(False)
    axes.patch.set_visible(False)
    paint(axes)
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def number_ticks(axes: Axes, which: str, ticks: int) -> None:
    """Puts a few ticks at round numbers along an axis."""
    axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: exact(value)))
