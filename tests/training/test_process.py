"""When a training run failed, and for good."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.training import numpy_operations as ops
from gandiag.training.process import first_failure, loss_statistics, norm


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_the_first_iteration_with_something_that_is_not_finite_is_noted(broken: float) -> None:
    failed = np.full(3, -1, np.int32)
    weights, losses = np.ones((3, 4)), np.zeros((3, 1))
    weights[1, 2] = broken
    failed = first_failure(ops, failed, np.int32(5), [weights, losses])
    assert failed.tolist() == [-1, 5, -1]
    losses[2] = broken
    failed = first_failure(ops, failed, np.int32(6), [np.ones((3, 4)), losses])
    assert failed.tolist() == [-1, 5, 6]


def test_infinities_of_both_signs_do_not_cancel() -> None:
    weights = np.array([[np.inf, -np.inf]])
    with np.errstate(invalid="ignore"):
        assert first_failure(ops, np.array([-1]), np.array(3), [weights]).tolist() == [3]


def test_a_norm_is_euclid_s() -> None:
    assert norm(ops, np.array([[3.0, 4.0], [0.0, 2.0]])).tolist() == [5.0, 2.0]


def test_loss_statistics_are_named_for_the_player_and_exclude_other_state() -> None:
    held = {"weights": np.zeros(1), "loss_sum": np.ones(1), "l2_sum": np.ones(1), "steps": 0}
    assert loss_statistics(ops, held, "d").keys() == {"d_loss_sum", "d_l2_sum"}
