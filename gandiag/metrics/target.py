"""The target of a comparison in one dimension: an exact distribution, or real samples."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.arrays import to_numpy
from gandiag.metrics.empirical import Empirical
from gandiag.metrics.samples import Floats, scalars


@runtime_checkable
class Target(Protocol):
    """A one-dimensional distribution; it must be hashable and immutable, as results are cached."""

    def __hash__(self) -> int:
        """Equal targets have equal hashes."""

    def cdf(self, x: Floats) -> Floats:
        """The cumulative distribution function at ``x``."""

    def quantile(self, p: Floats) -> Floats:
        """The inverse of the cdf at the probabilities ``p``, 0 < p < 1."""

    def mean_distance(self, x: Floats) -> Floats:
        """E|Y - x| for Y drawn from this distribution."""

    @property
    def self_distance(self) -> float:
        """E|Y - Y'| for two independent draws."""


def empirical_and_target(
    *, fake: Empirical | ArrayLike, real: Target | ArrayLike
) -> tuple[Empirical, Target]:
    """The two sides of a distance: sorted fake samples, and a target.

    Args:
        fake: The generator's samples [n] or [n, 1], or an `Empirical` [..., n].
        real: An exact target, or real samples [m] or [m, 1].

    Returns:
        The sorted fake samples, and the target.

    Raises:
        ValueError: The real samples are not one sample [m], or not all finite.

    >>> empirical_and_target(fake=[2.0, 1.0], real=[0.0, 1.0])[0].values
    array([1., 2.])
    """
    samples = fake if isinstance(fake, Empirical) else Empirical(scalars(fake, "fake"))
    if isinstance(real, Empirical):
        target = real
    elif isinstance(real, Target):
        return samples, real
    else:
        target = Empirical(_read(real))
    if target.values.ndim != 1:
        raise ValueError(f"real must be one sample [m], not of shape {target.values.shape}")
    if np.isnan(target.values[0]):
        raise ValueError("real has samples that are NaN or infinite; drop them first")
    return samples, target


def _read(real: ArrayLike) -> NDArray[Any]:
    try:
        array = to_numpy(real)
    except ValueError as error:
        raise ValueError(
            "real must be a hashable target (cdf, quantile, mean_distance, self_distance) or one "
            f"sample [m], not {type(real).__name__}: {error}"
        ) from None
    return scalars(array, "real")


def spread(real: Target) -> float:
    """The integral of sqrt(F (1 - F)): 1.6147 std for a normal distribution, 0 for a point.

    It is the scale of the noise of W1: the mean absolute error of the empirical cdf of n samples is
    sqrt(2 F (1 - F) / (pi n)) (del Barrio, Giné and Matrán 1999).

    Args:
        real: The target.

    Returns:
        The integral, in the unit of the samples.

    >>> spread(Empirical([0.0, 2.0]))
    1.0
    """
    return real.spread if isinstance(real, Empirical) else _spread_of_exact(real)


@lru_cache(maxsize=64)
def _spread_of_exact(real: Target) -> float:
    # Even steps in the log odds resolve both tails; as a Stieltjes sum it is valid for atoms too.
    edges = np.linspace(-30.0, 30.0, 4001)
    middles = (edges[1:] + edges[:-1]) / 2
    weights = 0.5 / np.cosh(middles / 2)
    return float(weights @ np.diff(real.quantile(1 / (1 + np.exp(-edges)))))


def inverse_sizes(*, fake: Empirical, real: Target) -> float:
    """1 / n, plus 1 / m if the target is m samples.

    Args:
        fake: The generator's samples [..., n].
        real: The target.

    Returns:
        The factor that the variance of a comparison is proportional to.

    >>> inverse_sizes(fake=Empirical([1.0, 2.0]), real=Empirical([1.0, 2.0, 3.0, 4.0]))
    0.75
    """
    return 1 / fake.n + (1 / real.n if isinstance(real, Empirical) else 0.0)
