"""What a hint sees of a log point: some of its samples, how many of them repeat, and its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_VALUES = 2**16
"""The values of a log point that are kept: ten log points take 3 MB, however large the images."""
FEWEST_KEPT = 24
"""The samples that are kept of each log point, even where each has many values."""
MOST_COUNTED = 2**20
"""The values among which repeated samples are counted."""
CLOSE = 1e-5
"""Samples count as the same when they agree to this part of the batch's spread: one latent gives
slightly different numbers at another place in a batch."""

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Repeats:
    """How many different samples there are.

    Attributes:
        n: The samples that were counted.
        distinct: The different ones among them.
        groups: The different ones that occur more than once.
    """

    n: int
    distinct: int
    groups: int


@dataclass(frozen=True, eq=False)
class Look:
    """A log point with samples.

    Attributes:
        step: Its step.
        fake: Some of the generated samples [n, d], all finite.
        repeats: How many different ones there were.
        g_updates: The updates of G so far, if they are logged.
    """

    step: int
    fake: Values
    repeats: Repeats
    g_updates: float | None = None


def look_at(step: int, fake: Values, row: Mapping[str, Any]) -> Look:
    """What is kept of a log point with samples [n, d]."""
    return Look(step, some_of(fake).copy(), repeats_of(fake), row.get("g_updates"))


def some_of(samples: Values) -> Values:
    """The first samples, as many as are kept."""
    return samples[: max(FEWEST_KEPT, MOST_VALUES // samples.shape[1])]


def repeats_of(samples: Values) -> Repeats:
    """Counts different samples; those with every coordinate at -1, 0 or 1 are left out.

    An output function that saturates makes those alike whatever the latent is.
    """
    samples = samples[: max(FEWEST_KEPT, MOST_COUNTED // samples.shape[1])]
    samples = samples[~np.isin(samples, (-1, 0, 1)).all(axis=1)]
    if samples.shape[1] > 1 and len(samples):  # numbers of one coordinate may be close by chance
        unit = CLOSE * np.maximum(samples.std(axis=0), np.finfo(np.float32).tiny / CLOSE)
        samples = np.rint((samples - samples.mean(axis=0)) / unit).astype(np.float32) + 0.0
    seen: dict[bytes, int] = {}
    for sample in samples:
        key = sample.tobytes()
        seen[key] = seen.get(key, 0) + 1
    return Repeats(len(samples), len(seen), sum(times > 1 for times in seen.values()))
