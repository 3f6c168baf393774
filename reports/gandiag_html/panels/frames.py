"""Which runs and which of their frames the replay shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import StoreError
from gandiag_html.configurations import Configuration
from gandiag_html.figures.images import Range
from gandiag_html.outcomes import Outcome

if TYPE_CHECKING:
    from gandiag.store.frames import Frames
    from gandiag.store.results import Results

Floats = NDArray[np.float64]

MOST_FRAMES = 16
LEAST_FRAMES = 3


@dataclass(frozen=True, eq=False)
class LastFrame:
    """The last frame of a run.

    Attributes:
        iteration: Its iteration.
        samples: Its finite samples [n, coordinate].
        span: The values drawn black and white, if the samples are images of a known range.
    """

    iteration: int
    samples: Floats
    span: Range | None


def last_frames(
    configurations: Sequence[Configuration], results: Results
) -> Mapping[str, LastFrame]:
    """The last frame of every run that has frames, by run id."""
    last = {}
    for one in (one for configuration in configurations for one in configuration.outcomes):
        frames = load_frames(results, one)
        if frames is not None:
            at = int(frames.iterations[-1])
            last[one.run] = LastFrame(at, finite_samples(frames, -1), value_range(frames))
    return last


def load_frames(results: Results, one: Outcome) -> Frames | None:
    """The frames of a run; None if it has none."""
    try:
        frames = results.samples(one.run)
    except StoreError:
        return None
    return frames if len(frames.iterations) else None


def finite_samples(frames: Frames, index: int) -> Floats:
    """The finite samples of a frame, shape [n, coordinate]."""
    values = np.asarray(frames.values[index], dtype=np.float64)
    return values[np.isfinite(values).all(axis=1)]


def value_range(frames: Frames) -> Range | None:
    """The values drawn black and white in the images of a run, if they are known."""
    return None if frames.limits is None else Range(*(float(end) for end in frames.limits))


def typical_run(outcomes: Sequence[Outcome]) -> Outcome:
    """The first of the runs that ended in the most frequent way."""
    kinds = [one.kind for one in outcomes]
    return max(outcomes, key=lambda one: kinds.count(one.kind))


def runs_to_replay(outcomes: Sequence[Outcome], most: int) -> list[Outcome]:
    """Chooses the runs to replay, by seed: a typical one, failures, then others.

    Args:
        outcomes: The runs that have frames, by seed.
        most: The greatest number of runs.
    """
    if not outcomes:
        return []
    first = typical_run(outcomes)
    others = [one for one in outcomes if one is not first]
    chosen = [first, *sorted(others, key=lambda one: one.kind != "failed")][:most]
    return [one for one in outcomes if one in chosen]


def evenly_spaced(count: int, most: int) -> list[int]:
    """Evenly spaced indices, including the first and the last.

    >>> evenly_spaced(82, 4), evenly_spaced(2, 4)
    ([0, 27, 54, 81], [0, 1])
    """
    return [int(k) for k in np.linspace(0, count - 1, min(count, most)).round()]


def frame_counts(budget: int, cost: int, runs: int) -> tuple[int, int]:
    """The number of frames drawn of the typical run, and of each other run.

    Args:
        budget: The bytes that the frames of the configuration may take.
        cost: The bytes of one frame.
        runs: The number of runs that are replayed.

    >>> frame_counts(2_000_000, 10_000, 10), frame_counts(1_500_000, 50_000, 4)
    ((16, 16), (16, 4))
    """
    first = min(max(budget // cost, LEAST_FRAMES), MOST_FRAMES)
    left = (budget - first * cost) // (cost * max(runs - 1, 1))
    return first, min(max(left, LEAST_FRAMES), first)
