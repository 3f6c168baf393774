"""Which runs are replayed, and which of their frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import StoreError
from gandiag_html.figures.images import Range
from gandiag_html.outcomes import Outcome
from gandiag_html.story import Group

if TYPE_CHECKING:
    from gandiag.store.frames import Frames
    from gandiag.store.results import Results

Floats = NDArray[np.float64]

MOST_FRAMES = 16
LEAST_FRAMES = 3


@dataclass(frozen=True, eq=False)
class Last:
    """The last frame that a run has kept.

    Attributes:
        iteration: Its iteration.
        samples: Its finite samples [n, coordinate].
        span: Which values are black and white, where the samples are images of known range.
    """

    iteration: int
    samples: Floats
    span: Range | None


def last_frames(groups: Sequence[Group], results: Results) -> Mapping[str, Last]:
    """The last frame of every run that has kept some, by the run's id."""
    found = {}
    for one in (one for group in groups for one in group.outcomes):
        frames = frames_of(results, one)
        if frames is not None:
            at = int(frames.iterations[-1])
            found[one.run] = Last(at, finite(frames, -1), span_of(frames))
    return found


def frames_of(results: Results, one: Outcome) -> Frames | None:
    """The frames of a run; None where it kept none."""
    try:
        frames = results.samples(one.run)
    except StoreError:
        return None
    return frames if len(frames.iterations) else None


def finite(frames: Frames, index: int) -> Floats:
    """The finite samples of a frame, shape [n, coordinate]."""
    values = np.asarray(frames.values[index], dtype=np.float64)
    return values[np.isfinite(values).all(axis=1)]


def span_of(frames: Frames) -> Range | None:
    """Which values are black and white in a run's images, where that is known."""
    return None if frames.limits is None else Range(*(float(end) for end in frames.limits))


def typical(outcomes: Sequence[Outcome]) -> Outcome:
    """The first run of those that ended as most did."""
    kinds = [one.kind for one in outcomes]
    return max(outcomes, key=lambda one: kinds.count(one.kind))


def replayed(outcomes: Sequence[Outcome], most: int) -> list[Outcome]:
    """The runs that are replayed, by seed: a typical one, and failures before others.

    Args:
        outcomes: Those that have frames, by seed.
        most: How many are replayed.
    """
    if not outcomes:
        return []
    first = typical(outcomes)
    others = [one for one in outcomes if one is not first]
    chosen = [first, *sorted(others, key=lambda one: one.kind != "failed")][:most]
    return [one for one in outcomes if one in chosen]


def picked(count: int, most: int) -> list[int]:
    """Some of so many frames, evenly, the first and the last among them.

    >>> picked(82, 4), picked(2, 4)
    ([0, 27, 54, 81], [0, 1])
    """
    return [int(k) for k in np.linspace(0, count - 1, min(count, most)).round()]


def shares(budget: int, cost: int, runs: int) -> tuple[int, int]:
    """How many frames are drawn of a group's typical run, and of each of its others.

    Args:
        budget: The bytes that the group's frames may take.
        cost: Those of one.
        runs: How many of its runs are replayed.

    >>> shares(2_000_000, 10_000, 10), shares(1_500_000, 50_000, 4)
    ((16, 16), (16, 4))
    """
    first = min(max(budget // cost, LEAST_FRAMES), MOST_FRAMES)
    left = (budget - first * cost) // (cost * max(runs - 1, 1))
    return first, min(max(left, LEAST_FRAMES), first)
