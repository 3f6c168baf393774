"""Metrics of images of single digits, by the shipped classifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag import digits
from gandiag.digits import CLASSES, Prediction
from gandiag.measure.diversity import digit_diversity
from gandiag.measure.estimates import Estimates
from gandiag.metrics import Balls, Estimate, density_coverage, digit_coverage, frechet, kid

SLOW = ("frechet", "kid", "density", "coverage")
"""The columns that are only computed if asked for."""

NEIGHBOUR = 5
"""k of the k-nearest-neighbour balls of density and coverage."""

DRAWS = 4000
"""The number of simulated histograms behind a floor."""


def handwriting(images: Iterable[NDArray[Any]], thorough: bool) -> list[Estimates]:
    """The columns of images of digits.

    ``digit_0`` to ``digit_9`` are the shares, ``digit_share_min`` the least of them, ``digits``
    the number of digits with at least 1 %, ``digit_kl`` the divergence from MNIST's training
    frequencies; they are corrected for the classifier's confusion. ``classifier_score`` is from
    1 to 10 and insensitive to diversity within a digit, which ``digit_diversity`` measures.
    ``frechet``, ``kid``, ``density`` and ``coverage`` compare the classifier's features with
    those of 2,500 test images: values of different classifiers are not comparable.

    Args:
        images: The images of every lane, ink 1 on paper 0, [784, n].
        thorough: Whether the last four are computed; else they are None.
    """
    return [_of_lane(digits.load().predict(lane.T), thorough) for lane in images]


def _of_lane(predicted: Prediction, thorough: bool) -> Estimates:
    slow = _against_real(predicted.features) if thorough else {}
    return {**_of_classes(predicted), **dict.fromkeys(SLOW), **slow}


def _of_classes(predicted: Prediction) -> Mapping[str, Estimate]:
    reference, n = digits.load().reference, len(predicted.features)
    coverage = digit_coverage(
        probabilities=predicted.probabilities,
        frequencies=reference.frequencies,
        confusion=reference.confusion,
    )
    return {
        "digit": coverage.histogram,
        "digits": coverage.digits,
        "digit_share_min": _least(coverage.histogram, n),
        "digit_kl": coverage.kl,
        "classifier_score": replace(coverage.score, floor=_score_of_real(n)),
        "digit_diversity": digit_diversity(predicted, reference),
    }


def _against_real(features: NDArray[np.float64]) -> Mapping[str, Estimate]:
    real, n = digits.load().reference.features, len(features)
    distances = {"frechet": frechet(real=real, fake=features), "kid": kid(real=real, fake=features)}
    if n <= NEIGHBOUR:
        return distances
    neighbours = density_coverage(real=_balls(), fake=features, k=NEIGHBOUR)
    return distances | {"density": neighbours.density, "coverage": neighbours.coverage}


@cache
def _balls() -> Balls:
    return Balls(digits.load().reference.features, NEIGHBOUR)


def _least(shares: Estimate, n: int) -> Estimate:
    """The least share, with its standard error as the share of that digit."""
    values, errors = np.asarray(shares.value), np.asarray(shares.se)
    rarest = values.argmin()
    return Estimate(values[rarest], errors[rarest], _least_of_real(n), n)


@cache
def _least_of_real(n: int) -> float:
    """The simulated mean of the least share in n MNIST samples; it is below the rarest digit's."""
    counts = np.random.default_rng(0).multinomial(n, digits.load().reference.frequencies, DRAWS)
    return float(counts.min(axis=1).mean() / n)


def _score_of_real(n: int) -> float:
    """The score of n test images: that of all of them, less its bias (C - 1) / (2 n)."""
    reference = digits.load().reference
    bias = (CLASSES - 1) / 2 * (1 / n - 1 / reference.confusion.sum())
    return float(reference.score * np.exp(-bias))
