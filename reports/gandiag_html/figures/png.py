"""Pictures of pixels, as PNG files embedded in the page."""

from __future__ import annotations

import io
from base64 import b64encode

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]


def picture(png: bytes, size: tuple[int, int], style: str, label: str) -> Markup:
    """An ``<img>`` element that contains the file.

    Args:
        png: The file.
        size: Its width and its height.
        style: The class of the element.
        label: A description for screen readers.
    """
    return Markup(
        '<img class="{}" src="data:image/png;base64,{}" width="{}" height="{}" alt="{}">'
    ).format(style, b64encode(png).decode(), *size, label)


def transparent_gaps(pixels: Bytes) -> bytes:
    """Encodes pixels [height, width, 1 or 3]; those of brightness 1 are transparent."""
    if pixels.shape[2] == 1:
        return _encoded(Image.fromarray(pixels[..., 0]), 1)
    return _encoded(Image.fromarray(pixels), (1, 1, 1))


def indexed(pixels: Bytes, palette: Bytes) -> bytes:
    """Encodes pixels [height, width] that are indices of a palette [n, 4] of RGB and opacity."""
    image = Image.fromarray(pixels).convert("P")
    image.putpalette(palette[:, :3].tobytes())
    return _encoded(image, palette[:, 3].tobytes())


def _encoded(image: Image.Image, transparency: int | tuple[int, int, int] | bytes) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True, transparency=transparency)
    return file.getvalue()
