"""The birthday test: how many different samples a generator can make, from its repeats."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.neighbours import number_within
from gandiag.metrics.samples import Floats, both, vectors

Key = Callable[[Any], ArrayLike]


@np.errstate(all="ignore")
def birthday(
    *, fake: ArrayLike, real: ArrayLike | None = None, duplicate: float | Key = 0.0
) -> Estimate:
    """The size of the support, s (s - 1) / (2 D) from D duplicate pairs in s samples.

    Arora and Zhang (2017) ask how large a batch is that holds a duplicate half the time; all
    pairs of all samples say the same with less noise. The value estimates 1 / sum p^2, the
    number of samples where all are as likely; where some are likelier it is less than the
    number of different ones.

    The interval is the exact one of a Poisson number of pairs, D, widened by the number of
    samples that are in several pairs at once, as when some are likelier than others. It holds
    1 / sum p^2 in .96 of the cases if all are as likely, in .91 or more by Zipf's law. No
    duplicate gives infinity, with a lower end of s (s - 1) / 7.4. The floor is what the real
    samples read by the same rule, which should be no less.

    How to read it: a support of S shows up from s = 2 sqrt(S) samples on. It misleads by its
    rule: samples on a continuum never repeat exactly, so a distance has to say what is the
    same to the eye, and the value then is a number of cells of that width.

    Args:
        fake: The generator's samples [s, ...].
        real: Real samples [m, ...], for the floor.
        duplicate: The distance, in the unit of the samples, up to which two are the same; or
            a function from samples [s, d] to keys [s], equal for those that are the same.

    Returns:
        An estimate, in samples, with a 95 % interval. NaN where a fake sample is not finite.

    Raises:
        ValueError: There are less than 2 samples, real ones are not finite, the widths differ,
            or the distance is negative.

    >>> found = birthday(fake=np.random.default_rng(0).integers(0, 1000, 200))
    >>> found.interval[0] < 1000 < found.interval[1]
    True
    """
    if not callable(duplicate) and not 0 <= duplicate < math.inf:
        raise ValueError(f"duplicate = {duplicate} is no distance; it must be 0 or more")
    made, floor = vectors(fake, "fake", least=2), None
    if real is not None:
        known, made = both(real=real, fake=fake, least=2)
        floor = _size(_repeats(known, duplicate))[0]
    if not np.isfinite(made).all():
        return Estimate(math.nan, math.nan, floor, len(made), (math.nan, math.nan))
    value, se, interval = _size(_repeats(made, duplicate))
    return Estimate(value, se, floor, len(made), interval)


def _repeats(samples: Floats, duplicate: float | Key) -> NDArray[np.intp]:
    """How many others each sample [s] is the same as."""
    if not callable(duplicate) and duplicate > 0:
        return number_within(samples, duplicate) - 1
    # Adding 0 turns -0 to 0, so that equal samples have equal bytes.
    keys = np.asarray(duplicate(samples)) if callable(duplicate) else _bytes(samples + 0.0)
    _, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(counts[which] - 1)


def _bytes(samples: Floats) -> NDArray[Any]:
    rows = np.ascontiguousarray(samples)
    return rows.view(f"V{rows.itemsize * rows.shape[1]}").reshape(-1)


def _size(repeats: NDArray[np.intp]) -> tuple[float, float, tuple[float, float]]:
    from scipy.special import chdtri

    s, found = len(repeats), repeats.sum() / 2
    pairs = s * (s - 1) / 2
    value = np.float64(pairs) / found
    # Pairs that share a sample are independent if all are as likely, and scatter more if not.
    chains = float(repeats @ (repeats - 1)) - (s - 2) * found**2 / pairs * 2
    spread = max(1.0, 1 + chains / found) if found else 1.0
    number = found / spread
    least = chdtri(2 * number, 0.975) / 2 if found else 0.0
    most = chdtri(2 * number + 2, 0.025) / 2
    interval = (max(1.0, pairs / (most * spread)), float(np.float64(pairs) / (least * spread)))
    return float(value), float(value / np.sqrt(number)), interval
