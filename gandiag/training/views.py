"""What the discriminator sees: the samples one by one, or the moments of a whole batch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gandiag.spec import Spec
from gandiag.training.operations import Array, Operations


class Samples(Spec):
    """Each sample by itself; the discriminator answers once a sample."""

    kind: Literal["samples"]

    @property
    def whole_batch(self) -> bool:
        """Whether the discriminator answers once a batch."""
        return False

    def width(self, size: int, batch: int) -> int:
        """How many numbers the discriminator is fed, for samples of ``size`` coordinates."""
        return size

    def apply(self, ops: Operations, x: Array, batches: int) -> Array:
        """Passes x [lane, size, n] on."""
        return x


class Moments(Spec):
    """Mean, biased standard deviation, skew and excess kurtosis of the batch, per coordinate.

    The gradient flows through all of them. A batch of equal values has no skew: the result is
    NaN, and so is the gradient.
    """

    kind: Literal["moments"]

    @property
    def whole_batch(self) -> bool:
        """Whether the discriminator answers once a batch."""
        return True

    def width(self, size: int, batch: int) -> int:
        """How many numbers the discriminator is fed, for samples of ``size`` coordinates."""
        return 4 * size

    def apply(self, ops: Operations, x: Array, batches: int) -> Array:
        """Maps x [lane, size, batches · n] to [lane, 4 · size, batches], batch after batch."""
        size, total = x.shape[1], x.shape[2]
        x = ops.reshape(x, (-1, size, batches, total // batches))
        mean = ops.mean(x, -1)
        centred = x - mean
        squares = centred * centred
        variance = ops.mean(squares, -1)
        std = ops.sqrt(variance)
        skew = ops.mean(squares * centred, -1) / (variance * std)
        kurtosis = ops.mean(squares * squares, -1) / (variance * variance) - 3.0
        moments = ops.concat([mean, std, skew, kurtosis], 1)
        return ops.reshape(moments, (-1, 4 * size, batches))


View = Annotated[Samples | Moments, Field(discriminator="kind")]
