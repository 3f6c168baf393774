"""The classifier's forward pass: two convolutions and two dense layers, in NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Singles = NDArray[np.float32]
Floats = NDArray[np.float64]

SIDE = 28
"""Height and width of an image, in pixels."""

KERNEL, STRIDE = 5, 2
"""Of both convolutions, which have no padding: 28 x 28 becomes 12 x 12 becomes 4 x 4."""

BLOCK = 100
"""Images at a time: their windows, 1.4 MB of the first layer, stay in a core's cache."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the network makes of n images.

    Attributes:
        probabilities: Of the ten digits [n, 10]; NaN where an image is not finite.
        features: The last hidden layer [n, 64], not negative; NaN there too.
    """

    probabilities: Floats
    features: Floats


@dataclass(frozen=True, eq=False)
class Network:
    """The weights, and what they make of images; a ReLU follows every layer but the last.

    Attributes:
        first: The first convolution's weights [row, column, out], on one channel.
        first_bias: [out].
        second: The second convolution's weights [row, column, in, out].
        second_bias: [out].
        dense: From the second one's answers, laid out row, column, channel, to the features
            [in, feature].
        dense_bias: [feature].
        last: From the features to the logits [feature, class].
        last_bias: [class].
    """

    first: Singles
    first_bias: Singles
    second: Singles
    second_bias: Singles
    dense: Singles
    dense_bias: Singles
    last: Singles
    last_bias: Singles

    def predict(self, images: NDArray[Any]) -> Prediction:
        """Both answers, from one pass: some 20 ms for 1,000 images on one core.

        Args:
            images: [n, 784], [n, 28, 28] or [n, 1, 28, 28], ink 1 on paper 0.

        Raises:
            ValueError: They are of another size.
        """
        pixels = np.asarray(images, dtype=np.float32).reshape(len(images), -1)
        if pixels.shape[1] != SIDE * SIDE:
            raise ValueError(f"digits are images of 28 x 28 pixels, not of shape {images.shape}")
        blocks = np.array_split(pixels.reshape(-1, SIDE, SIDE), max(1, -(-len(pixels) // BLOCK)))
        with np.errstate(all="ignore"):
            features = np.concatenate([self._features(block) for block in blocks])
            probabilities = _softmax(features @ self.last + self.last_bias)
            lost = ~np.isfinite(pixels).all(axis=1)
        probabilities[lost] = features[lost] = np.nan
        return Prediction(probabilities, features.astype(np.float64))

    def _features(self, images: Singles) -> Singles:
        hidden = _convolved(images[..., None], self.first[:, :, None], self.first_bias)
        hidden = _convolved(hidden, self.second, self.second_bias)
        return _relu(hidden.reshape(len(images), -1) @ self.dense, self.dense_bias)


def _convolved(x: Singles, kernel: Singles, bias: Singles) -> Singles:
    """The ReLU of a convolution of x [n, row, column, in], by one product of matrices."""
    windows = sliding_window_view(x, (KERNEL, KERNEL), axis=(1, 2))[:, ::STRIDE, ::STRIDE]
    # Channels last, runs of KERNEL * in numbers are copied at once.
    rows = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, kernel[..., 0].size)
    out = _relu(rows @ kernel.reshape(rows.shape[1], -1), bias)
    return out.reshape(*windows.shape[:3], -1)


def _relu(x: Singles, bias: Singles) -> Singles:
    x += bias
    return np.maximum(x, 0, out=x)


def _softmax(logits: Singles) -> Floats:
    exact = logits.astype(np.float64)
    powers = np.exp(exact - exact.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
