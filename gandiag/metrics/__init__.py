"""Arrays in, numbers out: how the generator's samples compare with the real distribution.

Depends on NumPy and SciPy only. Every metric takes ``fake=`` [..., n], with lanes (seeds) on
the leading axes, and ``real=``, an exact target or real samples [m]; it returns an `Estimate`.
A module whose one function bears its name has an underscore before it.
"""

from __future__ import annotations

from gandiag.metrics._covariance import covariance
from gandiag.metrics._energy import energy
from gandiag.metrics._ks import ks
from gandiag.metrics._moments import Moments, moments
from gandiag.metrics._wasserstein import wasserstein
from gandiag.metrics.empirical import Empirical
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.target import Target

__all__ = [
    "Empirical",
    "Estimate",
    "Moments",
    "Target",
    "covariance",
    "energy",
    "ks",
    "moments",
    "wasserstein",
]
