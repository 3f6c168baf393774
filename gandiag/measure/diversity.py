"""How varied the images of the same digit are."""

from __future__ import annotations

import numpy as np

from gandiag.digits import CLASSES, Prediction, Reference, class_variances
from gandiag.metrics import Estimate


def digit_diversity(seen: Prediction, real: Reference) -> Estimate:
    """The total variance of the features within a digit over that of real images, mean of ten.

    A digit with fewer than two samples counts as 0. The standard error is the delta method's,
    with the digits independent; the real images' variances are taken as exact, though ten
    thousand images leave 1 % in the mean. The floor is 1, less the chance that a digit of MNIST
    has fewer than two of n samples.

    How to read it: 1 is as varied as real handwriting, 0 one image a digit; the rule of the
    MNIST presets asks for half. Digits that are lost lower it too. It misleads where samples are
    no digits: garbage that the classifier spreads out is variety to it, so that values well
    above 1 are no merit, and one wild digit makes up for others that are all the same.

    Args:
        seen: What the classifier made of the generator's images.
        real: What real images read.
    """
    n = len(seen.features)
    taken = seen.probabilities.argmax(axis=1)
    variances, errors = class_variances(seen.features, taken, CLASSES)
    se = float(np.linalg.norm(errors / real.variances)) / CLASSES
    share = real.frequencies
    lost = (1 - share) ** n + n * share * (1 - share) ** (n - 1)
    return Estimate(float((variances / real.variances).mean()), se, 1 - float(lost.mean()), n)
