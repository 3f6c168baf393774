"""Batch normalisation (Ioffe & Szegedy 2015)."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gandiag.training.initializers import Constant
from gandiag.training.layers.activated import Activated
from gandiag.training.layers.layer import LayerArrays, LayerSpec, Parameter, Pass, Shape
from gandiag.training.operations import Array

ZERO, ONE = (Constant(kind="constant", value=value) for value in (0.0, 1.0))


class BatchNorm(Activated, LayerSpec):
    """Every feature or channel brought to mean 0 and variance 1 over the batch, then rescaled.

    Real and generated batches are normalised separately. The variance is the biased one, in
    the moving averages too (PyTorch's layer keeps the unbiased one there). A player's averages
    move with its own updates: the discriminator's with the real and then the generated batch of
    each of its updates, the generator's with the batch of each of its own.
    """

    uses_batch_statistics: ClassVar[bool] = True
    accepts_labels: ClassVar[bool] = False

    kind: Literal["batch-norm"]
    decay: Annotated[float, Field(ge=0, lt=1)] = 0.9
    """How much of the moving averages is kept at each run; they are what sampling uses."""
    epsilon: Annotated[float, Field(gt=0)] = 1e-5
    """What is added to the variance."""
    scale: bool = True
    """Whether the factor is learnt; the shift always is."""

    def shape(self, given: Shape) -> Shape:
        """The shape of its output: the same."""
        return given

    def parameters(self, given: Shape) -> tuple[Parameter, ...]:
        """A shift and a factor for every feature or channel."""
        shift = Parameter("biases", (given[0], 1), (1, 1), "biases", ZERO)
        factor = Parameter("weights", (given[0], 1), (1, 1), "weights", ONE)
        return (factor, shift) if self.scale else (shift,)

    def buffers(self, given: Shape) -> tuple[Parameter, ...]:
        """The moving averages."""
        return tuple(
            Parameter(name, (given[0], 1), (1, 1), "buffer", start)
            for name, start in (("mean", ZERO), ("variance", ONE))
        )

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """Maps x [lane, feature, batch] or [lane, channel, height, width, batch]."""
        ops, shape = run.ops, x.shape
        area, batches = math.prod(shape[2:-1]), run.batches
        y = ops.reshape(x, (-1, shape[1], area, batches, shape[-1] // batches))
        averages: list[Array] = []
        if run.sampling:
            mean, variance = (_wide(run, arrays[name]) for name in ("mean", "variance"))
            y = y - mean
        else:
            mean = ops.mean(y, (2, 4))
            y = y - mean
            variance = ops.mean(y * y, (2, 4))
            averages = [
                self._moved_average(run, arrays, name, now)
                for name, now in (("mean", mean), ("variance", variance))
            ]
        y = y / ops.sqrt(variance + self.epsilon)
        if self.scale:
            y = y * _wide(run, arrays["weights"])
        y = y + _wide(run, arrays["biases"])
        return self.activate(ops, ops.reshape(y, (-1, *shape[1:]))), averages

    def _moved_average(self, run: Pass, arrays: LayerArrays, name: str, now: Array) -> Array:
        """The moving average [lane, channel, 1] after a run; several batches count as one."""
        if name not in arrays:
            return now[:, :, 0, :, 0]
        now = run.ops.mean(now, 3)[:, :, 0, :, 0]
        return self.decay * arrays[name] + (1 - self.decay) * now


def _wide(run: Pass, arrays: Array) -> Array:
    """A number a channel [lane, channel, 1] against [lane, channel, area, batches, batch]."""
    return arrays[:, :, :, None, None]
