"""Samples in memory, and how some of them are written where a training run wants them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.data.order import Indices, Key, Order, batches_in, sample_indices, shuffled

SIXTEEN_BITS = np.uint16(257)
"""What takes 0 to 255 to 0 to 65535."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Samples [n, size], and what is done with them as they are drawn.

    Attributes:
        values: The samples, uint8 or float32.
        labels: The class of each [n]; empty where none are drawn.
        classes: How many classes there are; 0 where no labels are drawn.
        scale: What the values are divided by.
        low: Where 0 goes after that.
        high: Where 1 goes.
        binarize: Whether every value is 0 or 1 at random, with the value over 255 as the
            probability of 1, drawn again each time; uint8 only.
    """

    values: NDArray[np.uint8] | NDArray[np.float32]
    labels: NDArray[np.integer] = field(default_factory=lambda: np.empty(0, np.uint8))
    classes: int = 0
    scale: float = 1.0
    low: float = 0.0
    high: float = 1.0
    binarize: bool = False

    def __len__(self) -> int:
        """How many there are."""
        return len(self.values)

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Writes samples without regard to an order, none twice if there are enough."""
        batches, batch = batches_in(out)
        self.write(shuffled(len(self), batches * batch, rng), rng, out)

    def deal(
        self,
        order: Order,
        key: Key,
        first: int,
        rng: np.random.Generator,
        out: NDArray[np.float32],
    ) -> None:
        """Writes the batches that follow on the first ``first``; see `sample_indices`."""
        self.write(sample_indices(order, len(self), first, batches_in(out), key), rng, out)

    def write(self, which: Indices, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Writes the samples that are named.

        Args:
            which: Their indices, [batches, batch] or flat; with a further axis of parts, a sample
                is so many rows one after the other, and its class has theirs as digits.
            rng: For the random binarisation.
            out: Where to, [..., parts · size + classes ** parts, batch], or without classes.
        """
        batches, batch = batches_in(out)
        parts = which.shape[2:] or (1,)
        lead = np.ndindex(out.shape[:-2])
        for where, chosen in zip(lead, which.reshape(batches, batch, *parts), strict=True):
            self._write_batch(chosen, rng, out[where])

    def _write_batch(
        self, which: Indices, rng: np.random.Generator, out: NDArray[np.float32]
    ) -> None:
        """One batch [batch, parts]; it fits the cache, and is turned over while it is small."""
        taken = self.values[which].reshape(len(which), -1)
        turned = np.ascontiguousarray(taken.T)
        samples, labels = out[: len(turned)], out[len(turned) :]
        if self.binarize:
            np.copyto(samples, coins(turned, rng))
        else:
            np.divide(turned, np.float32(self.scale), out=samples)
        if (self.low, self.high) != (0.0, 1.0):
            samples *= np.float32(self.high - self.low)
            samples += np.float32(self.low)
        if self.classes:
            digits = self.classes ** np.arange(which.shape[1])[::-1]
            classes = self.labels[which].astype(np.intp) @ digits
            labels[...] = classes == np.arange(len(labels))[:, None]


def coins(values: NDArray[Any], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Independent coins that fall on 1 with probability value / 255, of the shape of ``values``.

    Two random bytes each: a value v of 1 to 255 gives (257 v + 1) / 65536, which is off by less
    than 2⁻¹⁶; 0 never falls on 1 and 255 always does.
    """
    words = rng.bit_generator.random_raw(-(-values.size // 4))
    drawn = np.asarray(words, "<u8").view("<u2")[: values.size].reshape(values.shape)
    return np.asarray((drawn <= values * SIXTEEN_BITS) & (values != 0))
