"""The classes of generated samples, by a classifier of the user's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.arrays import to_numpy
from gandiag.measure.modes import MOST_SHARES
from gandiag.metrics import Estimate, kullback_leibler
from gandiag.metrics.histograms import proportion, reached

Classifier = Callable[[NDArray[Any]], Any]
"""From samples [n, ...] to their classes [n], whole numbers from 0, or to scores [n, K]."""


@dataclass(frozen=True, eq=False)
class Classes:
    """Counts generated samples by their class.

    Attributes:
        classifier: Classifies samples.
        shares: The shares of the data's classes [K], which sum to 1.
    """

    classifier: Classifier
    shares: NDArray[np.float64]

    def __call__(self, samples: NDArray[Any]) -> dict[str, Estimate]:
        """The share of every class, and the divergence of the shares from the data's.

        Of more than a hundred classes the number of those found takes the place of the shares.
        Samples that are not finite are not classified, and all is NaN.

        Args:
            samples: [n, ...], of which the classifier is given a copy.

        Raises:
            ValueError: The classifier does not return one class for every sample.
        """
        count, n = len(self.shares), len(samples)
        if np.isfinite(samples).all():
            found = classes_of(self.classifier, samples)
            if found.max() >= count:
                raise ValueError(f"class {found.max()}, counted from 0, of {count} classes")
            counts = np.bincount(found, minlength=count).astype(np.float64)
        else:
            counts = np.full(count, np.nan)
        divergence = kullback_leibler(counts=counts, frequencies=self.shares)
        if count <= MOST_SHARES:
            return {"class_share": proportion(counts, n, self.shares), "class_kl": divergence}
        modes = reached(counts, np.ones(count), self.shares, n)
        return {"modes": modes, "modes_known": Estimate(float(count)), "class_kl": divergence}


def classes_of(classifier: Classifier, samples: NDArray[Any]) -> NDArray[np.intp]:
    """The classes of samples [n].

    Args:
        classifier: Returns whole numbers [n], or scores [n, K] of which the highest counts.
        samples: [n, ...]; the classifier is given a copy.

    Raises:
        ValueError: It returns something else.
    """
    found = to_numpy(classifier(samples.copy()))
    if found.ndim == 2 and found.shape[1] > 1:
        found = found.argmax(axis=1)
    classes = whole_numbers(found.reshape(-1) if found.size == len(samples) else found)
    if classes is None or classes.shape != (len(samples),):
        raise ValueError(
            f"the classifier must return the class of every sample [{len(samples)}], or scores "
            f"[{len(samples)}, K], not {found.dtype} {found.shape}"
        )
    return classes


def whole_numbers(values: NDArray[Any]) -> NDArray[np.intp] | None:
    """Values [n] as whole numbers from 0; None where they are not."""
    if values.ndim != 1 or not values.size or values.dtype.kind not in "uif":
        return None
    if not (np.isfinite(values).all() and values.min() >= 0 and (values == np.rint(values)).all()):
        return None
    return values.astype(np.intp)
