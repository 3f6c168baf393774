"""The base class of all data sets."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gandiag.spec import Spec


class Dataset(Spec):
    """The distribution or the samples that a generator learns; abstract.

    A kind defines ``shape``, ``classes`` and ``fill``. A finite data set also has ``deal``, which
    fills the batches of a training run in the order of the data set.
    """

    if TYPE_CHECKING:  # some kinds have these as fields, which a property here would forbid

        @property
        def shape(self) -> tuple[int, ...]:
            """The shape of a sample; (channels, height, width) where it is an image."""

        @property
        def classes(self) -> int:
            """The number of classes of the labels drawn with the samples; 0 without labels."""

    @abstractmethod
    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., size + classes, batch]: samples, then one-hot labels."""

    @property
    def size(self) -> int:
        """The number of coordinates of a sample."""
        return math.prod(self.shape)

    def fingerprint(self) -> dict[str, str]:
        """Hashes of what the samples depend on besides these fields, by name.

        Raises:
            DataError: A file or function cannot be read.
        """
        return {}

    def check(self, batch: int = 1) -> None:
        """Checks that the data are available, before a training run starts.

        Args:
            batch: The number of samples in a batch.

        Raises:
            DataError: They are missing or damaged, or too few for such batches in their order.
        """

    def real(self, most: int) -> NDArray[np.float32]:
        """The samples that generated ones are compared with, without labels, [m, size].

        They are always the same: drawn from a distribution, or all samples of a finite set, or
        every k-th.

        Args:
            most: The largest number of samples.
        """
        return self.preview(most)

    def preview(self, n: int, seed: int = 0) -> NDArray[np.float32]:
        """Some samples without labels, [n, size]; independent of the runs' random streams."""
        out = np.empty((self.size + self.classes, n), np.float32)
        self.fill(np.random.default_rng(seed), out)
        return np.ascontiguousarray(out[: self.size].T)
