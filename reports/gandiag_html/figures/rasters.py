"""Samples and answers of D as small PNG pictures, in colours that work on light and on dark."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag_html.figures.axis_limits import Interval
from gandiag_html.figures.png import indexed, picture

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

PIXELS = 150
"""The side of a picture of samples."""
LEVELS = 12
"""With more samples than this a pixel gets no darker."""
GENERATED = {"failed": (219, 100, 40)}
USUAL = (52, 132, 201)
"""The colours of generated samples: of failed runs, and of all others."""
FAKE, REAL = (139, 84, 196), (22, 148, 120)
"""The colours of D's answers; halfway between them the picture is transparent."""
MIDDLE = 127
"""The palette index of an undecided answer."""


def density_raster(
    points: Floats, limits: tuple[Interval, Interval], role: str, label: str
) -> Markup:
    """Draws samples as pixels; a pixel is the darker the more samples it contains.

    Args:
        points: Finite samples [n, 2].
        limits: The limits of the two axes.
        role: The colour role.
        label: A description for screen readers.
    """
    counts, _, _ = np.histogram2d(points[:, 0], points[:, 1], PIXELS, limits)
    pixels = counts.T[::-1].clip(0, LEVELS).astype(np.uint8)
    return picture(
        indexed(pixels, _ramp(GENERATED.get(role, USUAL))),
        (PIXELS, PIXELS),
        "raster",
        label,
    )


def answer_raster(values: Floats, span: Interval, label: str) -> Markup:
    """Draws D's answers on a square grid: transparent mid-span, coloured at its ends.

    Args:
        values: The answers [side, side], rows from bottom to top.
        span: The answers that get the full colours.
        label: A description for screen readers.
    """
    share = (values[::-1] - span[0]) / ((span[1] - span[0]) or 1.0)
    clipped = np.where(np.isfinite(share), share, 0.5).clip(0, 1)
    pixels = np.rint(2 * MIDDLE * clipped).astype(np.uint8)
    return picture(indexed(pixels, _two_colours()), pixels.shape, "raster smooth", label)


def _ramp(colour: tuple[int, int, int]) -> Bytes:
    """A palette from transparent to the full colour, [level + 1, 4]."""
    level = np.arange(LEVELS + 1)
    alpha = np.where(level, 255 * (1 - 0.45 * np.exp(-(level - 1) / 3)), 0)
    return _palette(np.tile(colour, (LEVELS + 1, 1)), alpha)


def _two_colours() -> Bytes:
    """A palette from one colour through transparent to the other, [2 · MIDDLE + 1, 4]."""
    offset = np.arange(-MIDDLE, MIDDLE + 1) / MIDDLE
    return _palette(np.where(offset[:, None] < 0, FAKE, REAL), 225 * np.abs(offset) ** 0.8)


def _palette(colours: NDArray[np.integer], alpha: Floats) -> Bytes:
    return np.column_stack([colours, np.rint(alpha)]).astype(np.uint8)
