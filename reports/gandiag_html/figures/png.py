"""Pictures of pixels, as PNG files that stand in the page itself."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

GREY, COLOUR, INDEXED = 0, 2, 3
"""What a pixel is, in the words of the format (PNG, second edition, section 11.2.2)."""


def picture(png: bytes, size: tuple[int, int], style: str, label: str) -> Markup:
    """An element of the page.

    Args:
        png: The file.
        size: Its width and its height.
        style: Its class.
        label: What it shows, for those who do not see it.
    """
    return Markup(
        '<img class="{}" src="data:image/png;base64,{}" width="{}" height="{}" alt="{}">'
    ).format(style, b64encode(png).decode(), *size, label)


def transparent_gaps(pixels: Bytes) -> bytes:
    """Pixels [height, width, 1 or 3] as a PNG in which brightness 1 is see-through."""
    depth = pixels.shape[2]
    kind = GREY if depth == 1 else COLOUR
    return _written(pixels, kind, [(b"tRNS", struct.pack(f">{depth}H", *[1] * depth))])


def indexed(pixels: Bytes, palette: Bytes) -> bytes:
    """Pixels [height, width] that name colours [n, 4]: red, green, blue and how opaque."""
    colours = [(b"PLTE", palette[:, :3].tobytes()), (b"tRNS", palette[:, 3].tobytes())]
    return _written(pixels[..., None], INDEXED, colours)


def _written(pixels: Bytes, kind: int, more: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The file of pixels [height, width, depth], each row with the filter 0 before it."""
    height, width = pixels.shape[:2]
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)),
        *more,
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
