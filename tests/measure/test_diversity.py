"""The diversity of the images within a digit."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.digits import Prediction, load
from gandiag.measure.diversity import digit_diversity
from gandiag.metrics import Estimate

REAL = load().reference


def seen(taken: NDArray[np.intp], scale: float = 1.0, seed: int = 0) -> Prediction:
    """Predictions with normal features of the real variance, times a scale."""
    rng = np.random.default_rng(seed)
    deviations = scale * np.sqrt(REAL.variances[taken] / 64)[:, None]
    centres = rng.normal(size=(10, 64))
    return Prediction(
        np.eye(10)[taken], centres[taken] + deviations * rng.normal(size=(len(taken), 64))
    )


def of(taken: NDArray[np.intp], scale: float = 1.0, seed: int = 0) -> Estimate:
    return digit_diversity(seen(taken, scale, seed), REAL)


ALL = np.tile(np.arange(10), 100)


@pytest.mark.parametrize("scale", [0.0, 0.5, 1.0, 1.5])
def test_the_diversity_is_the_ratio_of_the_variances(scale: float) -> None:
    found = of(ALL, scale)
    assert found.value == pytest.approx(scale**2, abs=0.02)
    assert found.floor == pytest.approx(1.0)


def test_a_missing_digit_counts_as_0() -> None:
    some = ALL[ALL < 7]
    assert of(some).value == pytest.approx(0.7, abs=0.02)
    assert of(np.append(some, 9)).value == pytest.approx(0.7, abs=0.02)


def test_one_image_per_digit_has_no_diversity() -> None:
    found = seen(ALL)
    same = Prediction(found.probabilities, found.features[ALL])
    assert digit_diversity(same, REAL).value == pytest.approx(0.0, abs=1e-12)


def test_the_standard_error_equals_the_observed_scatter() -> None:
    found = [of(ALL[:300], seed=seed) for seed in range(300)]
    values, errors = (np.array([getattr(e, part) for e in found]) for part in ("value", "se"))
    assert errors.mean() == pytest.approx(values.std(), rel=0.15)
    assert values.mean() == pytest.approx(1.0, abs=4 * values.std() / np.sqrt(300))


def test_the_floor_allows_for_digits_with_fewer_than_two_samples() -> None:
    rng = np.random.default_rng(0)
    drawn = rng.choice(10, size=(400, 12), p=REAL.frequencies)
    values = [of(taken, seed=k).value for k, taken in enumerate(drawn)]
    floor = of(drawn[0]).floor
    assert floor is not None
    assert floor < 0.5
    assert np.mean(values) == pytest.approx(floor, abs=4 * np.std(values) / 20)


def test_a_non_finite_sample_makes_it_nan() -> None:
    found = seen(ALL)
    found.features[3] = found.probabilities[3] = np.nan
    assert np.isnan(digit_diversity(found, REAL).value)
