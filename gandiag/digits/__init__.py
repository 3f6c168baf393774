"""The classifier of handwritten digits, which evaluates MNIST generators.

It was trained by ``python -m gandiag_torch.train_digits`` on the images 5,000 to 59,999 of
MNIST's training file, chosen on the first 5,000, and measured on the 10,000 test images. Those
no GAN of ours is trained on but ``dcgan-mnist``, which, as its original, takes all 70,000. What
is shipped is a file of weights in half precision; NumPy computes with them, so that every
backend and every report sees the same numbers.

How to read it: ``load().hash`` names the weights, and a Fréchet or kernel distance
compares only with one of the same hash. It misleads on images that are not digits: it was
trained on nothing else, and assigns them to a digit all the same, often with high probability.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gandiag.digits.class_variances import class_variances
from gandiag.digits.classifier import CLASSES, Classifier, Reference, read
from gandiag.digits.network import Network, Prediction

__all__ = [
    "CLASSES",
    "Classifier",
    "Network",
    "Prediction",
    "Reference",
    "class_variances",
    "load",
    "read",
]

SHIPPED = Path(__file__).with_name("classifier.npz")


@cache
def load() -> Classifier:
    """The classifier that is shipped; its file is read at the first call and kept.

    Raises:
        DataError: The file is missing, damaged or was modified.
    """
    return read(SHIPPED)
