"""The frames of a run: samples at some of its log points, and what was seen beside them."""

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
"""What was seen beside the samples of a frame: ``plane``, ``real_answers``, ``fake_answers``."""


@dataclass(frozen=True, eq=False)
class Frames:
    """Generated samples of one run at some of its log points.

    Attributes:
        iterations: The log points, shape [frame].
        values: The samples, shape [frame, n, coordinate]. Of images a training of ours keeps a
            few only, those of the same latent points in every frame, to one part in 255.
        shape: The shape of an image, [channels, height, width]; None where they are none.
        limits: The least and the greatest value that images can have here; None without images.
        plane: What D answers on the grid of ``recording.plane``, shape [frame, side, side], row
            by row from below.
        real_answers: How often D's answer to a real sample lay in each of equal bins from 0 to
            1, shape [frame, bin]; None of a critic, whose answers are no probabilities.
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
    beside: Mapping[int, Answers],
    images: Images | None = None,
) -> None:
    """Writes a run's frames, whole or not at all; no file where there are none.

    Args:
        directory: The run's directory.
        samples: The samples [n, coordinate] by log point, of one shape.
        beside: What was seen beside them, by log point; kept is what every frame has.
        images: The form of the images, where they are images.
    """
    if not samples:
        return
    iterations = sorted(samples)
    seen = [beside.get(point, {}) for point in iterations]
    names = set(seen[0]).intersection(*seen)
    arrays = {name: np.stack([each[name] for each in seen]) for name in sorted(names)}
    arrays["iterations"] = np.array(iterations, dtype=np.int64)
    arrays["values"] = np.stack([samples[point] for point in iterations])
    if images is not None:
        arrays["shape"] = np.array(images.shape, dtype=np.int64)
        arrays["limits"] = np.array([images.low, images.high])
    write_arrays(directory / NAME, arrays)


def read_frames(directory: Path) -> Frames:
    """Reads a run's frames.

    Raises:
        StoreError: It has kept none, or the file is damaged.
    """
    held: dict[str, Any] = read_arrays(directory / NAME)
    known = {each.name: held[each.name] for each in fields(Frames) if each.name in held}
    try:
        if "limits" in known:
            known["values"] = values_of(known["values"], *known["limits"].tolist())
        return Frames(**known)
    except (KeyError, TypeError):
        raise StoreError(f"{directory / NAME} is damaged: it holds no samples") from None
