"""What a user knows of the data's groups: the centres of modes, or a classifier of classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.arrays import to_numpy
from gandiag.data.samples import Samples
from gandiag.errors import UsageError
from gandiag.measure.classes import Classes, Classifier, classes_of, whole_numbers
from gandiag.measure.known import KnownModes
from gandiag.metrics import mode_coverage
from gandiag.monitoring.coercion import whole_number


@dataclass(frozen=True)
class Groups:
    """What a user knows of the groups of the data; all None where nothing is.

    Attributes:
        modes: The centres of the modes [K, d], or [K] on the line.
        std: The standard deviation within every mode, along each axis.
        shares: The shares of the modes or classes [K]; None for equal ones, or those of the data.
        classifier: Classifies samples.
        classes: How many classes there are.
        labels: The classes of the real samples [m].
    """

    modes: Any = None
    std: float | None = None
    shares: Any = None
    classifier: Classifier | None = None
    classes: int | None = None
    labels: Any = None

    def known_modes(self) -> KnownModes | None:
        """The modes, checked.

        Raises:
            UsageError: They are no modes, or the arguments do not belong together.
        """
        if self.modes is None:
            if self.std is not None:
                raise UsageError("std is that of modes: pass modes=, their centres, as well")
            if self.classifier is None and (self.shares is not None or self.classes is not None):
                raise UsageError("shares and classes need modes= or classifier=")
            return None
        if self.classifier is not None:
            raise UsageError("pass modes= or classifier=, not both")
        if self.std is None:
            raise UsageError("modes need std=, the standard deviation within each")
        centres = to_numpy(self.modes).astype(np.float64)
        centres = centres[:, None] if centres.ndim == 1 else centres
        if centres.ndim != 2 or len(centres) < 2:
            raise UsageError(f"modes must be two centres or more [K, d], not {centres.shape}")
        return self._checked(centres, self.std)

    def _checked(self, centres: NDArray[np.float64], std: float) -> KnownModes:
        try:
            found = mode_coverage(fake=centres, centres=centres, std=std, weights=self.shares)
        except (TypeError, ValueError) as error:
            raise UsageError(f"modes: {error}") from None
        return KnownModes(centres, float(std), np.asarray(found.histogram.floor))

    def known_classes(self, real: Samples | None) -> Classes | None:
        """The classifier and the shares that the data have of its classes.

        Args:
            real: The real samples.

        Raises:
            UsageError: It fails on the real samples, or the arguments do not belong together.
        """
        if self.classifier is None:
            if self.labels is not None:
                raise UsageError("labels need classifier=, which finds those of generated samples")
            return None
        found: NDArray[np.intp] | None = None
        if self.labels is not None:
            found = whole_numbers(to_numpy(self.labels))
            if found is None or (real is not None and len(found) != len(real.values)):
                raise UsageError("labels must be the class of every real sample, from 0")
        elif real is not None and self.shares is None:
            found = self._classified(real)
        count = self._count(found)
        return Classes(self.classifier, self._shares(found, count))

    def _classified(self, real: Samples) -> NDArray[np.intp]:
        assert self.classifier is not None
        try:
            return classes_of(self.classifier, real.values.reshape(-1, *real.shape))
        except Exception as error:  # a user's classifier may fail in any way
            cause = f"{type(error).__name__}: {error}"
            raise UsageError(f"the classifier failed on the real samples: {cause}") from error

    def _count(self, found: NDArray[np.intp] | None) -> int:
        if self.classes is not None:
            count = whole_number(self.classes, "classes", 2)
        elif self.shares is not None:
            count = len(self.shares)
        elif found is not None:
            count = int(found.max()) + 1
        else:
            raise UsageError("say how many classes there are: classes=")
        if found is not None and found.max() >= count:
            raise UsageError(f"class {found.max()}, counted from 0, of {count} classes")
        if count < 2:
            raise UsageError("all real samples are of one class, which tells nothing")
        return count

    def _shares(self, found: NDArray[np.intp] | None, count: int) -> NDArray[np.float64]:
        if self.shares is not None or found is None:
            given = np.ones(count) if self.shares is None else to_numpy(self.shares)
            shares = given.astype(np.float64)
            if shares.shape != (count,) or not (np.isfinite(shares).all() and shares.min() > 0):
                raise UsageError(f"shares must be {count} positive numbers, one for each class")
            return np.asarray(shares / shares.sum())
        counts = np.bincount(found, minlength=count) + 0.5  # no class is impossible
        return np.asarray(counts / counts.sum())


NOTHING_KNOWN = Groups()
"""Where a user knows neither modes nor classes."""
