"""The birthday test: estimates the support size of a generator from its duplicate samples."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.neighbours import count_within
from gandiag.metrics.samples import Floats, both_sides, vectors

Key = Callable[[Any], ArrayLike]


@np.errstate(all="ignore")
def birthday(
    *, fake: ArrayLike, real: ArrayLike | None = None, duplicate: float | Key = 0.0
) -> Estimate:
    """The size of the support, s (s - 1) / (2 D) from D duplicate pairs in s samples.

    Arora and Zhang (2017) search the batch size that has a duplicate half of the time; counting
    all pairs of all samples gives the same with less noise. The value estimates 1 / sum p^2: the
    support size if all outcomes are equally likely, and less than it otherwise.

    The interval is the exact one for a Poisson number of pairs D, widened by the number of
    samples that belong to several pairs, as happens if some outcomes are likelier than others. Its
    coverage of 1 / sum p^2 is .96 for equally likely outcomes and .91 or more for Zipf's law.
    Without duplicates the value is infinite, with a lower end of s (s - 1) / 7.4. The floor is the
    support size of the real samples by the same rule; the generator's should be no less.

    How to read it: a support of S can be measured from s = 2 sqrt(S) samples on. It misleads
    where the rule does: continuous samples never repeat exactly, so a distance has to define what
    looks the same, and the value then is a number of cells of that width.

    Args:
        fake: The generator's samples [s, ...].
        real: Real samples [m, ...], for the floor.
        duplicate: The distance, in the unit of the samples, up to which two samples are duplicates;
            or a function from samples [s, d] to keys [s], equal for duplicates.

    Returns:
        An estimate, a number of distinct samples, with a 95 % interval. NaN where a fake sample is
        not finite.

    Raises:
        ValueError: Fewer than 2 samples, real samples that are not finite, different numbers of
            coordinates, or a negative distance.

    >>> estimate = birthday(fake=np.random.default_rng(0).integers(0, 1000, 200))
    >>> estimate.interval[0] < 1000 < estimate.interval[1]
    True
    """
    if not callable(duplicate) and not 0 <= duplicate < math.inf:
        raise ValueError(f"duplicate = {duplicate} is not a distance; it must be 0 or more")
    fakes, floor = vectors(fake, "fake", least=2), None
    if real is not None:
        reals, fakes = both_sides(real=real, fake=fake, least=2)
        floor = _support(_repeats(reals, duplicate))[0]
    if not np.isfinite(fakes).all():
        return Estimate(math.nan, math.nan, floor, len(fakes), (math.nan, math.nan))
    value, se, interval = _support(_repeats(fakes, duplicate))
    return Estimate(value, se, floor, len(fakes), interval)


def _repeats(samples: Floats, duplicate: float | Key) -> NDArray[np.intp]:
    """The number of duplicates of each sample [s]."""
    if not callable(duplicate) and duplicate > 0:
        return count_within(samples, duplicate) - 1
    # Adding 0 turns -0 into 0, so that equal samples have equal bytes.
    keys = np.asarray(duplicate(samples)) if callable(duplicate) else _bytes(samples + 0.0)
    _, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(counts[which] - 1)


def _bytes(samples: Floats) -> NDArray[Any]:
    rows = np.ascontiguousarray(samples)
    return rows.view(f"V{rows.itemsize * rows.shape[1]}").reshape(-1)


def _support(repeats: NDArray[np.intp]) -> tuple[float, float, tuple[float, float]]:
    from scipy.special import chdtri

    s, duplicates = len(repeats), repeats.sum() / 2
    pairs = s * (s - 1) / 2
    value = np.float64(pairs) / duplicates
    # Pairs that share a sample are independent if all outcomes are equally likely; else the
    # number of pairs varies more.
    chains = float(repeats @ (repeats - 1)) - (s - 2) * duplicates**2 / pairs * 2
    spread = max(1.0, 1 + chains / duplicates) if duplicates else 1.0
    effective_pairs = duplicates / spread
    low_count = chdtri(2 * effective_pairs, 0.975) / 2 if duplicates else 0.0
    high_count = chdtri(2 * effective_pairs + 2, 0.025) / 2
    interval = (
        max(1.0, pairs / (high_count * spread)),
        float(np.float64(pairs) / (low_count * spread)),
    )
    return float(value), float(value / np.sqrt(effective_pairs)), interval
