"""Images of single digits, as the shipped classifier sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag import digits
from gandiag.columns import SELDOM
from gandiag.digits import CLASSES, Prediction
from gandiag.measure.diversity import digit_diversity
from gandiag.measure.estimates import Estimates
from gandiag.metrics import Balls, Estimate, density_coverage, digit_coverage, frechet, kid

NEIGHBOUR = 5
"""Which one the balls of density and coverage reach to."""

DRAWS = 4000
"""How many histograms a floor is simulated from."""


def handwriting(images: Iterable[NDArray[Any]], thorough: bool) -> list[Estimates]:
    """The columns of images of digits.

    ``digit_0`` to ``digit_9`` are the shares, ``digit_share_min`` the least of them, ``digits``
    how many there are of at least 1 %, ``digit_kl`` the divergence from MNIST's training
    frequencies; the classifier's confusion is taken out of them. ``classifier_score`` is from 1
    to 10 and blind within a digit, ``digit_diversity`` looks there. ``frechet``, ``kid``,
    ``density`` and ``coverage`` hold the classifier's features against those of 2,500 test
    images: they compare under one classifier only.

    Args:
        images: Of every lane, ink 1 on paper 0, [784, n].
        thorough: Whether the last four are computed; else they are None.
    """
    return [_of_lane(digits.load().predict(lane.T), thorough) for lane in images]


def _of_lane(seen: Prediction, thorough: bool) -> Estimates:
    slow = _against_real(seen.features) if thorough else {}
    return {**_told(seen), **dict.fromkeys(SELDOM), **slow}


def _told(seen: Prediction) -> Mapping[str, Estimate]:
    known, n = digits.load().reference, len(seen.features)
    found = digit_coverage(
        probabilities=seen.probabilities,
        frequencies=known.frequencies,
        confusion=known.confusion,
    )
    return {
        "digit": found.histogram,
        "digits": found.digits,
        "digit_share_min": _least(found.histogram, n),
        "digit_kl": found.kl,
        "classifier_score": replace(found.score, floor=_score_of_real(n)),
        "digit_diversity": digit_diversity(seen, known),
    }


def _against_real(features: NDArray[np.float64]) -> Mapping[str, Estimate]:
    real, n = digits.load().reference.features, len(features)
    found = {"frechet": frechet(real=real, fake=features), "kid": kid(real=real, fake=features)}
    if n <= NEIGHBOUR:
        return found
    near = density_coverage(real=_balls(), fake=features, k=NEIGHBOUR)
    return found | {"density": near.density, "coverage": near.coverage}


@cache
def _balls() -> Balls:
    return Balls(digits.load().reference.features, NEIGHBOUR)


def _least(shares: Estimate, n: int) -> Estimate:
    """The least share, with the error that it has as the share of its digit."""
    values, errors = np.asarray(shares.value), np.asarray(shares.se)
    which = values.argmin()
    return Estimate(values[which], errors[which], _least_of_real(n), n)


@cache
def _least_of_real(n: int) -> float:
    """The mean of the least share of n samples of MNIST, simulated; below the rarest digit's."""
    drawn = np.random.default_rng(0).multinomial(n, digits.load().reference.frequencies, DRAWS)
    return float(drawn.min(axis=1).mean() / n)


def _score_of_real(n: int) -> float:
    """The score of n test images: that of all of them, less its bias (C - 1) / (2 n)."""
    known = digits.load().reference
    bias = (CLASSES - 1) / 2 * (1 / n - 1 / known.confusion.sum())
    return float(known.score * np.exp(-bias))
