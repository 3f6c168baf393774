"""Which part of the data a generator does not reach, and which of its samples lie off the data."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.neighbourhoods import Neighbourhoods
from gandiag.metrics.samples import Floats, both_sides

MISSED = 1 / 32
"""The share of the real samples that a perfect generator leaves without a neighbour at most."""

LARGEST = 0.2
"""The part of the real samples that a neighbourhood contains at most."""

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
    """The two shares.

    Attributes:
        lost_share: The share of the data that the generator does not reach.
        misplaced_share: The share of its samples that lie where there are no data.
    """

    lost_share: Estimate
    misplaced_share: Estimate


@np.errstate(all="ignore")
def reach(*, real: Neighbourhoods | ArrayLike, fake: ArrayLike) -> Reach:
    """The share of the data that is not reached, and the share of samples off the data.

    *Lost*: a ball about every real sample reaches to its k-th nearest real neighbour, and k is the
    least for which a perfect generator leaves at most 1 in 32 balls empty. The share is that of
    the empty balls (Naeem et al. 2020), rescaled so that a perfect generator reads 0:
    (U - U0) / (1 - U0), U0 = prod_{i=1..k} (m - i) / (m + n - i), which holds for every
    distribution without atoms. In the limit it is the integral of p (1 + c q / p)^-k, c = n / m.

    *Misplaced*: the distance of a sample to its nearest real neighbour, in radii of that
    neighbour's fifth neighbour, is more than that of 98 % of the real samples; minus these 2 %,
    rescaled as well. Of up to three coordinates, samples beyond the range of the real ones count
    too, of which 2 d / (m + 1) are expected. By exchangeability this holds for every distribution.

    The standard errors cover the samples of both sides; they are .7 to 1.7 times the observed
    scatter, that of the misplaced share up to three times it where most are misplaced.

    How to read it: 0 is perfect, a value below it is noise. Half of the modes lost reads .5; a mode
    with a tenth of its share counts as half lost. It misleads in two ways: a mean off by half a
    standard deviation loses hardly anything (.03), and half of the width in many dimensions
    nothing at all, as it lies among the data: a distance shows these. A piece of the data smaller
    than a ball, k of m, is not seen. In 20 coordinates and more neighbours say little about any one
    of them.

    Args:
        real: Real samples [m, ...], or `Neighbourhoods` of them, to reuse at many checkpoints.
        fake: The generator's samples [n, ...].

    Returns:
        Two shares with floor 0. NaN where a fake sample is not finite, or with so few samples that
        a ball would contain a fifth of the data (8 at least on each side).

    Raises:
        ValueError: Fewer than two samples, different numbers of coordinates, or a real sample that
            is not finite.

    >>> rng = np.random.default_rng(0)
    >>> real, fake = rng.normal(size=(800, 2)), rng.normal(size=(2000, 2))
    >>> round(reach(real=real, fake=fake[fake[:, 0] > 0]).lost_share.value, 1)
    0.5
    """
    known = real if isinstance(real, Neighbourhoods) else Neighbourhoods(real)
    _, fakes = both_sides(real=known.points, fake=fake)
    n, m = len(fakes), len(known)
    k, missed = neighbour(m, n)
    if k == 0 or min(n, m) < FEWEST or not np.isfinite(fakes).all():
        unknown = Estimate(math.nan, math.nan, 0.0, n)
        return Reach(unknown, unknown)
    to_real, of_real, to_fake, of_fake = known.to(fakes)
    lost = _lost(known.distances(k)[:, -1], to_fake, of_fake, missed, n)
    return Reach(lost, _misplaced(known, fakes, to_real, of_real))


def neighbour(m: int, n: int) -> tuple[int, float]:
    """The number k of the neighbour that a ball reaches to, and the empty balls to expect.

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


def _lost(
    radii: Floats, to_fake: Floats, of_fake: NDArray[np.intp], missed: float, n: int
) -> Estimate:
    """The share of the balls [m] that no fake sample is in, without those to expect."""
    m = len(radii)
    empty = to_fake[:, 0] > radii
    only = ~empty & (to_fake[:, 1] > radii)
    share = float(empty.mean())
    # Without a fake sample, the balls that only it is in are empty: the jackknife's differences.
    reached = np.bincount(of_fake[only], minlength=n) / m
    variance = SHARED * ((reached - reached.mean()) ** 2).sum() + share * (1 - share) / m
    return Estimate((share - missed) / (1 - missed), math.sqrt(variance) / (1 - missed), 0.0, n)


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
