"""Balanced accuracy: closed form, ties, standard error, interval."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score

from gandiag.metrics import balanced_accuracy

few_examples = settings(max_examples=25, deadline=None, derandomize=True)


def normal_cdf(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2


@pytest.mark.parametrize("shift", [0.0, 0.5, 2.0])
def test_accuracy_of_two_normals_equals_the_closed_form(shift: float) -> None:
    rng = np.random.default_rng(1)
    found = balanced_accuracy(
        real=rng.normal(shift / 2, 1, 40_000), fake=rng.normal(-shift / 2, 1, 40_000)
    )
    assert found.value == pytest.approx(normal_cdf(shift / 2), abs=4 * found.se)
    assert found.floor == 0.5


def test_accuracy_equals_sklearns_without_scores_at_the_threshold() -> None:
    rng = np.random.default_rng(2)
    real, fake = rng.normal(0.4, 1, 300), rng.normal(0, 1, 70)
    truth = np.repeat([1, 0], [300, 70])
    judged = np.concatenate([real, fake]) > 0.3
    expected = balanced_accuracy_score(truth, judged)
    assert balanced_accuracy(real=real, fake=fake, threshold=0.3).value == pytest.approx(expected)


def test_a_blind_discriminator_has_accuracy_one_half() -> None:
    found = balanced_accuracy(real=np.zeros(20), fake=np.zeros(30))
    assert (found.value, found.se) == (0.5, 0)
    everything_is_real = balanced_accuracy(real=np.ones(20), fake=np.ones(30))
    assert everything_is_real.value == 0.5


def test_probabilities_use_a_threshold_of_one_half() -> None:
    rng = np.random.default_rng(3)
    real, fake = rng.normal(1, 1, 50), rng.normal(0, 1, 60)
    logits = balanced_accuracy(real=real, fake=fake)
    shares = [1 / (1 + np.exp(-x)) for x in (real, fake)]
    assert balanced_accuracy(real=shares[0], fake=shares[1], threshold=0.5).value == logits.value


def test_the_standard_error_matches_simulation() -> None:
    rng = np.random.default_rng(4)
    # Rounded, so that many scores are ties.
    found = [
        balanced_accuracy(real=rng.normal(1, 1, 200).round(), fake=rng.normal(0, 1, 90).round())
        for _ in range(1500)
    ]
    observed = np.std([f.value for f in found])
    assert np.mean([f.se for f in found]) == pytest.approx(observed, rel=0.07)


@pytest.mark.parametrize("shift", [0.0, 2.0, 4.0])
def test_the_interval_covers_the_true_accuracy(shift: float) -> None:
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(1500):
        low, high = balanced_accuracy(
            real=rng.normal(shift / 2, 1, 60), fake=rng.normal(-shift / 2, 1, 100)
        ).interval
        covered += low <= normal_cdf(shift / 2) <= high
    assert 0.92 < covered / 1500 < 0.985


def test_a_perfect_discriminator_has_an_interval_of_positive_width() -> None:
    found = balanced_accuracy(real=np.ones(50), fake=-np.ones(50))
    assert (found.value, found.se) == (1, 0)
    assert 0.93 < found.interval[0] < 0.97
    assert found.interval[1] == 1


@given(seed=st.integers(0, 1000), scale=st.floats(0.1, 10))
@few_examples
def test_only_the_side_of_the_threshold_matters(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    real, fake = rng.integers(-2, 4, 30), rng.integers(-3, 3, 40)
    one = balanced_accuracy(real=real, fake=fake)
    other = balanced_accuracy(real=rng.permutation(real) * scale, fake=fake[::-1] * scale)
    assert (one.value, one.se) == pytest.approx((other.value, other.se))
    mirrored = balanced_accuracy(real=-fake, fake=-real)
    assert mirrored.value == pytest.approx(one.value)


@pytest.mark.parametrize("side", ["real", "fake"])
def test_nan_scores_give_nan(side: str) -> None:
    found = balanced_accuracy(**{"real": [1.0, 2.0], "fake": [0.0, 1.0], side: [1.0, np.nan]})
    assert math.isnan(found.value)
    assert math.isnan(found.se)


def test_infinite_scores_are_valid() -> None:
    assert balanced_accuracy(real=[np.inf, 1.0], fake=[-np.inf]).value == 1


def test_several_scores_per_sample_are_rejected() -> None:
    with pytest.raises(ValueError, match="real must be samples of one coordinate"):
        balanced_accuracy(real=np.zeros((5, 2)), fake=np.zeros(5))
