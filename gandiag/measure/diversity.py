"""The diversity of the images within a digit."""

from __future__ import annotations

import numpy as np

from gandiag.digits import CLASSES, Prediction, Reference, class_variances
from gandiag.metrics import Estimate


def digit_diversity(predicted: Prediction, real: Reference) -> Estimate:
    """The total variance of the features within a digit over that of real images, mean of ten.

    A digit with fewer than two samples counts as 0. The standard error is the delta method's,
    with the digits independent; the real images' variances are taken as exact, though ten
    thousand images leave an error of 1 % in the mean. The floor is 1, less the chance that a
    digit of MNIST has fewer than two of n samples.

    How to read it: 1 is as diverse as real handwriting, 0 is one image per digit; the success
    rule of the MNIST presets requires half. Missing digits lower it too. It misleads where the
    samples are not digits: noise has diverse features, so values well above 1 are not better,
    and one very diverse digit compensates for others without any diversity.

    Args:
        predicted: The classifier's output for the generated images.
        real: The same numbers of real images.
    """
    n = len(predicted.features)
    digits = predicted.probabilities.argmax(axis=1)
    variances, errors = class_variances(predicted.features, digits, CLASSES)
    se = float(np.linalg.norm(errors / real.variances)) / CLASSES
    share = real.frequencies
    missing = (1 - share) ** n + n * share * (1 - share) ** (n - 1)
    return Estimate(float((variances / real.variances).mean()), se, 1 - float(missing.mean()), n)
