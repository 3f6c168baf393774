"""The frames of a run: the samples, and D's answers, at some of its log points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import StoreError
from gandiag.store.files import read_arrays, write_arrays
from gandiag.store.images import Images, values_of

NAME = "samples.npz"

Answers = Mapping[str, NDArray[Any]]
"""D's answers at a frame, by name: ``plane``, ``real_answers``, ``fake_answers``."""


@dataclass(frozen=True, eq=False)
class Frames:
    """Generated samples of one run at some of its log points.

    Attributes:
        iterations: The log points, shape [frame].
        values: The samples, shape [frame, n, coordinate]. Of images, a sweep keeps only a few,
            from the same latent points in every frame, with 256 levels.
        shape: The shape of an image, [channels, height, width]; None if the samples are no images.
        limits: The lowest and the highest value of an image; None without images.
        plane: D's answers on the grid of ``recording.plane``, shape [frame, side, side], the
            bottom row first.
        real_answers: Histogram of D's answers to real samples, in equal bins from 0 to 1, shape
            [frame, bin]; None for a critic, whose answers are no probabilities.
        fake_answers: The same for generated samples.
    """

    iterations: NDArray[np.int64]
    values: NDArray[Any]
    shape: NDArray[np.int64] | None = None
    limits: NDArray[np.float64] | None = None
    plane: NDArray[np.float32] | None = None
    real_answers: NDArray[np.int32] | None = None
    fake_answers: NDArray[np.int32] | None = None


def write_frames(
    directory: Path,
    samples: Mapping[int, NDArray[Any]],
    answers: Mapping[int, Answers],
    images: Images | None = None,
) -> None:
    """Writes a run's frames, atomically; no file if there are none.

    Args:
        directory: The run's directory.
        samples: The samples [n, coordinate] by log point, all of the same shape.
        answers: D's answers by log point; written are those that every frame has.
        images: The format of the images, if the samples are images.
    """
    if not samples:
        return
    iterations = sorted(samples)
    per_frame = [answers.get(point, {}) for point in iterations]
    names = set(per_frame[0]).intersection(*per_frame)
    arrays = {name: np.stack([each[name] for each in per_frame]) for name in sorted(names)}
    arrays["iterations"] = np.array(iterations, dtype=np.int64)
    arrays["values"] = np.stack([samples[point] for point in iterations])
    if images is not None:
        arrays["shape"] = np.array(images.shape, dtype=np.int64)
        arrays["limits"] = np.array([images.low, images.high])
    write_arrays(directory / NAME, arrays)


def read_frames(directory: Path) -> Frames:
    """Reads a run's frames.

    Raises:
        StoreError: There are none, or the file is damaged.
    """
    content: dict[str, Any] = read_arrays(directory / NAME)
    arrays = {each.name: content[each.name] for each in fields(Frames) if each.name in content}
    try:
        if "limits" in arrays:
            arrays["values"] = values_of(arrays["values"], *arrays["limits"].tolist())
        return Frames(**arrays)
    except (KeyError, TypeError):
        raise StoreError(f"{directory / NAME} is damaged: it holds no samples") from None
