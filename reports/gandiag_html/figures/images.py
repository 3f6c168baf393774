"""A grid of a few generated images as one PNG embedded in the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gandiag_html.figures.png import picture, transparent_gaps
from gandiag_html.formatting import exact

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

SIDE = 5
"""Images in a row, and rows."""
WIDEST = 320
"""The greatest width of a grid in pixels: twice its width on the page."""
NEAR = 0.01
"""By how much rounding may exceed a range."""
GAP = 1
BUDGET = 1_400_000
"""Bytes that all grids of a configuration may have together, before compression."""


@dataclass(frozen=True)
class Range:
    """The values drawn black and white in every picture of a configuration."""

    low: float
    high: float

    def __str__(self) -> str:
        """A description for the reader."""
        low, high = (exact(float(f"{end:.3g}")) for end in (self.low, self.high))
        return f"{low} is drawn black and {high} white"

    def of(self, values: Floats) -> Bytes:
        """The values as brightness."""
        span = (self.high - self.low) or 1.0
        return np.asarray(np.rint(255 * ((values - self.low) / span).clip(0, 1)), dtype=np.uint8)

    def outside_note(self, values: Floats) -> str:
        """How many of the values are clipped; empty if next to none are."""
        margin = 0.02 * (self.high - self.low)
        part = float(np.mean((values < self.low - margin) | (values > self.high + margin)))
        return f"{100 * part:.0f} % of the values lie outside the range" if part > 0.02 else ""


def range_of(parts: Iterable[Floats]) -> Range:
    """The usual range of images that contains all values, or else a range of nearly all."""
    values = np.concatenate([np.empty(0), *(part.ravel() for part in parts)])
    if not len(values):
        return Range(0.0, 1.0)
    least, greatest = float(values.min()), float(values.max())
    for low, high in ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0)):
        if low - NEAR <= least and greatest <= high + NEAR:
            return Range(low, high)
    low, high = (float(end) for end in np.quantile(values, [0.001, 0.999]))
    return Range(low, high)


def range_note(shape: Sequence[int], span: Range) -> str:
    """A note on the range and the channels of all pictures."""
    note = f"In every picture {span}."
    _, count = channels(shape)
    if count in (1, 3, 4):
        return note
    return f"{note} The mean of the {count} channels is drawn."


def grid(values: Floats, shape: Sequence[int], span: Range, parts: int, label: str) -> Markup:
    """A picture of a few of the images.

    Args:
        values: Finite images, laid out flat [n, pixel].
        shape: The shape of one: [height, width], or with channels first or last.
        span: The values drawn black and white.
        parts: Among how many pictures the page's budget is divided.
        label: A description for screen readers.
    """
    side = _side(len(values), shape, parts)
    chosen = values[np.linspace(0, len(values) - 1, side * side).astype(int)]
    images = _smaller(_channels_last(chosen, shape), side, BUDGET // parts)
    pixels = _laid_out(span.of(images), side)
    height, width = pixels.shape[:2]
    return picture(transparent_gaps(pixels), (width, height), "images", label)


def channels(shape: Sequence[int]) -> tuple[int | None, int]:
    """The axis of the channels, if there is one, and the number of channels."""
    if len(shape) == 2:
        return None, 1
    usual = (1, 3, 4)
    last = shape[2] in usual and not (shape[0] in usual and shape[0] <= shape[2])
    if not last and shape[0] not in usual:  # neither is usual: take the shorter axis
        last = shape[2] < shape[0]
    return (2, shape[2]) if last else (0, shape[0])


def _channels_last(values: Floats, shape: Sequence[int]) -> Floats:
    """Images [n, height, width, 1 or 3]: RGB, the first three of four channels, or the mean."""
    images = values.reshape(len(values), *shape)
    axis, count = channels(shape)
    if axis is None:
        return images[..., None]
    images = np.moveaxis(images, axis + 1, -1)
    return images[..., :3] if count in (3, 4) else images.mean(axis=-1, keepdims=True)


def _side(n: int, shape: Sequence[int], parts: int) -> int:
    """The number of images in a row: fewer if many grids share the page, but at least three."""
    side = min(SIDE, math.isqrt(n))
    size = math.prod(shape)
    while side > 3 and side * side * size > BUDGET // parts:
        side -= 1
    return max(side, 1)


def _smaller(images: Floats, side: int, budget: int) -> Floats:
    """Averages the images over squares of pixels until they fit."""
    n, height, width, depth = images.shape
    step = 1
    while step < min(height, width) and (
        side * (max(height, width) // step) > WIDEST
        or n * depth * (height // step) * (width // step) > budget
    ):
        step += 1
    if step == 1:
        return images
    h, w = height // step, width // step
    cut = images[:, : h * step, : w * step]
    return np.asarray(cut.reshape(n, h, step, w, step, depth).mean(axis=(2, 4)))


def _laid_out(images: Bytes, side: int) -> Bytes:
    """Arranges images [n, height, width, channel] in a square with transparent gaps."""
    _, height, width, depth = images.shape
    images = np.where(images == 1, 0, images).astype(np.uint8)  # 1 is the colour of the gaps
    cells = np.ones((side, side, height + GAP, width + GAP, depth), np.uint8)
    cells[:, :, :height, :width] = images.reshape(side, side, height, width, depth)
    whole = cells.transpose(0, 2, 1, 3, 4).reshape(
        side * (height + GAP), side * (width + GAP), depth
    )
    return whole[:-GAP, :-GAP]
