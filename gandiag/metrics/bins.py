"""Bins of the data's own making: k-means on half the real samples; the rest is counted."""

from __future__ import annotations

import warnings
from dataclasses import InitVar, dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.samples import Floats, both, vectors

PER_BIN = 20
"""How many real samples a bin should have, on average, for a normal test to hold in it."""


@dataclass(frozen=True, eq=False)
class Bins:
    """The cells about the centres that k-means finds in the real samples, and their counts.

    One half of the samples makes the bins and the other is counted: cells fit the samples that
    made them better than fresh ones. The generator has no part in them, so they stay the same
    during a training. `ndb` and `bin_divergence` take one in place of the real samples and
    then do not cluster again.

    Args:
        samples: Real samples [m, ...], all finite.
        bins: How many at most; there are not more than m / 20.
        seed: Where k-means starts from.

    Attributes:
        centres: The centres [K, d].
        counts: How many real samples of the other half each bin holds [K].

    Raises:
        ValueError: Too few samples, or some that are not finite; fewer than 2 bins are asked.

    >>> Bins([0.0] * 30 + [1.0] * 50, bins=2).counts.sum()
    np.int64(40)
    """

    samples: InitVar[ArrayLike]
    bins: InitVar[int] = 100
    seed: InitVar[int] = 0
    centres: Floats = field(init=False)
    counts: NDArray[np.intp] = field(init=False)

    def __post_init__(self, samples: ArrayLike, bins: int, seed: int) -> None:
        """Clusters the samples."""
        if bins < 2:
            raise ValueError(f"bins = {bins} compares nothing; ask for 2 or more")
        real = vectors(samples, "real", least=2 * PER_BIN)
        if not np.isfinite(real).all():
            raise ValueError("real holds samples that are NaN or infinite; drop them first")
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning

        order = np.random.default_rng(seed).permutation(real)
        means = KMeans(min(bins, len(real) // PER_BIN), n_init=1, random_state=seed)
        with warnings.catch_warnings():
            # Fewer distinct samples than bins leave bins empty, and these are not tested.
            warnings.simplefilter("ignore", ConvergenceWarning)
            means.fit(order[::2])
        object.__setattr__(self, "centres", means.cluster_centers_)
        object.__setattr__(self, "counts", self.count(order[1::2]))

    def count(self, samples: Floats) -> NDArray[np.intp]:
        """How many of the samples [n, d] are nearest to each centre [K]."""
        from sklearn.metrics import pairwise_distances_argmin

        nearest = pairwise_distances_argmin(samples, self.centres)
        return np.bincount(nearest, minlength=len(self.centres))


def binned(*, real: Bins | ArrayLike, fake: ArrayLike, bins: int, seed: int) -> tuple[Bins, Floats]:
    """The bins of the real samples, and the fake samples as vectors.

    Args:
        real: Real samples [m, ...], or their bins, which are then taken as they are.
        fake: The generator's samples [n, ...].
        bins: How many bins at most.
        seed: Where k-means starts from.

    Raises:
        ValueError: `Bins` or `both` refuses the samples.

    >>> binned(real=[0.0] * 30 + [1.0] * 50, fake=[1.0], bins=2, seed=0)[1]
    array([[1.]])
    """
    if isinstance(real, Bins):
        return real, both(real=real.centres, fake=fake)[1]
    known, made = both(real=real, fake=fake)
    return Bins(known, bins, seed), made
