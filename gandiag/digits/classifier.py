"""A classifier of handwritten digits, with its measured accuracy and reference values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.digits import archive
from gandiag.digits.network import Floats, Network, Prediction

CLASSES = 10


@dataclass(frozen=True, eq=False)
class Reference:
    """The values of real images, to compare a generator's with.

    Everything except ``frequencies`` is measured on the 10,000 test images of MNIST, with the
    shipped weights.

    Attributes:
        frequencies: The shares of the digits among the 60,000 training images [10].
        confusion: The test images by digit (row) and by the digit assigned (column) [10, 10].
        accuracy_binarised: The accuracy on those images binarised: each pixel drawn from a
            Bernoulli distribution with its grey value as the probability.
        score: The classifier score exp(E KL(p(y|x) || p(y))).
        features: The features of every fourth test image [2500, 64].
        variances: The total variance of the features of the images classified as each digit [10].
    """

    frequencies: Floats
    confusion: NDArray[np.int64]
    accuracy_binarised: float
    score: float
    features: Floats
    variances: Floats

    @property
    def accuracy(self) -> float:
        """The share of the test images that are classified correctly."""
        return float(np.trace(self.confusion) / self.confusion.sum())


@dataclass(frozen=True, eq=False)
class Classifier:
    """The frozen classifier; scores are comparable only if the ``hash`` is the same.

    Attributes:
        network: The weights.
        reference: The values of real images.
        recipe: How it was trained: version, script, seed, epochs and so on.
        hash: The SHA-256 of the shipped arrays, in hexadecimal.
    """

    network: Network
    reference: Reference
    recipe: Mapping[str, Any]
    hash: str

    def predict(self, images: NDArray[Any]) -> Prediction:
        """Probabilities and features from one pass; see `Network.predict`."""
        return self.network.predict(images)

    def probabilities(self, images: NDArray[Any]) -> Floats:
        """The probabilities of the ten digits [n, 10]; for the images see `Network.predict`."""
        return self.predict(images).probabilities

    def features(self, images: NDArray[Any]) -> Floats:
        """The last hidden layer [n, 64]; for the images see `Network.predict`."""
        return self.predict(images).features


def read(path: Path) -> Classifier:
    """A classifier from its file.

    Raises:
        DataError: The file is missing, damaged or was modified.
    """
    arrays, digest = archive.read(path)
    weights = {each.name: _read_only(arrays[each.name], np.float32) for each in fields(Network)}
    reference = Reference(
        frequencies=_read_only(arrays["frequencies"], np.float64),
        confusion=_read_only(arrays["confusion"], np.int64),
        accuracy_binarised=float(arrays["accuracy_binarised"]),
        score=float(arrays["score"]),
        features=_read_only(arrays["features"], np.float64),
        variances=_read_only(arrays["variances"], np.float64),
    )
    return Classifier(Network(**weights), reference, json.loads(str(arrays["recipe"])), digest)


def _read_only(array: NDArray[Any], kind: type[np.generic]) -> NDArray[Any]:
    """The array as another type, read-only."""
    copy = array.astype(kind)
    copy.flags.writeable = False
    return copy
