"""Which log points keep more than a row, and what a frame of the replay keeps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment, Recording
from gandiag.running.training_loop import log_points
from gandiag.store.images import Images, images_of

IMAGES = 25
"""How many images a frame keeps: the first, which have the same latent points in all frames."""

BINS = 50
"""Bins of D's answers, from 0 to 1."""

Arrays = dict[str, NDArray[Any]]

MAX_BYTES = 4 * 2**20
"""The most bytes that a run's frames of images take."""


@dataclass(frozen=True)
class FramePlan:
    """Which log points of the game keep more than a row.

    Attributes:
        kept: The frames, which keep their samples.
        thorough: The log points of the published cadence, at which the expensive metrics are
            computed.
        snapshots: The log points that keep their weights.
        images: The format of the images, if the samples are images.
    """

    kept: frozenset[int]
    thorough: frozenset[int]
    snapshots: frozenset[int]
    images: Images | None = None


def plan_frames(experiment: Experiment) -> FramePlan:
    """What the log points of an experiment keep.

    If the samples are vectors, the frames are the log points of the published cadence. If they
    are images, the frames are all log points, as far as `MAX_BYTES` allows; see `thinned`.
    """
    recording, images = experiment.recording, images_of(experiment.data)
    points = log_points(experiment.iterations, recording.every)
    kept = published = at_cadence(points, recording)
    if images is not None:
        bytes_a_frame = min(IMAGES, recording.samples) * experiment.data.size + 2 * 4 * BINS
        # One frame in reserve: a run that ends early keeps its last log point as well.
        kept = thinned(points, published, MAX_BYTES // bytes_a_frame - 1)
    snapshots = spread(points, recording.snapshots)
    return FramePlan(frozenset(kept), frozenset(published), frozenset(snapshots), images)


def at_cadence(points: Sequence[int], recording: Recording) -> list[int]:
    """The log points of the published cadence and the last; without a cadence, evenly spread ones.

    A point of the cadence between two log points counts as the later one.
    """
    every = recording.frame_every
    if every is None:
        return spread(points, recording.frames)
    wanted = [*range(0, points[-1], every), points[-1]]
    return sorted({points[bisect_left(points, point)] for point in wanted})


def thinned(points: Sequence[int], first: Sequence[int], limit: int) -> list[int]:
    """As many log points as allowed, but at least two: the first and the last.

    Args:
        points: All log points.
        first: The preferred ones, with the first and the last.
        limit: How many may be kept.
    """
    if len(first) >= limit:
        return spread(first, max(limit, 2))
    others = sorted(set(points).difference(first))
    return sorted([*first, *spread(others, limit - len(first))])


def spread(points: Sequence[int], count: int) -> list[int]:
    """Evenly spread log points, with the first and the last; a single one is the last.

    >>> spread([0, 5, 10, 15, 20], 3)
    [0, 10, 20]
    """
    if count == 1:
        return list(points[-1:])
    picked = np.linspace(0, len(points) - 1, min(count, len(points))).round().astype(int)
    return [points[k] for k in picked]


def make_frame(values: Mapping[str, NDArray[Any]], lane: int, images: Images | None) -> Arrays:
    """What a frame keeps, by the names of `RunWriter.keep_frame`.

    Args:
        values: The observed values at the log point, each [lane, ...].
        lane: The lane.
        images: The format of the images, if the samples are images.

    Returns:
        The samples (a few as bytes, if they are images) and, if observed, D's ``plane`` and the
        histograms of its answers. Nothing if an image is not finite, which bytes cannot express.
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
    """How many probabilities are in each bin, 1 in the last; non-finite ones are left out."""
    counts, _ = np.histogram(answers[np.isfinite(answers)], BINS, (0.0, 1.0))
    return counts.astype(np.int32)
