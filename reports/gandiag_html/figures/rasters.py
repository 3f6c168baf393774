"""Clouds and fields as small pictures of pixels, in colours that are seen on light and on dark."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag_html.figures.axis_limits import Interval
from gandiag_html.figures.png import indexed, picture

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

PIXELS = 150
"""The side of a cloud."""
LEVELS = 12
"""Beyond so many samples a pixel is no darker."""
GENERATED = {"failed": (219, 100, 40)}
USUAL = (52, 132, 201)
"""The colour of generated samples: of runs that failed, and of all others."""
FAKE, REAL = (139, 84, 196), (22, 148, 120)
"""The colours of D's answers; halfway between them the page is seen."""
MIDDLE = 127
"""The index of the answer that tells nothing."""


def density_raster(
    points: Floats, limits: tuple[Interval, Interval], role: str, label: str
) -> Markup:
    """Every one of many samples as a pixel, the darker the more fall on it.

    Args:
        points: Finite samples [n, 2].
        limits: The ends of the two axes.
        role: The role of the colour.
        label: What it shows, for those who do not see it.
    """
    counts, _, _ = np.histogram2d(points[:, 0], points[:, 1], PIXELS, limits)
    pixels = counts.T[::-1].clip(0, LEVELS).astype(np.uint8)
    return picture(
        indexed(np.ascontiguousarray(pixels), _ramp(GENERATED.get(role, USUAL))),
        (PIXELS, PIXELS),
        "raster",
        label,
    )


def answer_raster(values: Floats, span: Interval, label: str) -> Markup:
    """Answers over a square grid: see-through in the middle of the span, a colour at either end.

    Args:
        values: The answers [side, side], row by row from below.
        span: The answers at which the colours are full.
        label: What it shows, for those who do not see it.
    """
    share = (values[::-1] - span[0]) / ((span[1] - span[0]) or 1.0)
    known = np.where(np.isfinite(share), share, 0.5).clip(0, 1)
    pixels = np.rint(2 * MIDDLE * known).astype(np.uint8)
    return picture(
        indexed(np.ascontiguousarray(pixels), _two_colours()), pixels.shape, "raster smooth", label
    )


def _ramp(colour: tuple[int, int, int]) -> Bytes:
    """From nothing over a pale colour to a full one, [level + 1, 4]."""
    level = np.arange(LEVELS + 1)
    opaque = np.where(level, 255 * (1 - 0.45 * np.exp(-(level - 1) / 3)), 0)
    return _palette(np.tile(colour, (LEVELS + 1, 1)), opaque)


def _two_colours() -> Bytes:
    """From the one colour over nothing to the other, [2 · MIDDLE + 1, 4]."""
    away = np.arange(-MIDDLE, MIDDLE + 1) / MIDDLE
    return _palette(np.where(away[:, None] < 0, FAKE, REAL), 225 * np.abs(away) ** 0.8)


def _palette(colours: NDArray[np.integer], opaque: Floats) -> Bytes:
    return np.column_stack([colours, np.rint(opaque)]).astype(np.uint8)
