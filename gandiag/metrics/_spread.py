"""How wide samples of many coordinates lie, in one number."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, both, vectors


@np.errstate(all="ignore")
def spread(*, fake: ArrayLike, real: ArrayLike | None = None) -> Estimate:
    """The root mean square distance of the samples from their mean, a coordinate.

    It is sqrt(tr(C) / d), with C the covariance (divisor n): for d = 1 the standard deviation.
    Its standard error is the delta method's, sd(|x - mean|^2) / (2 d spread sqrt(n)).

    How to read it: against the floor, which is what the data read. A value that falls to a part
    of it is a generator that makes nearly one sample, such as the mean image; 0 is a point. It
    misleads where modes are at stake: half of the modes may be as wide as all of them. It sees
    no direction either: what is lost in one may be made up for in another.

    Args:
        fake: The generator's samples [n, d] or images [n, ...].
        real: Real samples [m, ...], if any: what they read becomes the floor.

    Returns:
        An estimate, in the unit of the samples.

    Raises:
        ValueError: There are no samples, or real ones that are not finite or of another width.

    >>> spread(fake=[[0.0, 0.0], [2.0, 0.0]], real=[[0.0, 0.0], [2.0, 2.0]]).floor
    1.0
    """
    if real is None:
        return _spread(vectors(fake, "fake"))
    known, made = both(real=real, fake=fake)
    return _spread(made, floor=float(np.sqrt(known.var(axis=0).mean())))


def _spread(samples: Floats, floor: float | None = None) -> Estimate:
    n, d = samples.shape
    away = samples - samples[0]  # from the first, a constant sample is exactly 0
    away -= away.mean(axis=0)
    square = np.einsum("ij,ij->i", away, away) / d
    value = float(np.sqrt(square.mean()))
    se = float(square.std()) / (2 * value * np.sqrt(n)) if value else 0.0
    return Estimate(value, value * 0 + se, floor, n)
