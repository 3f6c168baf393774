"""What a frame of the replay keeps of one lane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.store.images import Images

IMAGES = 25
"""How many images a frame keeps: the first, which come from the same latent points throughout."""

BINS = 50
"""Bins of D's answers, from 0 to 1."""

Arrays = dict[str, NDArray[Any]]


def frame_of(values: Mapping[str, NDArray[Any]], lane: int, images: Images | None) -> Arrays:
    """What a frame keeps, by the names of `RunWriter.keep_frame`.

    Args:
        values: What was seen at the log point, each [lane, ...].
        lane: The lane.
        images: The form of the images, where the samples are images.

    Returns:
        The samples, of images a few as bytes, and where they were seen D's ``plane`` and the
        histograms of its answers. Nothing where an image is not finite: bytes do not tell.
    """
    samples: NDArray[Any] = values["samples"][lane].T
    if images is not None and not np.isfinite(samples[:IMAGES]).all():
        return {}
    kept: Arrays = {}
    if images is None:
        kept["samples"] = np.array(samples, dtype=np.float32, order="C")
    else:
        kept["samples"] = images.bytes_of(samples[:IMAGES])
    if "plane" in values:
        kept["plane"] = _square(values["plane"][lane])
    for name in ("real_answers", "fake_answers"):
        if f"d_{name}" in values:
            kept[name] = _histogram(values[f"d_{name}"][lane])
    return kept


def _square(plane: NDArray[Any]) -> NDArray[np.float32]:
    """Answers over a square grid, [side, side]."""
    side = round(np.sqrt(plane.size))
    return np.array(plane, dtype=np.float32).reshape(side, side)


def _histogram(answers: NDArray[Any]) -> NDArray[np.int32]:
    """How many probabilities lie in each bin, 1 in the last; what is not finite lies in none."""
    counts, _ = np.histogram(answers[np.isfinite(answers)], BINS, (0.0, 1.0))
    return counts.astype(np.int32)
