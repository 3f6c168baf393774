"""The covariance matrix of the generator's samples, with a standard error for every entry."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import vectors


@np.errstate(all="ignore")
def covariance(*, fake: ArrayLike) -> Estimate:
    """The covariance matrix of the coordinates, with divisor n (ddof 0).

    The standard error is the root mean square of the influence function over sqrt(n), for
    any distribution: n se_ij^2 = E[c_i^2 c_j^2] - cov_ij^2 with c the centred coordinates
    (Browne 1984); for a normal distribution,
    cov_ii cov_jj + cov_ij^2.

    How to read it: a determinant falling towards 0 is a generator that collapses onto a
    line or a point. It misleads where modes are at stake: a ring of modes and a disc may
    have the same. With long tails the standard error is too small.

    Args:
        fake: The generator's samples [n, d].

    Returns:
        An estimate [d, d], in the squared unit of the samples; NaN in the rows and columns of
        a coordinate that has a sample that is not finite.

    Raises:
        ValueError: There are no samples.

    >>> covariance(fake=[[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [4.0, 8.0]]).value
    array([[1.25, 2.5 ],
           [2.5 , 5.  ]])
    """
    samples = np.ascontiguousarray(vectors(fake, "fake").T)
    n = samples.shape[-1]
    centred = samples - samples[..., :1]
    centred -= centred.mean(axis=-1, keepdims=True)
    value = centred @ centred.swapaxes(-1, -2) / n
    centred *= centred
    variance = centred @ centred.swapaxes(-1, -2) / n - value**2
    return Estimate(value, np.sqrt(np.maximum(variance, 0.0) / n), n=n)
