"""Stacked MNIST: three digits as the colours of one image, a thousand modes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from gandiag.data.digit_files import load_digits, training_count
from gandiag.data.mnist import HandwrittenDigits
from gandiag.data.order import Indices, Key, batches_in, sample_indices
from gandiag.data.rows import Rows


class StackedMnist(HandwrittenDigits):
    """Three training images of MNIST, drawn independently, as red, green and blue.

    The class of an image is 100, 10 and 1 times its digits (Metz et al. 2017; Srivastava et al.
    2017). The training images do not have every digit equally often, and neither has this every
    class: from uniform, real images are a Kullback-Leibler divergence of .0043 away.
    """

    kind: Literal["stacked-mnist"]
    count: Annotated[int, Field(ge=1)] | None = None
    """How many images there are, stacked once a seed and reshuffled for every pass through them,
    128,000 in VEEGAN's protocol; None for fresh stacks in every batch. What a run is evaluated on
    is newly stacked in either case.
    """
    shape: ClassVar = (3, 28, 28)

    @property
    def classes(self) -> int:
        """How many classes the labels have that are drawn with the images."""
        return 1000 if self.labelled else 0

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., 2352 + classes, batch]."""
        self._rows().write(self._stacks(rng, batches_in(out)), rng, out)

    def deal(
        self, key: Key, first: int, rng: np.random.Generator, out: NDArray[np.float32]
    ) -> None:
        """Goes through the fixed images, in epochs, or stacks new ones where there are none."""
        if self.count is None:
            self.fill(rng, out)
            return
        fixed = self._stacks(key("stacks", 0), (1, self.count))[0]
        where = sample_indices("epochs", self.count, first, batches_in(out), key)
        self._rows().write(fixed[where], rng, out)

    def _stacks(self, rng: np.random.Generator, shape: tuple[int, int]) -> Indices:
        """Which three images each is of, [*shape, 3]."""
        return rng.integers(training_count(self.digits), size=(*shape, 3))

    def _rows(self) -> Rows:
        digits, count = load_digits(self.digits), training_count(self.digits)
        classes = 10 if self.labelled else 0
        images, labels = digits.images[:count], digits.labels[:count]
        return Rows(images, labels, classes, scale=255.0, low=self.low, high=self.high)
