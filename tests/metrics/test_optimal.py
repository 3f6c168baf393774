"""The losses and the accuracy of an optimal discriminator."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.metrics import (
    Estimate,
    jensen_shannon,
    optimal_accuracy,
    optimal_d_loss,
    optimal_g_loss,
    total_variation,
)

EVEN = np.full(8, 1 / 8)
UNEVEN = np.array([0.4, 0.3, 0.2, 0.06, 0.0125, 0.0125, 0.0075, 0.0075])


def test_the_loss_of_d_equals_that_of_the_optimal_answers() -> None:
    counts, distribution = np.array([10, 50, 40]), np.array([0.3, 0.3, 0.4])
    share = counts / 100
    answer = distribution / (distribution + share)
    loss = -(distribution @ np.log(answer)) - share @ np.log(1 - answer)
    found = optimal_d_loss(divergence=jensen_shannon(real=distribution, fake=counts))
    assert found.value == pytest.approx(loss)
    g_loss = optimal_g_loss(real=distribution, fake=counts)
    assert g_loss.value == pytest.approx(-(share @ np.log(answer)))


def test_errors_floors_and_intervals_are_transformed() -> None:
    given = Estimate(0.2, 0.01, 0.05, 100, (0.18, 0.22))
    loss, accuracy = optimal_d_loss(divergence=given), optimal_accuracy(variation=given)
    assert (loss.se, accuracy.se) == (0.02, 0.005)
    assert loss.floor == pytest.approx(2 * math.log(2) - 0.1)
    assert loss.interval == pytest.approx((2 * math.log(2) - 0.44, 2 * math.log(2) - 0.36))
    assert accuracy.interval == pytest.approx((0.59, 0.61))
    bare = optimal_accuracy(variation=Estimate(0.2))
    assert (bare.value, bare.se, bare.floor, bare.interval) == (0.6, None, None, None)


def test_a_larger_divergence_gives_a_smaller_loss_and_a_higher_accuracy() -> None:
    lost = [np.where(np.arange(8) < k, 100, 0) for k in range(1, 9)]
    losses = [optimal_d_loss(divergence=jensen_shannon(fake=c)).value for c in lost]
    moved = [total_variation(previous=[100] * 8, current=c) for c in lost]
    accuracies = [optimal_accuracy(variation=tv).value for tv in moved]
    assert losses == sorted(losses)
    assert accuracies == sorted(accuracies, reverse=True)
    assert (losses[-1], accuracies[-1]) == (pytest.approx(2 * math.log(2)), 0.5)


def test_the_floor_of_gs_loss_matches_simulation() -> None:
    rng = np.random.default_rng(1)
    found = [optimal_g_loss(fake=rng.multinomial(300, EVEN)) for _ in range(2000)]
    above = found[0].floor - math.log(2)
    assert above == pytest.approx(3 * 7 / 2400)
    assert np.mean([f.value for f in found]) - math.log(2) == pytest.approx(above, rel=0.06)


def test_the_standard_error_of_gs_loss_matches_simulation() -> None:
    rng = np.random.default_rng(2)
    found = [optimal_g_loss(fake=rng.multinomial(1000, UNEVEN)) for _ in range(1500)]
    observed = np.std([f.value for f in found])
    assert np.mean([f.se for f in found]) == pytest.approx(observed, rel=0.1)


def test_nan_counts_give_nan() -> None:
    assert math.isnan(optimal_g_loss(fake=[0, 0]).value)
    nan = jensen_shannon(fake=[np.nan, 1.0])
    assert math.isnan(optimal_d_loss(divergence=nan).value)
