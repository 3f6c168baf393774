"""One layer of a trained network, with its arrays, to be rebuilt in a framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.training import numpy_operations
from gandiag.training.layers import Layer, Pass, Shape
from gandiag.training.layers.conv import Conv, ConvTranspose
from gandiag.training.layers.spectral import Normed

Floats = NDArray[np.floating]
Arrays = dict[str, Floats]
Margin = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Part:
    """One layer, as it is used in sampling.

    Attributes:
        layer: Its settings in the experiment.
        given: The shape of its input, labels included: (features,) or (channels, height, width).
        made: The shape of its output.
        labels: How many of the input's features or channels are labels; they come last.
        arrays: Its weights, biases and moving averages by name. Weights with a spectral norm are
            divided by it already.
    """

    layer: Layer
    given: Shape
    made: Shape
    labels: int
    arrays: Arrays

    @property
    def margins(self) -> tuple[Margin, Margin]:
        """The rows above and below and the columns left and right of the images.

        A convolution puts zeros there; its transpose makes images larger by them, and they are
        cut off.

        Raises:
            TypeError: It is neither.
        """
        if not isinstance(self.layer, Conv | ConvTranspose):
            raise TypeError(f"a {self.layer.kind} layer has no margins")
        larger = self.given if isinstance(self.layer, Conv) else self.made
        rows, columns = (
            numpy_operations.padding(side, self.layer.kernel, self.layer.stride)
            for side in larger[1:]
        )
        return rows, columns


def used(layer: Layer, held: Mapping[str, Floats]) -> Arrays:
    """The arrays of a layer as sampling uses them: weights divided by their spectral norm."""
    if not (isinstance(layer, Normed) and layer.spectral_norm):
        return dict(held)
    run, lane = Pass(numpy_operations), {name: array[None] for name, array in held.items()}
    weights, _ = layer.normed(run, lane, (len(held["weights"]), -1))
    rest = {name: array for name, array in held.items() if name != "u"}
    return rest | {"weights": weights[0]}
