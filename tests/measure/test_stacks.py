"""Stacked MNIST and its thousand modes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data import Mnist, StackedMnist
from gandiag.digits import load
from gandiag.measure import measure
from gandiag.measure.stacks import _divergence_of_real, _mode_probabilities
from gandiag.metrics import kullback_leibler

Images = NDArray[np.float32]


@pytest.fixture(scope="module")
def data(mnist: Mnist) -> StackedMnist:
    return StackedMnist(kind="stacked-mnist", digits=mnist.digits)


def test_the_mode_number_is_spelled_by_the_channels(
    stage: Any, data: StackedMnist, by_digit: list[Images]
) -> None:
    sure = [own[(load().probabilities(own)[:, k] > 0.99)][:40] for k, own in enumerate(by_digit)]
    spelled = [np.concatenate([sure[k].T for k in digits]) for digits in ((3, 1, 4), (3, 4, 1))]
    both = np.concatenate([spelled[0][:, :20], spelled[1][:, :20]], axis=1)
    rows = measure(stage.of(data), stage.sees(np.stack([spelled[0], both])))
    assert [row["modes"] for row in rows] == [1, 2]
    assert [row["reverse_kl"] for row in rows] == pytest.approx([np.log(1000), np.log(500)])
    assert "classifier_score" not in rows[0]
    assert "digit_kl" not in rows[0]


def test_real_stacks_are_near_the_floors(stage: Any, data: StackedMnist) -> None:
    (row,) = measure(stage.of(data), stage.sees(stage.drawn(data, 1, 1500)))
    assert abs(row["modes"] - row["modes_floor"]) < 4 * row["modes_se"]
    # These digits are equally frequent and MNIST's are not: .0043 of the floor.
    assert row["reverse_kl"] == pytest.approx(row["reverse_kl_floor"], abs=5 * row["reverse_kl_se"])


@pytest.mark.parametrize("n", [2, 100, 1000, 26_000])
def test_the_floor_of_the_divergence_equals_a_simulation(n: int) -> None:
    rng = np.random.default_rng(n)
    read = [
        kullback_leibler(counts=c).value for c in rng.multinomial(n, _mode_probabilities(), size=40)
    ]
    error = np.std(read) / np.sqrt(40)
    assert _divergence_of_real(n) == pytest.approx(np.mean(read), abs=4 * error + 0.002)


def test_the_floor_at_26000_samples_equals_the_simulated_one() -> None:
    # .0237 with a standard deviation of .0011, from MNIST's own labels.
    assert _divergence_of_real(26_000) == pytest.approx(0.0237, abs=0.0006)
    assert _mode_probabilities().sum() == pytest.approx(1.0)


def test_the_mode_distribution_is_the_product_of_three_digit_distributions() -> None:
    q = _mode_probabilities().reshape(10, 10, 10)
    assert q.sum(axis=(1, 2)) == pytest.approx(q.sum(axis=(0, 1)))
    assert q.sum(axis=(1, 2)) == pytest.approx(load().reference.frequencies, abs=2e-3)
