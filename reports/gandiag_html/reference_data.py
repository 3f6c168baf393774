"""The data to compare samples with: a distribution, or real samples found on this machine."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

from gandiag.data import Array, Data, Function, Mnist, StackedMnist
from gandiag.data.digit_files import DATA_VARIABLE
from gandiag.data.idx import FILES
from gandiag.data.samples import MOST, Samples
from gandiag.errors import DataError

IMAGES = 25
"""Real images shown."""


def load_reference(data: Data | Samples) -> tuple[Data | Samples, str]:
    """Loads real samples, unless the distribution of the data is known.

    Files are read where they are; a report downloads nothing and calls no function of the user.

    Args:
        data: The data of the experiment.

    Returns:
        A distribution or real samples, and a note for the reader if no samples are available.
    """
    if not isinstance(data, Array | Function | Mnist | StackedMnist):
        return data, ""
    why = _why_unavailable(data)
    if not why:
        try:
            samples = data.preview(IMAGES if len(data.shape) == 3 else MOST)
        except DataError:
            why = "The data are not on this machine, or are damaged"
        else:
            return Samples(samples, data.shape), ""
    none = Samples(np.empty((0, data.size), np.float32), data.shape)
    return none, f"{why}: no real samples are shown."


def _why_unavailable(data: Array | Function | Mnist | StackedMnist) -> str:
    """Why the data are not loaded; empty if they are."""
    if isinstance(data, Function):
        return "The data come from a function of your own, which a report does not call"
    if (
        isinstance(data, Array)
        or data.digits != "mnist"
        or os.environ.get(DATA_VARIABLE)
        or _is_cached()
    ):
        return ""
    return f"MNIST is not on this machine, or not where {DATA_VARIABLE} says"


def _is_cached() -> bool:
    """Whether intact archives are in the cache; of a damaged one a new copy would be downloaded."""
    import pooch

    paths = [Path(pooch.os_cache("gandiag")) / "mnist" / f"{file.name}.gz" for file in FILES]
    return all(
        path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == file.archive_sha256
        for path, file in zip(paths, FILES, strict=True)
    )
