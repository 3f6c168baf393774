"""Which part of the data a generator does not reach, and which of its samples lie off the data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.neighbourhoods import Neighbourhoods
from gandiag.metrics.samples import Floats, both_sides

MISSED = 1 / 32
"""The share of the real samples that a perfect generator leaves without a near sample at most."""

PIECE = 0.025
"""The part of the data that a ball contains in which samples are counted, or"""

PER_PIECE = 4
"""as much as so many generated samples are expected in."""

FEW_LEFT = 0.2
"""The part of the expected samples up to which a piece of the data counts as lost."""

RARE = 0.01
"""How often a perfect generator leaves so few at most; none is always few."""

LARGEST = 0.2
"""The part of the real samples that a ball contains at most."""

FEWEST = 8
"""The samples on each side below which nothing is known."""

NEAR = 5
"""The number of the neighbour to which the distance of a generated sample is compared."""

FEW = 3
"""Up to this number of coordinates, samples beyond the range of the data count as off the data:
the last neighbours of a tail are far from each other."""

OFF = 0.02
"""The share of real samples that lie as far from the others as a misplaced sample."""

SHARED = 0.5
"""How much of the jackknife's variance counts: it counts joint effects of samples twice."""

UNCERTAIN_RADIUS = 0.1
"""The variance of whether a real sample's radius reaches the generated samples about it."""


@dataclass(frozen=True, eq=False)
class Reach:
    """The shares.

    Attributes:
        lost_share: The share of the data that the generator does not reach.
        misplaced_share: The share of its samples that lie where there are no data.
        unmatched_share: The share of the data without a sample nearby, however close others are.
    """

    lost_share: Estimate
    misplaced_share: Estimate
    unmatched_share: Estimate


@np.errstate(all="ignore")
def reach(*, real: Neighbourhoods | ArrayLike, fake: ArrayLike) -> Reach:
    """The share of the data that is not reached, and the share of samples off the data.

    *Lost*: a ball about every real sample contains 2.5 % of the data, or as much as four samples
    are expected in. It is lost where at most a fifth of the samples to expect are in it. The share
    is rescaled so that a perfect generator reads 0: (U - U0) / (1 - U0), with U0 the negative
    hypergeometric probability of so few, which holds for every distribution without atoms.

    *Unmatched*: the same with the smallest balls of which a perfect generator leaves at most 1 in
    32 empty, U0 = prod_{i=1..k} (m - i) / (m + n - i) (the coverage of Naeem et al. 2020).

    *Misplaced*: the distance of a sample to its nearest real neighbour, in radii of that
    neighbour's fifth neighbour, is more than that of 98 % of the real samples; minus these 2 %,
    rescaled as well. Of up to three coordinates, samples beyond the range of the real ones count
    too, of which 2 d / (m + 1) are expected. By exchangeability this holds for every distribution.

    The standard errors cover the samples of both sides; they are .7 to 1.7 times the observed
    scatter, that of the misplaced share up to three times it where most are misplaced.

    How to read it: 0 is perfect, a value below it is noise. Half of the modes lost reads a lost
    share of .5, and so does half of the modes with a tenth of their samples. A generator that is
    narrow within each mode loses nothing but leaves some unmatched; one that repeats a few samples
    leaves nearly all unmatched. It misleads in two ways: a mean off by half a standard deviation
    loses hardly anything (.03), and half of the width in many dimensions nothing at all, as it lies
    among the data: a distance shows these. A piece of the data smaller than a ball is not seen.

    Args:
        real: Real samples [m, ...], or `Neighbourhoods` of them, to reuse at many checkpoints.
        fake: The generator's samples [n, ...].

    Returns:
        Shares with floor 0. NaN where a fake sample is not finite, or with so few samples that
        a ball would contain a fifth of the data (8 at least on each side).

    Raises:
        ValueError: Fewer than two samples, different numbers of coordinates, or a real sample that
            is not finite.

    >>> rng = np.random.default_rng(0)
    >>> real, fake = rng.normal(size=(800, 2)), rng.normal(size=(2000, 2))
    >>> round(reach(real=real, fake=fake[fake[:, 0] > 0.5]).lost_share.value, 1)
    0.6
    """
    known = real if isinstance(real, Neighbourhoods) else Neighbourhoods(real)
    _, fakes = both_sides(real=known.points, fake=fake)
    n, m = len(fakes), len(known)
    k, missed = neighbour(m, n)
    piece = math.ceil(max(PIECE, PER_PIECE / n) * m)
    enough = k and piece <= LARGEST * m and min(n, m) >= FEWEST
    if not enough or not np.isfinite(fakes).all():
        return Reach(*[Estimate(math.nan, math.nan, 0.0, n)] * 3)
    most, few = few_of(m, n, piece)
    to_real, of_real, to_fake, of_fake = known.to(fakes)
    empty, only = _emptied(known.distances(k)[:, -1], to_fake, of_fake, n)
    return Reach(
        _share(*_thinned(known, fakes, piece, most), few, n),
        _misplaced(known, fakes, to_real, of_real),
        _share(empty, only, missed, n),
    )


def neighbour(m: int, n: int) -> tuple[int, float]:
    """The number k of the neighbour that the smallest balls reach to, and their empty share.

    Args:
        m: The number of real samples.
        n: The number of generated samples.

    Returns:
        k and the expected share of the balls without a sample of a perfect generator; 0 and 1
        where a ball would contain more than a fifth of the real samples.

    >>> neighbour(1000, 1000)[0], neighbour(1000, 5)[0]
    (5, 0)
    """
    most = int(LARGEST * m)
    before = np.arange(1, most + 1)
    missed = np.cumprod((m - before) / np.maximum(m + n - before, 1.0))
    enough = np.flatnonzero(missed <= MISSED)
    return (int(enough[0]) + 1, float(missed[enough[0]])) if len(enough) else (0, 1.0)


@lru_cache(maxsize=64)
def few_of(m: int, n: int, k: int) -> tuple[int, float]:
    """How many samples in a ball of k real neighbours are few, and how often that is by chance.

    In the order of their distances, real and generated samples are exchangeable: the number of
    generated ones before the k-th real one is negative hypergeometric.

    >>> few_of(1000, 1000, 25)[0]
    5
    """
    from scipy.special import gammaln

    def log_choose(a: Floats, b: Floats) -> Floats:
        return np.asarray(gammaln(a + 1) - gammaln(b + 1) - gammaln(a - b + 1))

    j = np.arange(int(FEW_LEFT * k * n / m) + 1, dtype=np.float64)
    rest = log_choose(m - 1 - k + n - j, n - j) - log_choose(
        np.array(m - 1.0 + n), np.array(n * 1.0)
    )
    chance = np.cumsum(np.exp(log_choose(j + k - 1, j) + rest))
    most = int(np.flatnonzero((chance <= RARE) | (j == 0))[-1])
    return most, float(chance[most])


def _emptied(
    radii: Floats, to_fake: Floats, of_fake: NDArray[np.intp], n: int
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which balls [m] no fake sample is in, and how many only that one of them is in [n]."""
    empty = to_fake[:, 0] > radii
    only = ~empty & (to_fake[:, 1] > radii)
    return empty, np.bincount(of_fake[only], minlength=n)


def _thinned(
    known: Neighbourhoods, fakes: Floats, k: int, most: int
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which balls [m] few fake samples are in; in how many others each one is decisive [n]."""
    radii = known.distances(k)[:, -1]
    count = known.holding(fakes, radii)
    return count <= most, known.members(fakes, radii, count == most + 1)


def _share(
    lost: NDArray[np.bool_], decisive: NDArray[np.intp], by_chance: float, n: int
) -> Estimate:
    """The share of the lost balls [m] beyond those lost by chance.

    Without a fake sample, the balls in which it is decisive are lost: the jackknife's differences.
    """
    m, share = len(lost), float(lost.mean())
    reached = decisive / m
    expected = (float(lost.sum()) + 1) / (m + 2)  # of few balls none is lost, and one may be
    variance = SHARED * float(((reached - reached.mean()) ** 2).sum())
    variance += expected * (1 - expected) / m
    scale = 1 - by_chance
    return Estimate((share - by_chance) / scale, math.sqrt(variance) / scale, 0.0, n)


def _misplaced(
    known: Neighbourhoods, fakes: Floats, to_real: Floats, of_real: NDArray[np.intp]
) -> Estimate:
    """The share of the fake samples [n] that lie farther off than nearly all real ones."""
    n, m = len(to_real), len(known)
    distances = known.distances(min(NEAR + 1, m - 1))
    own = distances[:, 0]
    # A real sample is compared as a new one would be: its neighbour's radius is taken without it.
    radii = np.where(own <= distances[known.nearest, -2], distances[known.nearest, -1],
                     distances[known.nearest, -2])  # fmt: skip
    usual = _ratio(own, radii)
    bound = max(float(np.quantile(usual, 1 - OFF)), 1.0)
    off, of_data = _ratio(to_real, distances[of_real, -2]) > bound, float((usual > bound).mean())
    if fakes.shape[1] <= FEW:
        off |= _outside(known.points, fakes)
        of_data += 2 * fakes.shape[1] / (m + 1)
    share, about = float(off.mean()), np.bincount(of_real[off], minlength=m) / n
    expected = (float(off.sum()) + 1) / (n + 2)  # of few samples none is off, and a share may be
    variance = expected * (1 - expected) / n + of_data * (1 - of_data) / m
    variance += UNCERTAIN_RADIUS * float((about**2).sum())
    return Estimate((share - of_data) / (1 - of_data), math.sqrt(variance), 0.0, n)


def _outside(real: Floats, fakes: Floats) -> NDArray[np.bool_]:
    """Which fake samples [n] lie beyond the least or the greatest real value of a coordinate."""
    beyond = (fakes < real.min(axis=0)) | (fakes > real.max(axis=0))
    return np.asarray(beyond.any(axis=1))


def _ratio(distance: Floats, radius: Floats) -> Floats:
    """Distances in radii; 0 where the distance is, as that of a repeated sample."""
    return np.where(distance > 0, distance / np.maximum(radius, 1e-300), 0.0)
