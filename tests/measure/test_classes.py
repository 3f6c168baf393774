"""Generated samples by class: shares against counting, and classifiers that return nonsense."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.measure.classes import Classes, classes_of


def test_shares_are_counts_and_their_floor_is_the_datas():
    shares = np.array([0.5, 0.3, 0.2])
    found = Classes(lambda x: x[:, 0], shares)(np.array([[0.0], [0.0], [2.0], [1.0]]))
    assert found["class_share"].value.tolist() == [0.5, 0.25, 0.25]
    assert found["class_share"].floor.tolist() == shares.tolist()
    kl = 0.25 * np.log(0.25 / 0.3) + 0.25 * np.log(0.25 / 0.2)
    assert found["class_kl"].value == pytest.approx(kl)


def test_of_many_classes_those_found_are_counted():
    found = Classes(lambda x: np.arange(50) * 2, np.full(200, 1 / 200))(np.zeros((50, 2)))
    assert (found["modes"].value, found["modes_known"].value) == (50, 200)
    assert found["modes"].floor == pytest.approx(200 * (1 - (1 - 1 / 200) ** 50))


def test_samples_that_are_not_finite_are_not_classified():
    def never(samples):
        raise AssertionError

    found = Classes(never, np.array([0.5, 0.5]))(np.full((4, 2), np.nan))
    assert np.isnan(found["class_share"].value).all()
    assert np.isnan(found["class_kl"].value)


def test_a_classifier_cannot_change_the_samples():
    samples = np.ones((3, 2))
    assert classes_of(lambda x: x.__imul__(0)[:, 0], samples).tolist() == [0, 0, 0]
    assert samples.min() == 1


@pytest.mark.parametrize("answer", [[0, 1], [0.5] * 3, [-1] * 3, [[[0]] * 2] * 3])
def test_what_is_no_class_of_every_sample_is_refused(answer):
    with pytest.raises(ValueError, match="class of every sample"):
        classes_of(lambda x: np.array(answer), np.zeros((3, 2)))
