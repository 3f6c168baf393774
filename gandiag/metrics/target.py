"""What the generator's samples are held against: an exact distribution, or real samples."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.arrays import to_numpy
from gandiag.metrics.empirical import Empirical
from gandiag.metrics.samples import Floats, line


@runtime_checkable
class Target(Protocol):
    """A distribution on the line; must be hashable and never change, for it is cached by."""

    def __hash__(self) -> int:
        """Equal targets have equal hashes."""

    def cdf(self, x: Floats) -> Floats:
        """The cumulative distribution function at ``x``."""

    def quantile(self, p: Floats) -> Floats:
        """The inverse of the cdf at the probabilities ``p``, 0 < p < 1."""

    def mean_distance(self, x: Floats) -> Floats:
        """E|Y - x|, for Y drawn from this distribution."""

    @property
    def self_distance(self) -> float:
        """E|Y - Y'|, for two independent draws."""


def pair(*, fake: Empirical | ArrayLike, real: Target | ArrayLike) -> tuple[Empirical, Target]:
    """The two sides of a distance, ready to be compared.

    Args:
        fake: The generator's samples [n] or [n, 1], or many lanes of them, sorted.
        real: An exact target, or real samples [m] or [m, 1].

    Returns:
        The sorted fake samples, and the target.

    Raises:
        ValueError: The real samples are not one sample [m], or not all finite.

    >>> pair(fake=[2.0, 1.0], real=[0.0, 1.0])[0].values
    array([1., 2.])
    """
    samples = fake if isinstance(fake, Empirical) else Empirical(line(fake, "fake"))
    if isinstance(real, Empirical):
        target = real
    elif isinstance(real, Target):
        return samples, real
    else:
        target = Empirical(_read(real))
    if target.values.ndim != 1:
        raise ValueError(f"real must be one sample [m], not of shape {target.values.shape}")
    if np.isnan(target.values[0]):
        raise ValueError("real holds samples that are NaN or infinite; drop them first")
    return samples, target


def _read(real: ArrayLike) -> NDArray[Any]:
    try:
        array = to_numpy(real)
    except ValueError as error:
        raise ValueError(
            "real must be a hashable target (cdf, quantile, mean_distance, self_distance) or one "
            f"sample [m], not {type(real).__name__}: {error}"
        ) from None
    return line(array, "real")


def spread(real: Target) -> float:
    """The integral of sqrt(F (1 - F)) over the line: 1.6147 std for a normal, 0 for a point.

    It sets the scale of the noise of W1: the empirical cdf of n samples is off by
    sqrt(2 F (1 - F) / (pi n)) on average (del Barrio, Giné and Matrán 1999).

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
    # Even steps in the log odds resolve both tails; as a Stieltjes sum it holds for atoms too.
    edges = np.linspace(-30.0, 30.0, 4001)
    middles = (edges[1:] + edges[:-1]) / 2
    weights = 0.5 / np.cosh(middles / 2)
    return float(weights @ np.diff(real.quantile(1 / (1 + np.exp(-edges)))))


def noise(*, fake: Empirical, real: Target) -> float:
    """1 / n, with 1 / m added where the target is m samples itself.

    Args:
        fake: The generator's samples [..., n].
        real: The target.

    Returns:
        The number that the squared noise of a comparison is proportional to.

    >>> noise(fake=Empirical([1.0, 2.0]), real=Empirical([1.0, 2.0, 3.0, 4.0]))
    0.75
    """
    return 1 / fake.n + (1 / real.n if isinstance(real, Empirical) else 0.0)
