"""What every layer has, and what it is given when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from gandiag.spec import Spec
from gandiag.training.initializers import Initializer
from gandiag.training.operations import Array, Operations

Shape = tuple[int, ...]
"""The shape of one sample between two layers: (features,) or (channels, height, width)."""

LayerArrays = Mapping[str, Array]
"""The arrays of a layer by name, weights and buffers, each [lane, ...]."""


@dataclass(frozen=True)
class Parameter:
    """One array of a layer.

    Attributes:
        name: Its name in the layer.
        shape: Its shape in one lane.
        fans: How many inputs and outputs its layer has, for the initialisers.
        role: Whether the network's initialiser for weights or for biases applies, or whether it is
            a buffer: no weight, but something that the layer keeps from run to run.
        start: How it begins whatever the network says; a buffer needs one.
    """

    name: str
    shape: Shape
    fans: tuple[int, int]
    role: Literal["weights", "biases", "buffer"]
    start: Initializer | None = None


class Pass:
    """One run of a network over a batch.

    Attributes:
        ops: The array operations.
        buffers: The buffers of the layers, [lane, n], or None. A run in training replaces them, so
            that a second run with the same pass goes on from there.
        labels: One-hot labels of the samples [lane, classes, batch], or None.
        batches: How many batches the last axis has, one after the other; batch statistics are
            taken of each separately.
        sampling: Whether batch normalisation uses its moving averages, and nothing is learnt.
    """

    def __init__(
        self,
        ops: Operations,
        buffers: Array | None = None,
        labels: Array | None = None,
        batches: int = 1,
        sampling: bool = False,
    ) -> None:
        self.ops = ops
        self.buffers = buffers
        self.labels = labels
        self.batches = batches
        self.sampling = sampling


class LayerSpec(Spec):
    """The base of all layers: without buffers and without batch statistics."""

    uses_batch_statistics: ClassVar[bool] = False
    """Whether what it makes of a sample depends on the rest of the batch."""

    compares_samples: ClassVar[bool] = False
    """Whether what it makes of a sample depends on the others even in sampling."""

    convolves: ClassVar[bool] = False
    """Whether it is a convolution or the transpose of one."""

    accepts_labels: ClassVar[bool] = True
    """Whether labels can be appended to its input."""

    def shape(self, given: Shape) -> Shape:
        """The shape of its output, given that of its input.

        Raises:
            ValueError: It cannot take that shape.
        """
        raise NotImplementedError

    def parameters(self, given: Shape) -> tuple[Parameter, ...]:
        """Its weights, given the shape of its input."""
        return ()

    def buffers(self, given: Shape) -> tuple[Parameter, ...]:
        """Its buffers, in the order in which `apply` returns them."""
        return ()

    def apply(self, run: Pass, arrays: LayerArrays, x: Array) -> tuple[Array, list[Array]]:
        """Maps x [lane, features, batch]; returns the new buffers too."""
        raise NotImplementedError


def features(given: Shape, kind: str) -> int:
    """The number of features of a flat shape.

    Raises:
        ValueError: It is not flat.
    """
    if len(given) != 1:
        raise ValueError(
            f"a {kind} layer takes features and is given images of shape {list(given)}; put "
            '{ kind = "flatten" } before it'
        )
    return given[0]


def channels(given: Shape, kind: str) -> Shape:
    """The shape of images.

    Raises:
        ValueError: They are none.
    """
    if len(given) != 3:
        raise ValueError(
            f"a {kind} layer takes images [channels, height, width] and is given "
            f'{list(given)}; put {{ kind = "reshape", to = [...] }} before it'
        )
    return given
