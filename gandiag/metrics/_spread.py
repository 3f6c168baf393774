"""The spread of samples of many coordinates, in one number."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, both_sides, vectors


@np.errstate(all="ignore")
def spread(*, fake: ArrayLike, real: ArrayLike | None = None) -> Estimate:
    """The root mean square distance of the samples from their mean, per coordinate.

    It is sqrt(tr(C) / d), with C the covariance (divisor n): for d = 1 the standard deviation.
    Its standard error is the delta method's, sd(|x - mean|^2) / (2 d spread sqrt(n)).
    It was within 15 % of the observed scatter from 200 samples of light tails on, but .7 to .95 of
    it for Student's t with 5 degrees of freedom and .4 to .8 for lognormal samples of shape 1.

    How to read it: compare it with the floor, the spread of the data. A value that falls to a
    fraction of it is a generator with nearly one sample, such as the mean image; 0 is a point. It
    misleads where modes are at stake: half of the modes may be as wide as all of them. It has
    no direction either: a loss in one may be compensated by another.

    Args:
        fake: The generator's samples [n, d] or images [n, ...].
        real: Real samples [m, ...], whose spread is the floor; None for no floor.

    Returns:
        An estimate, in the unit of the samples.

    Raises:
        ValueError: No samples, or real samples that are not finite or have another number of
            coordinates.

    >>> spread(fake=[[0.0, 0.0], [2.0, 0.0]], real=[[0.0, 0.0], [2.0, 2.0]]).floor
    1.0
    """
    if real is None:
        return _spread(vectors(fake, "fake"))
    reals, fakes = both_sides(real=real, fake=fake)
    return _spread(fakes, floor=float(np.sqrt(reals.var(axis=0).mean())))


def _spread(samples: Floats, floor: float | None = None) -> Estimate:
    n, d = samples.shape
    centred = samples - samples[0]  # a constant sample gives exactly 0
    centred -= centred.mean(axis=0)
    square = np.einsum("ij,ij->i", centred, centred) / d
    value = float(np.sqrt(square.mean()))
    se = float(square.std()) / (2 * value * np.sqrt(n)) if value else 0.0
    return Estimate(value, value * 0 + se, floor, n)
