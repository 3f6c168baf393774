"""A picture of samples: images as a grid, numbers as a histogram, points as a scatter."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gandiag.data import Data
from gandiag.errors import UsageError
from gandiag.store.images import images_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.floating]

REAL, FAKE, INK = "#8a9099", "#1f6fb2", "#5e636b"
BINS = 60
"""Over the samples at most; of n samples twice the root of n, so that bars are no noise."""
MOST_BINS = 400
"""Over the whole axis, however close together the samples are: a bar is two pixels wide."""
HEADROOM = 4
"""The largest height of a histogram, in peaks of the data's density; bars above it are cut."""
COMPARED = 2500
"""Real samples that generated ones are compared with, where no density is known."""
WIDTH = 900
"""Pixels that a grid of images is wide, about."""
GAP = 2
"""Pixels between two images."""


def picture(samples: Floats, data: Data, columns: int | None = None) -> bytes:
    """Draws samples; gives a PNG.

    Numbers and points are drawn over the data. Of samples with more than two coordinates it
    shows the first two: errors in the others do not show.

    Args:
        samples: [n, *shape].
        data: The data they imitate.
        columns: How many images a row has; as many as rows by default.

    Raises:
        UsageError: None of the samples is finite.
        DataError: The data to draw them over are not available.
    """
    finite = np.isfinite(samples).reshape(len(samples), -1).all(axis=1)
    if not finite.any():
        raise UsageError("no sample is finite, so that there is nothing to draw; write a .npy file")
    if len(data.shape) == 3:
        return _grid(samples, data, columns)
    flat = samples[finite].reshape(finite.sum(), -1)
    real = data.preview(COMPARED)
    return _chart(_line(flat, real, data) if flat.shape[1] == 1 else _plane(flat, real))


def _grid(images: Floats, data: Data, columns: int | None) -> bytes:
    """Images [n, channels, height, width] row by row; NaN and infinities are drawn as the smallest.

    Of one or three channels it shows all, of another number the first.
    """
    from PIL import Image

    form = images_of(data)
    if form is None:
        raise TypeError(f"data of the shape {data.shape} are no images")
    shown = images if images.shape[1] in (1, 3) else images[:, :1]
    pixels = form.bytes_of(np.nan_to_num(shown, nan=form.low)).transpose(0, 2, 3, 1)
    n, height, width, depth = pixels.shape
    columns = min(columns or math.ceil(math.sqrt(n)), n)
    rows = -(-n // columns)
    times = max(1, WIDTH // (columns * (width + GAP)))
    pixels = pixels.repeat(times, axis=1).repeat(times, axis=2)
    down, right = height * times + GAP, width * times + GAP
    page = np.full((rows * down + GAP, columns * right + GAP, depth), 255, np.uint8)
    for index, image in enumerate(pixels):
        top, left = (index // columns) * down + GAP, (index % columns) * right + GAP
        page[top : top + height * times, left : left + width * times] = image
    written = io.BytesIO()
    Image.fromarray(page[..., 0] if depth == 1 else page).save(written, format="png")
    return written.getvalue()


def _line(samples: Floats, real: Floats, data: Data) -> Callable[[Axes], None]:
    """A histogram over the density of the data, or over a histogram of real samples."""
    density = getattr(data, "density", None)
    view = _range(samples, real)
    edges, real_edges = _edges(samples, view), _edges(real, view)
    x = np.linspace(*view, MOST_BINS)
    heights = _heights(samples, edges)
    known = _heights(real, real_edges) if density is None else np.asarray(density(x))
    is_atom = density is None and real.min() == real.max()
    peak = heights.max() if is_atom else known.max()
    top = min(1.05 * max(heights.max(), peak), HEADROOM * peak)

    def paint(axes: Axes) -> None:
        if is_atom:
            axes.axvline(float(real.flat[0]), color=REAL, label="data")
        elif density is not None:
            axes.plot(x, known, color=REAL, label="data")
        else:
            axes.stairs(known, real_edges, color=REAL, label="data")
        axes.stairs(heights, edges, fill=True, color=FAKE, alpha=0.4, label="generated")
        axes.stairs(heights, edges, color=FAKE)
        axes.set(xlabel="sample", ylabel="density", xlim=view, ylim=(0, top))
        if heights.max() > top:
            _annotate_height(axes, edges[heights.argmax()], heights.max() / peak)

    return paint


def _edges(samples: Floats, view: tuple[float, float]) -> Floats:
    """The edges of bars over the whole axis, narrow enough for the samples' own spread."""
    low, high = np.quantile(samples, [0.002, 0.998])
    over = min(BINS, math.ceil(2 * math.sqrt(len(samples))))
    bars = min(MOST_BINS, math.ceil(over * (view[1] - view[0]) / max(high - low, 1e-30)))
    return np.linspace(*view, bars + 1)


def _annotate_height(axes: Axes, at: float, times: float) -> None:
    """Annotates a bar that is cut with its height, in peaks of the data."""
    right = at < sum(axes.get_xlim()) / 2
    axes.annotate(
        f"\N{UPWARDS ARROW} {times:.0f}\N{MULTIPLICATION SIGN} the data's peak",
        (at, 0.95), xycoords=("data", "axes fraction"), color=INK,
        xytext=(8 if right else -8, 0), textcoords="offset points", ha="left" if right else "right",
    )  # fmt: skip


def _plane(samples: Floats, real: Floats) -> Callable[[Axes], None]:
    """Generated points over real ones, in their first two coordinates."""

    def paint(axes: Axes) -> None:
        axes.plot(*real.T[:2], ".", color=REAL, markersize=6, alpha=0.3, label="data")
        axes.plot(*samples.T[:2], ".", color=FAKE, markersize=3, alpha=0.6, label="generated")
        axes.set(xlabel="coordinate 0", ylabel="coordinate 1")
        axes.set_aspect("equal", adjustable="datalim")

    return paint


def _heights(values: Floats, edges: Floats) -> Floats:
    """A histogram whose area is the part of the values within the edges."""
    counts, _ = np.histogram(values, edges)
    return np.asarray(counts / (len(values) * np.diff(edges)))


def _range(*parts: Floats) -> tuple[float, float]:
    """The range of the axis: both kinds of samples without a few outliers."""
    ends = np.array([np.quantile(part, [0.002, 0.998]) for part in parts], np.float64)
    low, high = float(ends.min()), float(ends.max())
    margin = 0.08 * (high - low) or 0.5
    return low - margin, high + margin


def _chart(paint: Callable[[Axes], None]) -> bytes:
    """What is painted on axes, with matplotlib's own settings and not the user's."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        figure = Figure(figsize=(6, 5), layout="constrained")
        axes = figure.add_subplot()
        paint(axes)
        for spine in axes.spines.values():
            spine.set_color(REAL)
        axes.tick_params(colors=INK)
        figure.legend(loc="outside upper center", ncols=2, frameon=False)
        written = io.BytesIO()
        figure.savefig(written, format="png", dpi=150)
    return written.getvalue()
