"""Which log points keep more than a row."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gandiag.experiment.experiment import Experiment, Recording
from gandiag.running.training_loop import log_points
from gandiag.store.images import Images, images_of
from gandiag.sweeping.frame import BINS, IMAGES

ROOM = 4 * 2**20
"""The most bytes that the frames of a run of images take."""


@dataclass(frozen=True)
class Framing:
    """Which log points of the game keep more than a row.

    Attributes:
        kept: The frames: those that keep their samples.
        thorough: Those at the published cadence, at which the expensive metrics are computed.
        snapshots: Those that keep their weights.
        images: The form in which samples are kept that are images.
    """

    kept: frozenset[int]
    thorough: frozenset[int]
    snapshots: frozenset[int]
    images: Images | None = None


def framing(experiment: Experiment) -> Framing:
    """What the log points of an experiment keep, known before it is trained.

    Frames are of vectors the log points of the published cadence, of images all log points,
    thinned to the room there is; see `thinned`.
    """
    recording, images = experiment.recording, images_of(experiment.data)
    points = log_points(experiment.iterations, recording.every)
    kept = published = at_cadence(points, recording)
    if images is not None:
        bytes_a_frame = min(IMAGES, recording.samples) * experiment.data.size + 2 * 4 * BINS
        # One less than fit: a run that ends early keeps its last log point as well.
        kept = thinned(points, published, ROOM // bytes_a_frame - 1)
    snapshots = spread(points, recording.snapshots)
    return Framing(frozenset(kept), frozenset(published), frozenset(snapshots), images)


def at_cadence(points: Sequence[int], recording: Recording) -> list[int]:
    """The log points of the published cadence and the last, or else some evenly spread ones.

    Of a cadence between the log points it is the next ones.
    """
    every = recording.frame_every
    if every is None:
        return spread(points, recording.frames)
    wanted = [*range(0, points[-1], every), points[-1]]
    return sorted({points[bisect_left(points, point)] for point in wanted})


def thinned(points: Sequence[int], first: Sequence[int], room: int) -> list[int]:
    """As many of the log points as there is room for, but two at least: the first and the last.

    Args:
        points: All log points.
        first: Those that come before others, with the first and the last.
        room: How many may be kept.
    """
    if len(first) >= room:
        return spread(first, max(room, 2))
    others = sorted(set(points).difference(first))
    return sorted([*first, *spread(others, room - len(first))])


def spread(points: Sequence[int], count: int) -> list[int]:
    """Some of the log points, evenly, with the first and the last; a single one is the last.

    >>> spread([0, 5, 10, 15, 20], 3)
    [0, 10, 20]
    """
    if count == 1:
        return list(points[-1:])
    picked = np.linspace(0, len(points) - 1, min(count, len(points))).round().astype(int)
    return [points[k] for k in picked]
