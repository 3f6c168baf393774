"""What the discriminator sees: single samples, packs of them, or a whole batch."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gandiag.spec import Spec
from gandiag.training.operations import Array, Operations


class Samples(Spec):
    """Single samples; the discriminator answers once a sample."""

    whole_batch: ClassVar[bool] = False

    kind: Literal["samples"]

    def width(self, size: int, batch: int) -> int:
        """The number of D's inputs, for samples of ``size`` coordinates."""
        return size

    def answers(self, batch: int) -> int:
        """The number of D's answers to a batch."""
        return batch

    def apply(self, ops: Operations, x: Array, batches: int) -> Array:
        """Returns x [lane, size, n] as it is."""
        return x


class Packed(Spec):
    """Several samples of one kind at a time, side by side (PacGAN, Lin et al. 2018)."""

    whole_batch: ClassVar[bool] = False

    kind: Literal["packed"]
    count: Annotated[int, Field(ge=1)]
    """How many; the batch has to be a multiple of it."""

    def width(self, size: int, batch: int) -> int:
        """The number of D's inputs, for samples of ``size`` coordinates."""
        if batch % self.count:
            raise ValueError(
                f"schedule.batch = {batch} cannot be packed by {self.count}; make it a multiple"
            )
        return size * self.count

    def answers(self, batch: int) -> int:
        """The number of D's answers to a batch."""
        return batch // self.count

    def apply(self, ops: Operations, x: Array, batches: int) -> Array:
        """Maps x [lane, size, batches · n] to [lane, count · size, batches · (n // count)].

        Samples left over when ``count`` does not divide n are not used.
        """
        n = x.shape[-1] // batches
        packs = n // self.count
        packed = [
            ops.concat([x[..., k * n + i * packs : k * n + (i + 1) * packs] for i in self._all], 1)
            for k in range(batches)
        ]
        return ops.concat(packed, 2) if batches > 1 else packed[0]

    @property
    def _all(self) -> range:
        return range(self.count)


class Moments(Spec):
    """Mean, biased standard deviation, skew and excess kurtosis of the batch, per coordinate.

    The gradient flows through all of them. A batch of equal values has no skew: the result is
    NaN, and so is the gradient.
    """

    whole_batch: ClassVar[bool] = True

    kind: Literal["moments"]

    def width(self, size: int, batch: int) -> int:
        """The number of D's inputs, for samples of ``size`` coordinates."""
        return 4 * size

    def answers(self, batch: int) -> int:
        """The number of D's answers to a batch."""
        return 1

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


class Batch(Spec):
    """All values of the batch at once, in the order drawn (Dev Nag, 2017)."""

    whole_batch: ClassVar[bool] = True

    kind: Literal["batch"]
    deviations: bool = False
    """Whether every value's squared deviation from the batch's mean is appended; the mean is a
    constant to the gradient, as in the original.
    """

    def width(self, size: int, batch: int) -> int:
        """The number of D's inputs, for samples of ``size`` coordinates."""
        return size * batch * (2 if self.deviations else 1)

    def answers(self, batch: int) -> int:
        """The number of D's answers to a batch."""
        return 1

    def apply(self, ops: Operations, x: Array, batches: int) -> Array:
        """Maps x [lane, size, batches · n] to [lane, size · n (· 2), batches]."""
        size, n = x.shape[1], x.shape[2] // batches
        x = ops.reshape(x, (-1, size, batches, n))
        rows = [self._in_rows(ops, x)]
        if self.deviations:
            centred = x - ops.stop_gradient(ops.mean(x, -1))
            rows.append(self._in_rows(ops, centred * centred))
        return ops.concat(rows, 1)

    def _in_rows(self, ops: Operations, x: Array) -> Array:
        """[lane, size, batches, n] as [lane, size · n, batches]."""
        return ops.reshape(ops.transpose(x), (-1, x.shape[1] * x.shape[3], x.shape[2]))


View = Annotated[Samples | Packed | Moments | Batch, Field(discriminator="kind")]
