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
"""Of a histogram at most; of n samples twice the root of n, so that bars are no noise."""
COMPARED = 2500
"""Real samples that generated ones are compared with, where no density is known."""
WIDTH = 900
"""Pixels that a grid of images is wide, about."""
GAP = 2
"""Pixels between two images."""


def picture(samples: Floats, data: Data, columns: int | None = None) -> bytes:
    """Draws samples; gives a PNG.

    Numbers and points are drawn over the data. Of samples with more than two coordinates it
    shows the first two: what is wrong with the others it does not tell.

    Args:
        samples: [n, *shape].
        data: What they imitate.
        columns: How many images stand in a row; as many as rows by default.

    Raises:
        UsageError: None of the samples is finite.
        DataError: The data that they would be drawn over cannot be had.
    """
    finite = np.isfinite(samples).reshape(len(samples), -1).all(axis=1)
    if not finite.any():
        raise UsageError("no sample is finite, so that there is nothing to draw; write a .npy file")
    if len(data.shape) == 3:
        return _grid(samples, data, columns)
    flat = samples[finite].reshape(finite.sum(), -1)
    real = data.few(COMPARED)
    return _chart(_line(flat, real, data) if flat.shape[1] == 1 else _plane(flat, real))


def _grid(images: Floats, data: Data, columns: int | None) -> bytes:
    """Images [n, channels, height, width] row by row; what is not finite is drawn as the least.

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
    bins = min(BINS, math.ceil(2 * math.sqrt(len(samples))))
    edges = np.linspace(*_ends(samples, real), bins + 1)
    x = np.linspace(edges[0], edges[-1], 400)

    def paint(axes: Axes) -> None:
        if density is not None:
            axes.plot(x, density(x), color=REAL, label="data")
        else:
            axes.stairs(_heights(real, edges), edges, color=REAL, label="data")
        axes.stairs(
            _heights(samples, edges), edges, fill=True, color=FAKE, alpha=0.4, label="generated"
        )
        axes.set(xlabel="sample", ylabel="density", xlim=(edges[0], edges[-1]))
        axes.set_ylim(bottom=0)

    return paint


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


def _ends(*parts: Floats) -> tuple[float, float]:
    """What the axis spans: both kinds of samples, a few stragglers left aside."""
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
