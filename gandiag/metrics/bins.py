"""Bins from k-means on half of the real samples; the other half is counted."""

from __future__ import annotations

import warnings
from dataclasses import InitVar, dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.samples import Floats, both_sides, vectors

PER_BIN = 20
"""The mean number of real samples per bin that a normal approximation needs."""


@dataclass(frozen=True, eq=False)
class Bins:
    """The k-means cells of the real samples, and their counts.

    One half of the samples defines the bins and the other is counted: cells fit the samples that
    defined them better than new ones. They do not depend on the generator, so they stay the same
    during training. `ndb` and `bin_divergence` accept one in place of the real samples, to
    avoid clustering again.

    Args:
        samples: Real samples [m, ...], all finite.
        bins: The largest number of bins; there are at most m / 20.
        seed: The seed of k-means.

    Attributes:
        centres: The centres [K, d].
        counts: The number of real samples of the other half in each bin [K].

    Raises:
        ValueError: Too few samples, samples that are not finite, or ``bins`` below 2.

    >>> Bins([0.0] * 30 + [1.0] * 50, bins=2).counts.sum()
    np.int64(40)
    """

    samples: InitVar[ArrayLike]
    bins: InitVar[int] = 100
    seed: InitVar[int] = 0
    centres: Floats = field(init=False)
    counts: NDArray[np.intp] = field(init=False)

    def __post_init__(self, samples: ArrayLike, bins: int, seed: int) -> None:
        """Clusters one half of the samples and counts the other."""
        if bins < 2:
            raise ValueError(f"bins = {bins} is too few; it must be 2 or more")
        real = vectors(samples, "real", least=2 * PER_BIN)
        if not np.isfinite(real).all():
            raise ValueError("real has samples that are NaN or infinite; drop them first")
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning

        order = np.random.default_rng(seed).permutation(real)
        k_means = KMeans(min(bins, len(real) // PER_BIN), n_init=1, random_state=seed)
        with warnings.catch_warnings():
            # With fewer distinct samples than bins some stay empty; empty bins are not tested.
            warnings.simplefilter("ignore", ConvergenceWarning)
            k_means.fit(order[::2])
        object.__setattr__(self, "centres", k_means.cluster_centers_)
        object.__setattr__(self, "counts", self.count(order[1::2]))

    def count(self, samples: Floats) -> NDArray[np.intp]:
        """The number of samples [n, d] nearest to each centre [K]."""
        from sklearn.metrics import pairwise_distances_argmin

        nearest = pairwise_distances_argmin(samples, self.centres)
        return np.bincount(nearest, minlength=len(self.centres))


def bins_and_vectors(
    *, real: Bins | ArrayLike, fake: ArrayLike, bins: int, seed: int
) -> tuple[Bins, Floats]:
    """The bins of the real samples, and the fake samples as vectors [n, d].

    Args:
        real: Real samples [m, ...], or their bins, which are used as they are.
        fake: The generator's samples [n, ...].
        bins: How many bins at most.
        seed: The seed of k-means.

    Raises:
        ValueError: `Bins` or `both_sides` rejects the samples.

    >>> bins_and_vectors(real=[0.0] * 30 + [1.0] * 50, fake=[1.0], bins=2, seed=0)[1]
    array([[1.]])
    """
    if isinstance(real, Bins):
        return real, both_sides(real=real.centres, fake=fake)[1]
    reals, fakes = both_sides(real=real, fake=fake)
    return Bins(reals, bins, seed), fakes
