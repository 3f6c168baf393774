"""The modes of a known mixture that the generator covers, and how accurately."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.arrays import to_numpy
from gandiag.metrics._kullback_leibler import kullback_leibler
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import normalized, proportion, reached
from gandiag.metrics.samples import Floats, vectors

CEILING = -math.expm1(-4.5)
"""The probability of a two-dimensional normal distribution within three standard deviations."""

SAME_CENTRE = 1e-6
"""Centres closer than this, in standard deviations, are taken for the same point."""


@dataclass(frozen=True, eq=False)
class ModeCoverage:
    """How the generator covers the modes.

    Attributes:
        modes: The number of modes with a high-quality sample.
        modes_robust: The number of modes with a tenth of the high-quality samples expected there.
        high_quality: The share of the samples that lie on a mode.
        reverse_kl: KL(p || weights) of the high-quality samples' histogram p, in nats.
        spread_ratio: The std within the modes over the expected std; 1 is correct.
        histogram: The share of each mode among the high-quality samples [K].
    """

    modes: Estimate
    modes_robust: Estimate
    high_quality: Estimate
    reverse_kl: Estimate
    spread_ratio: Estimate
    histogram: Estimate

    @property
    def counts(self) -> Floats:
        """The high-quality samples of each mode [K], e.g. for `total_variation`."""
        return np.asarray(np.rint(self.histogram.value * self.histogram.n))


@np.errstate(all="ignore")
def mode_coverage(
    *, fake: ArrayLike, centres: ArrayLike, std: ArrayLike, weights: ArrayLike | None = None
) -> ModeCoverage:
    """The modes of a mixture of normal distributions that the samples cover.

    A sample belongs to the mode with the nearest centre, in standard deviations, and is of high
    quality within the .98889 quantile of that distance: 3 in two dimensions (VEEGAN, Srivastava et
    al. 2017), 2.54 in one, 3.33 in three. So the ceiling of the quality is .98889 = 1 - exp(-9/2)
    in every dimension, which is its floor. Shares have Wilson's interval. The standard errors of
    the numbers of modes treat the modes as independent. The spread is taken about the samples' own
    means, relative to a normal distribution truncated at the quantile.

    How to read it: ``reverse_kl`` is 0 if the modes have their weights, and log(K / k) on k of K;
    a quality above .989 is not better but means too narrow modes, ``spread_ratio`` below 1. It
    misleads in two ways: ``modes`` rises with n, as one lucky sample is enough, and its standard
    error ignores unobserved modes (it was .3 of the observed scatter where stray samples added half
    a mode on average, .85 where some modes were at the robust bound); samples wider than the mode
    are truncated, so that ``spread_ratio`` is at most 1.54 in two dimensions. Modes closer than 6
    std overlap, and the ceiling is no longer valid.

    Args:
        fake: The generator's samples [n, d].
        centres: The centres of the modes [K, d]; for a ring without its closing point.
        std: Their standard deviations: a number, one per coordinate [d], or [K, d].
        weights: The weights of the modes [K], normalized to sum 1; None for equal ones.

    Returns:
        Six estimates. Without a high-quality sample the last three are NaN; with a sample that
        is not finite all are NaN.

    Raises:
        ValueError: Two centres are the same, shapes do not match, or a number is not positive.

    >>> result = mode_coverage(fake=[[0.0], [0.1], [9.0]], centres=[[0.0], [4.0]], std=1.0)
    >>> result.modes.value, round(result.high_quality.value, 3), result.counts
    (1.0, 0.667, array([2., 0.]))
    """
    samples, middles = vectors(fake, "fake"), vectors(centres, "centres")
    widths = _widths(samples, middles, std)
    share = normalized(weights, "weights", len(middles))
    n, d = samples.shape
    if not np.isfinite(samples).all():
        return _all_nan(share, n)
    nearest, squared = _nearest(samples, middles, widths)
    good = squared <= _radius(d) ** 2
    counts = np.bincount(nearest[good], minlength=len(middles)).astype(np.float64)
    hits = int(good.sum())
    z = ((samples - middles[nearest]) / widths[nearest])[good]
    # A tenth of the expected number, with a margin for rounding: .1 · 2500 / 25 is 10, not 11.
    tenth = np.maximum(np.ceil(0.1 * n * share - 1e-9), 1.0)
    return ModeCoverage(
        modes=reached(counts, np.ones_like(share), CEILING * share, n),
        modes_robust=reached(counts, tenth, CEILING * share, n),
        high_quality=proportion(hits, n, CEILING),
        reverse_kl=kullback_leibler(counts=counts, frequencies=share),
        spread_ratio=_spread(z, nearest[good], counts),
        histogram=proportion(counts, hits, share),
    )


def _widths(samples: Floats, centres: Floats, std: ArrayLike) -> Floats:
    """The standard deviations [K, d]; checks all shapes and values."""
    shape = centres.shape
    if samples.shape[1] != shape[1] or not np.isfinite(centres).all():
        raise ValueError(
            f"centres must be finite points [K, {samples.shape[1]}] as the samples are, not of "
            f"shape {shape}"
        )
    widths = to_numpy(std).astype(np.float64)
    allowed = ((), (shape[1],), shape)
    if widths.shape not in allowed or not (np.isfinite(widths).all() and widths.min() > 0):
        raise ValueError(
            f"std must be positive, a number or of shape {allowed[1]} or {shape}, not {widths}"
        )
    widths = np.array(np.broadcast_to(widths, shape))
    for i in range(1, shape[0]):
        gap = np.sqrt((((centres[:i] - centres[i]) / widths[i]) ** 2).sum(axis=1))
        if gap.min() < SAME_CENTRE:
            raise ValueError(
                f"centres {int(gap.argmin())} and {i} are the same point {centres[i]}, so there "
                f"are not {shape[0]} modes; the angles of a ring are 2 pi arange(K) / K"
            )
    return widths


def _nearest(samples: Floats, centres: Floats, widths: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The nearest centre of each sample [n], and the squared distance in std [n]."""
    nearest = np.zeros(len(samples), dtype=np.intp)
    squared = np.full(len(samples), np.inf)
    # Coordinates first, so that the innermost loop runs over the samples.
    columns = np.ascontiguousarray(samples.T)
    z = np.empty_like(columns)
    for i, (centre, width) in enumerate(zip(centres, widths, strict=True)):
        np.subtract(columns, centre[:, None], out=z)
        z *= 1 / width[:, None]
        distance = np.einsum("ij,ij->j", z, z)
        np.copyto(nearest, i, where=distance < squared)
        np.minimum(squared, distance, out=squared)
    return nearest, squared


def _radius(d: int) -> float:
    """The length quantile of a standard normal vector [d] that is 3 in two dimensions."""
    from scipy.special import chdtri

    return float(np.sqrt(chdtri(d, 1 - CEILING))) if d != 2 else 3.0


def _spread(z: Floats, modes: NDArray[np.intp], counts: Floats) -> Estimate:
    """The std of standardized samples [n, d] about their mode's mean, over the expected one."""
    from scipy.special import chdtr

    n, d = z.shape
    freedom = float(np.maximum(counts - 1, 0).sum())
    if not freedom:
        return Estimate(math.nan, math.nan, 1.0, n)
    sums = np.stack([np.bincount(modes, column, len(counts)) for column in z.T], axis=1)
    centred = z - (sums / np.maximum(counts, 1)[:, None])[modes]
    squares = np.einsum("ij,ij->i", centred, centred) / (
        d * chdtr(d + 2, _radius(d) ** 2) / CEILING
    )
    # c samples of a mode have c - 1 degrees of freedom, a single one has none.
    scale = float(squares.sum()) / freedom
    ratio = math.sqrt(scale)
    several = squares[counts[modes] > 1]
    se = float(several.std()) / math.sqrt(len(several)) / (2 * ratio) if ratio else 0.0
    return Estimate(ratio, se, 1.0, n)


def _all_nan(share: Floats, n: int) -> ModeCoverage:
    """The estimates of a generator that has diverged."""
    nan = Estimate(math.nan, math.nan, n=n)
    nans = np.full_like(share, np.nan)
    return ModeCoverage(nan, nan, nan, nan, nan, Estimate(nans, nans, share, 0))
