"""Samples in a file: a picture, or arrays."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from gandiag.sampling.files import refuse_other, write
from gandiag.sampling.picture import picture
from gandiag.sampling.sample import Drawn


def write_samples(path: Path, drawn: Drawn, columns: int | None = None) -> None:
    """Writes samples: a picture (.png), the samples alone (.npy), or all there is (.npz).

    Args:
        path: Where to; its suffix says what.
        drawn: The samples.
        columns: How many images stand in a row of a picture.

    Raises:
        UsageError: It cannot be written, or there is nothing to be drawn.
        DataError: The data that samples are drawn over cannot be had.
    """
    refuse_other(path, ".png", ".npy", ".npz")
    if path.suffix == ".png":
        content = picture(drawn.samples, drawn.learned.experiment.data, columns)
    else:
        content = _arrays(drawn, alone=path.suffix == ".npy")
    write(path, content)


def _arrays(drawn: Drawn, alone: bool) -> bytes:
    """The samples alone, or with ``latent`` [n, size] and ``labels`` [n]."""
    file = io.BytesIO()
    if alone:
        np.save(file, drawn.samples)
        return file.getvalue()
    arrays: dict[str, Any] = {"samples": drawn.samples, "latent": drawn.latent.T}
    np.savez(file, **arrays if drawn.classes is None else arrays | {"labels": drawn.classes})
    return file.getvalue()
