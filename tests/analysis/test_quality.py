"""How good samples are: which distance is taken, in which unit, and above which floor."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.quality import quality, scale
from gandiag.analysis.record import Expected, Record

NAN = np.nan
LINE = Expected(np.array([4.0]), np.array([0.5]))
PLANE = Expected(np.zeros(2), np.array([3.0, 4.0]))
MODES = Expected(modes=("a", "b"), shares=np.full(2, 0.5), share_column="mode_share")


def record(expected=LINE, n=4, **columns):
    made = {name: np.broadcast_to(np.array(v, float), n).copy() for name, v in columns.items()}
    return Record(np.arange(n), made, expected)


def test_on_the_line_it_is_wasserstein_in_standard_deviations_without_the_floor():
    found = quality(record(wasserstein=[1.0, 0.5, 0.05, 0.1], wasserstein_floor=0.1, mean=0))
    assert found.column == "wasserstein"
    np.testing.assert_allclose(found.values, [2, 1, 0.1, 0.2])
    # The floor adds in squares: √(2² - .2²), √(1 - .2²), and nothing below it.
    np.testing.assert_allclose(found.excess, [np.sqrt(3.96), np.sqrt(0.96), 0, 0])
    assert "standard deviation" in found.unit


def test_errors_and_floors_have_the_unit_of_the_distance():
    found = quality(record(wasserstein=1.0, wasserstein_se=0.05, wasserstein_floor=0.1))
    np.testing.assert_allclose(found.se, 0.1)
    np.testing.assert_allclose(found.floor, 0.2)


def test_a_floor_that_is_missing_counts_as_none():
    found = quality(record(wasserstein=1.0, wasserstein_floor=[NAN, 0.1, 0.1, 0.1]))
    np.testing.assert_allclose(found.floor, [0, 0.2, 0.2, 0.2])


def test_the_unit_in_space_is_the_root_mean_square_of_the_standard_deviations():
    assert scale(record(PLANE)) == pytest.approx(np.sqrt(12.5))
    found = quality(record(PLANE, sliced_wasserstein=np.sqrt(12.5)))
    np.testing.assert_allclose(found.values, 1)


def test_the_unit_of_a_point_is_the_first_distance():
    point = Expected(np.zeros(1), np.zeros(1))
    found = quality(record(point, wasserstein=[NAN, 0.2, 0.1, 0.4]))
    np.testing.assert_allclose(found.values, [NAN, 1, 0.5, 2])
    np.testing.assert_allclose(quality(record(point, wasserstein=[0, 1, 2, 3])).values, range(4))


def test_images_have_the_spread_of_the_data_as_unit():
    found = quality(record(Expected(spread=0.25), sliced_wasserstein=0.5))
    np.testing.assert_allclose(found.values, 2)


def test_a_distance_without_a_unit_is_none():
    assert quality(record(Expected(), wasserstein=0.5)) is None


def test_moments_replace_a_distance():
    """The mean off by a third of σ is as far as is good."""
    found = quality(record(mean=4 + 0.5 / 3, std=0.5))
    np.testing.assert_allclose(found.values, 1 / 3)
    assert found.good == pytest.approx(1 / 3)
    np.testing.assert_allclose(quality(record(mean=4, std=0.7)).values, 0.4)


def test_incomplete_moments_replace_nothing():
    assert quality(record(mean=4)) is None
    assert quality(record(mean=4, std=NAN)) is None
    half = {"mean_0": 0, "mean_1": 0, "std_0": 3}
    assert quality(record(PLANE, **half)) is None
    assert quality(record(PLANE, **half, std_1=4)) is not None


def test_of_digits_it_is_what_the_score_lacks():
    score = {"classifier_score": [1.0, 5.5, 10.0, 9.1], "classifier_score_floor": 10.0}
    found = quality(record(Expected(), **score))
    np.testing.assert_allclose(found.values, [1, 0.5, 0, 0.1])
    assert quality(record(Expected(), classifier_score=5.0)) is None


def test_of_classes_it_is_the_divergence_of_their_shares():
    found = quality(record(MODES, reverse_kl=np.log(2), reverse_kl_floor=0.01))
    np.testing.assert_allclose(found.excess, np.log(2) - 0.01)


def test_the_first_that_is_there_is_taken():
    columns = {"sliced_wasserstein": 1.0, "mean": 4.0, "std": 0.5, "reverse_kl": 0.1}
    assert quality(record(**columns)).column == "sliced_wasserstein"
    assert quality(record(wasserstein=NAN, **columns)).column == "sliced_wasserstein"
    assert quality(record(wasserstein=1.0, **columns)).column == "wasserstein"


@pytest.mark.parametrize("n", [0, 1, 2])
def test_an_empty_record_has_no_quality(n):
    assert quality(record(n=n)) is None
    assert quality(record(n=n, wasserstein=NAN)) is None
