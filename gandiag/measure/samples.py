"""Which metrics of generated samples are recorded: that depends on the data alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.data import Data, Mnist, StackedMnist
from gandiag.data.mixtures import Mixture
from gandiag.experiment.experiment import Experiment
from gandiag.measure.coordinates import line, plane, pooled
from gandiag.measure.distances import distance
from gandiag.measure.handwriting import handwriting
from gandiag.measure.lanes import Estimates, Row, columns
from gandiag.measure.mixtures import mixture
from gandiag.measure.moves import moves
from gandiag.measure.stacks import stacks
from gandiag.metrics import Target

COORDINATES = 3
"""Up to so many, each has its own moments."""


def sample_rows(experiment: Experiment, samples: NDArray[Any], thorough: bool) -> list[Row]:
    """What is recorded of generated samples [lane, size, n], a row a lane."""
    rows: list[Row] = [{} for _ in samples]
    for found in _metrics(experiment.data, samples, thorough):
        for row, estimates in zip(rows, found, strict=True):
            row |= columns(estimates, errors=experiment.latent.independent)
    return [row | {"n_samples": samples.shape[-1]} for row in rows]


def move_rows(experiment: Experiment, moved: NDArray[Any]) -> list[Row]:
    """What is recorded of the moves [lane, size, m] of generators whose latent is moved."""
    return [columns(found, errors=experiment.latent.independent) for found in moves(moved)]


def is_image(data: Data) -> bool:
    """Whether a sample is a picture, [channels, height, width]."""
    return len(data.shape) == 3


def is_handwritten(data: Data) -> bool:
    """Whether the digit classifier knows such images; not every 28 x 28 picture is a digit."""
    return isinstance(data, Mnist | StackedMnist)


def _metrics(data: Data, samples: NDArray[Any], thorough: bool) -> Iterator[Sequence[Estimates]]:
    size = samples.shape[1]
    if size == 1:
        yield line(data, samples)
    else:
        yield plane(samples) if size <= COORDINATES else pooled(samples)
    if not (is_handwritten(data) or (size == 1 and isinstance(data, Target))):
        yield distance(data, samples)
    if isinstance(data, Mixture):
        yield mixture(data, samples)
    if isinstance(data, Mnist):
        yield handwriting(_grey(data, samples), thorough)
    if isinstance(data, StackedMnist):
        yield stacks(_grey(data, samples))


def _grey(data: Mnist | StackedMnist, samples: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Lane after lane as a screen shows it: ink 1 on paper 0, and nothing beyond the two."""
    for lane in samples:
        shown = (lane - np.float32(data.low)) / np.float32(data.high - data.low)
        yield np.where(np.isfinite(lane), np.clip(shown, 0, 1), np.nan)
