"""Minibatch discrimination (Salimans et al. 2016)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gandiag.training.initializers import Initializer, NormalInit
from gandiag.training.layers.layer import LayerArrays, LayerSpec, Parameter, Pass, Shape, features
from gandiag.training.operations import Array

Count = Annotated[int, Field(ge=1)]


class Minibatch(LayerSpec):
    """Appends to each sample's features how near the other samples of its batch are.

    M = T x has ``kernels`` rows of ``dimension`` numbers a sample; what is added for a kernel is
    the sum over the batch, the sample itself included, of exp(-|M_i - M_j|_1). Real and generated
    batches are compared each within itself.
    """

    uses_batch_statistics: ClassVar[bool] = True
    compares_samples: ClassVar[bool] = True

    kind: Literal["minibatch"]
    kernels: Count = 5
    """The number of features that are added."""
    dimension: Count = 3
    """The numbers that the distance is taken over."""
    weights: Initializer = NormalInit(kind="normal", std=0.02)
    """The initial values of T."""

    def shape(self, given: Shape) -> Shape:
        """The shape of its output: the kernels' features come after the inputs."""
        return (features(given, self.kind) + self.kernels,)

    def parameters(self, given: Shape) -> tuple[Parameter, ...]:
        """Its weights: T."""
        inputs, rows = features(given, self.kind), self.kernels * self.dimension
        return (Parameter("weights", (rows, inputs), (inputs, rows), "weights", self.weights),)

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """Maps x [lane, features, batch] to [lane, features + kernels, batch]."""
        ops, batches, n = run.ops, run.batches, x.shape[-1]
        shape = (-1, self.kernels, self.dimension, batches, n // batches)
        m = ops.reshape(ops.matmul(arrays["weights"], x), shape)
        apart = ops.sum(ops.abs(m[..., :, None] - m[..., None, :]), 2)
        near = ops.sum(ops.exp(-apart), -1)  # [lane, kernel, group, batch]
        return ops.concat([x, ops.reshape(near, (-1, self.kernels, n))], 1), []
