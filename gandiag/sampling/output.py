"""Writes output files: samples as a picture or as arrays."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from gandiag.errors import UsageError
from gandiag.sampling.picture import picture
from gandiag.sampling.sample import DrawnSamples
from gandiag.store.files import write_bytes


def check_suffix(path: Path, *suffixes: str) -> None:
    """Refuses a file whose suffix is not among those that can be written.

    Raises:
        UsageError: The suffix is not one of these.
    """
    if path.suffix not in suffixes:
        known = " or ".join(filter(None, [", ".join(suffixes[:-1]), suffixes[-1]]))
        raise UsageError(f"cannot write {path}: its name has to end with {known}")


def write(path: Path, content: bytes) -> None:
    """Writes a file atomically.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        write_bytes(path, content)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None


def write_samples(path: Path, drawn: DrawnSamples, columns: int | None = None) -> None:
    """Writes samples as a picture (.png), an array (.npy), or with latent points and labels (.npz).

    Args:
        path: The output file; its suffix selects the format.
        drawn: The samples.
        columns: How many images a row of the picture has.

    Raises:
        UsageError: It cannot be written, or no sample is finite.
        DataError: The data to draw the samples over are not available.
    """
    check_suffix(path, ".png", ".npy", ".npz")
    if path.suffix == ".png":
        content = picture(drawn.samples, drawn.trained.experiment.data, columns)
    else:
        content = _arrays(drawn, alone=path.suffix == ".npy")
    write(path, content)


def _arrays(drawn: DrawnSamples, alone: bool) -> bytes:
    """The samples alone, or with ``latent`` [n, size] and ``labels`` [n]."""
    file = io.BytesIO()
    if alone:
        np.save(file, drawn.samples)
        return file.getvalue()
    arrays: dict[str, Any] = {"samples": drawn.samples, "latent": drawn.latent.T}
    np.savez(file, **arrays if drawn.classes is None else arrays | {"labels": drawn.classes})
    return file.getvalue()
