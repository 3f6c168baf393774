"""The variance of features within a class."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.digits import class_variances


def test_the_variance_is_the_trace_of_the_covariance_within_the_class() -> None:
    rng = np.random.default_rng(0)
    features, taken = rng.normal(size=(300, 5)), rng.integers(3, size=300)
    found, _ = class_variances(features, taken, 3)
    expected = [np.trace(np.cov(features[taken == k].T)) for k in range(3)]
    assert found == pytest.approx(expected, rel=1e-12)


def test_the_class_means_do_not_matter() -> None:
    rng = np.random.default_rng(1)
    features, taken = rng.normal(size=(200, 2)), np.repeat([0, 1], 100)
    apart = features + 50.0 * taken[:, None]
    assert class_variances(apart, taken, 2)[0] == pytest.approx(
        class_variances(features, taken, 2)[0]
    )


@pytest.mark.parametrize("count", [0, 1])
def test_a_class_of_fewer_than_two_samples_has_variance_0(count: int) -> None:
    features = np.ones((4 + count, 3))
    taken = np.repeat([0, 1], [4, count])
    assert class_variances(features, taken, 2)[0].tolist() == [0.0, 0.0]


def test_the_standard_error_equals_the_observed_scatter() -> None:
    rng = np.random.default_rng(2)
    taken = np.zeros(150, np.intp)
    found = [class_variances(rng.normal(size=(150, 4)) ** 3, taken, 1) for _ in range(400)]
    values, errors = np.array(found)[..., 0].T
    assert errors.mean() == pytest.approx(values.std(), rel=0.15)
