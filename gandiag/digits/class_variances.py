"""How varied the images of one digit are, by their features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def class_variances(
    features: Floats, taken: NDArray[np.intp], classes: int
) -> tuple[Floats, Floats]:
    """The total variance of the features within each class, and its standard error.

    It is the trace of the covariance, with divisor n - 1; the error is the delta method's,
    sd(|x - mean|^2) / sqrt(n).

    Args:
        features: [n, d].
        taken: The class that each was assigned to [n].
        classes: How many there are.

    Returns:
        Both [classes], in the squared unit of the features; 0 for a class of fewer than two.

    >>> class_variances(np.array([[0.0], [2.0], [5.0]]), np.array([0, 0, 1]), 2)[0]
    array([2., 0.])
    """
    found = np.zeros((2, classes))
    for k in range(classes):
        own = features[taken == k]
        if len(own) < 2:
            continue
        squares = ((own - own.mean(axis=0)) ** 2).sum(axis=1)
        found[:, k] = squares.sum() / (len(own) - 1), squares.std() / np.sqrt(len(own))
    return found[0], found[1]
