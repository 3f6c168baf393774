"""Real samples of data that are known by samples alone, where they are on this machine."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

from gandiag.data import Array, Data, Function, Mnist, StackedMnist
from gandiag.data.finding import DATA
from gandiag.data.idx import FILES
from gandiag.data.samples import MOST, Samples
from gandiag.errors import DataError

IMAGES = 25
"""How many real images are shown."""


def load_reference(data: Data | Samples) -> tuple[Data | Samples, str]:
    """The data as something to draw, and what a reader must know where that is not possible.

    A law stands for itself. Files are read where they are; a report downloads nothing, and it
    calls no function of a user's.

    Args:
        data: What the generator was to imitate.

    Returns:
        A law, or real samples; none of them, and the reason, where they cannot be had here.
    """
    if not isinstance(data, Array | Function | Mnist | StackedMnist):
        return data, ""
    why = _out_of_reach(data)
    if not why:
        try:
            few = data.few(IMAGES if len(data.shape) == 3 else MOST)
        except DataError:
            why = "The data are not on this machine, or are damaged"
        else:
            return Samples(few, data.shape), ""
    nothing = Samples(np.empty((0, data.size), np.float32), data.shape)
    return nothing, f"{why}: no real samples are shown."


def _out_of_reach(data: Array | Function | Mnist | StackedMnist) -> str:
    """Why the data are not even looked for; empty where they are."""
    if isinstance(data, Function):
        return "The data come from a function of your own, which a report does not call"
    if isinstance(data, Array) or data.digits != "mnist" or os.environ.get(DATA) or _is_cached():
        return ""
    return f"MNIST is not on this machine, or not where {DATA} says"


def _is_cached() -> bool:
    """Whether the archives have been downloaded; of a damaged one a new copy would be fetched."""
    import pooch

    paths = [Path(pooch.os_cache("gandiag")) / "mnist" / f"{file.name}.gz" for file in FILES]
    return all(
        path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == file.archive
        for path, file in zip(paths, FILES, strict=True)
    )
