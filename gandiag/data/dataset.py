"""The base class of all data sets."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gandiag.spec import Spec


class Dataset(Spec):
    """What a generator is to imitate; abstract.

    A kind defines its ``shape``, its ``classes`` and ``fill``. A finite data set also has ``deal``,
    which follows the order in which the training goes through it.
    """

    if TYPE_CHECKING:  # some kinds have these as fields, which a property here would forbid

        @property
        def shape(self) -> tuple[int, ...]:
            """The shape of a sample; (channels, height, width) where it is an image."""

        @property
        def classes(self) -> int:
            """How many classes the labels have that are drawn with the samples; 0 without."""

    @abstractmethod
    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., size + classes, batch]: samples, then one-hot labels."""

    @property
    def size(self) -> int:
        """The number of coordinates of a sample."""
        return math.prod(self.shape)

    def fingerprint(self) -> dict[str, str]:
        """What the samples depend on besides these fields, by name.

        Raises:
            DataError: It cannot be read.
        """
        return {}

    def check(self, batch: int = 1) -> None:
        """Checks that the data are available, before a training needs them.

        Args:
            batch: How many samples the training wants at a time.

        Raises:
            DataError: They cannot, or are damaged, or too few for such batches in their order.
        """

    def real(self, most: int) -> NDArray[np.float32]:
        """The samples that generated ones are compared with, without labels, [m, size].

        They are always the same. Of data without an end so many are drawn; of a finite set it is
        all, or every k-th.

        Args:
            most: How many there are at most.
        """
        return self.preview(most)

    def preview(self, n: int, seed: int = 0) -> NDArray[np.float32]:
        """Some samples to look at, without labels, [n, size]; independent of the runs' streams."""
        out = np.empty((self.size + self.classes, n), np.float32)
        self.fill(np.random.default_rng(seed), out)
        return np.ascontiguousarray(out[: self.size].T)
