"""The classes of labelled images: counts, frequencies, confusion, and the classifier score."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gandiag.metrics import DigitCoverage, digit_coverage

Floats = NDArray[np.float64]
few_examples = settings(max_examples=25, deadline=None, derandomize=True)

MNIST = np.array([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]) / 60_000
SKEWED = np.array([0.3, 0.2, 0.1, 0.1, 0.1, 0.08, 0.05, 0.04, 0.02, 0.01])


def one_hot(labels: NDArray[np.intp], classes: int = 10) -> Floats:
    return np.eye(classes)[labels]


def drawn(rng: np.random.Generator, distribution: Floats, n: int = 2500) -> Floats:
    return one_hot(rng.choice(len(distribution), n, p=distribution), len(distribution))


def unsure(rng: np.random.Generator, n: int, sharp: float) -> Floats:
    """The probabilities of an uncertain classifier."""
    logits = sharp * rng.standard_normal((n, 10)) + np.log(SKEWED)
    rows = np.exp(logits)
    return rows / rows.sum(axis=1, keepdims=True)


def test_a_perfect_generator_has_the_floors_as_values() -> None:
    rng = np.random.default_rng(1)
    found = [digit_coverage(probabilities=drawn(rng, MNIST), frequencies=MNIST) for _ in range(600)]
    kl = [f.kl for f in found]
    assert kl[0].floor == pytest.approx(0.0018)
    assert np.mean([f.value for f in kl]) == pytest.approx(0.0018, rel=0.07)
    assert {f.digits.value for f in found} == {10}
    assert found[0].digits.floor == pytest.approx(10)
    assert found[0].histogram.floor == pytest.approx(MNIST)
    score = [f.score for f in found]
    assert np.mean([f.value for f in score]) == pytest.approx(score[0].floor, rel=1e-4)


def test_uniform_classes_differ_from_uneven_data() -> None:
    rng = np.random.default_rng(2)
    rows = drawn(rng, np.full(10, 0.1))
    found = digit_coverage(probabilities=rows, frequencies=SKEWED)
    assert found.kl.value == pytest.approx(
        scipy.stats.entropy(np.full(10, 0.1), SKEWED), abs=4 * found.kl.se
    )
    assert digit_coverage(probabilities=rows).kl.value < 0.006


@pytest.mark.parametrize("name", ["kl", "score"])
def test_the_standard_error_matches_simulation(name: str) -> None:
    rng = np.random.default_rng(3)
    found = [
        getattr(digit_coverage(probabilities=unsure(rng, 1000, 2.0)), name) for _ in range(400)
    ]
    observed = np.std([f.value for f in found])
    assert np.mean([f.se for f in found]) == pytest.approx(observed, rel=0.12)


def test_the_standard_error_of_the_score_equals_the_jackknifes() -> None:
    rows = unsure(np.random.default_rng(4), 200, 2.0)
    scores = [digit_coverage(probabilities=np.delete(rows, i, 0)).score.value for i in range(200)]
    jackknife = math.sqrt(199 * np.var(scores))
    assert digit_coverage(probabilities=rows).score.se == pytest.approx(jackknife, rel=0.03)


@given(seed=st.integers(0, 1000))
@few_examples
def test_the_score_is_between_one_and_the_number_of_classes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = unsure(rng, 40, rng.uniform(0, 6))
    found = digit_coverage(probabilities=rows)
    mean = rows.mean(axis=0)
    expected = math.exp(np.mean([scipy.stats.entropy(row, mean) for row in rows]))
    assert found.score.value == pytest.approx(expected)
    assert 1 <= found.score.value <= 10
    again = digit_coverage(probabilities=rng.permutation(rows))
    assert again.score.value == pytest.approx(found.score.value)
    assert again.kl.value == pytest.approx(found.kl.value)


def test_certain_and_balanced_answers_score_the_number_of_classes() -> None:
    sure = digit_coverage(probabilities=np.eye(10).repeat(20, axis=0)).score
    same = digit_coverage(probabilities=np.eye(10)[[3]].repeat(20, axis=0)).score
    assert (sure.value, sure.se) == (pytest.approx(10), pytest.approx(0, abs=1e-12))
    assert (same.value, same.se) == (1, 0)


def test_a_class_counts_from_1_per_cent_on() -> None:
    for stray, expected in [(9, 1), (10, 2)]:
        labels = np.array([7] * (1000 - stray) + [2] * stray)
        assert digit_coverage(probabilities=one_hot(labels)).digits.value == expected


def test_every_dropped_class_raises_the_divergence() -> None:
    found = []
    for held in range(10, 0, -1):
        labels = np.arange(5040) % held
        found.append(digit_coverage(probabilities=one_hot(labels)))
    assert [f.digits.value for f in found] == list(range(10, 0, -1))
    expected = [math.log(10 / held) for held in range(10, 0, -1)]
    assert [f.kl.value for f in found] == pytest.approx(expected, abs=1e-9)


def blurred(distribution: Floats, confusion: Floats, rng: np.random.Generator, n: int) -> Floats:
    """The probabilities of a classifier with the given confusion matrix."""
    return drawn(rng, distribution @ confusion, n)


CONFUSION = 0.9 * np.eye(10) + 0.1 * np.roll(np.eye(10), 1, axis=1)


def test_the_confusion_of_the_classifier_is_inverted() -> None:
    distribution = np.array([0.5, 0.3, 0.2, 0, 0, 0, 0, 0, 0, 0])
    rng = np.random.default_rng(5)
    rows = blurred(distribution, CONFUSION, rng, 4000)
    raw = digit_coverage(probabilities=rows)
    right = digit_coverage(probabilities=rows, confusion=1000 * CONFUSION)
    assert raw.histogram.value[3] > 0.015
    assert raw.digits.value == 4
    assert right.digits.value == 3
    assert right.histogram.value == pytest.approx(distribution, abs=0.03)
    assert right.histogram.value.min() >= 0
    assert right.histogram.value.sum() == pytest.approx(1)


def test_the_confusion_raises_standard_error_and_floor() -> None:
    rng = np.random.default_rng(6)
    found = [
        digit_coverage(
            probabilities=blurred(SKEWED, CONFUSION, rng, 4000),
            frequencies=SKEWED,
            confusion=CONFUSION,
        )
        for _ in range(500)
    ]
    shares = np.array([f.histogram.value for f in found])
    errors = np.mean([f.histogram.se for f in found], axis=0)
    assert errors == pytest.approx(shares.std(axis=0), rel=0.15)
    assert shares.mean(axis=0) == pytest.approx(SKEWED, abs=0.001)
    floor = found[0].kl.floor
    assert floor > 1.2 * 9 / 8000
    assert np.mean([f.kl.value for f in found]) == pytest.approx(floor, rel=0.08)


def test_an_identity_confusion_changes_nothing() -> None:
    rows = drawn(np.random.default_rng(7), SKEWED)
    one, other = (
        digit_coverage(probabilities=rows),
        digit_coverage(probabilities=rows, confusion=7 * np.eye(10)),
    )
    for name in DigitCoverage.__annotations__:
        np.testing.assert_allclose(getattr(one, name).value, getattr(other, name).value)
        np.testing.assert_allclose(getattr(one, name).se, getattr(other, name).se)
        np.testing.assert_allclose(getattr(one, name).floor, getattr(other, name).floor)


def test_a_diverged_generator_gives_nan() -> None:
    rows = drawn(np.random.default_rng(8), SKEWED)
    rows[4] = np.nan
    found = digit_coverage(probabilities=rows)
    for name in DigitCoverage.__annotations__:
        assert np.isnan(getattr(found, name).value).all()
        assert np.isnan(getattr(found, name).se).all()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"probabilities": [[2.0, -1.0]]}, "softmax"),
        ({"probabilities": [[3.0, 1.0]]}, "softmax"),
        ({"probabilities": [[0.5, 0.5]], "frequencies": [1.0]}, "frequencies must be 2"),
        ({"probabilities": [[0.5, 0.5]], "confusion": [[1.0]]}, r"confusion must be counts \[2, 2"),
        ({"probabilities": [[0.5, 0.5]], "confusion": np.ones((2, 2))}, "not invertible"),
    ],
)
def test_mismatched_arguments_are_rejected(asked: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        digit_coverage(**asked)  # type: ignore[arg-type]
