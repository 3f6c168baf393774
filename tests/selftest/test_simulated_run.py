"""The true state of a simulated run: distances and shares in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gandiag.selftest.healthy import healthy_run
from gandiag.selftest.noise import Noise
from gandiag.selftest.simulated_run import SimulatedRun, normal_distance


def a_run(family: str = "line", length: int = 200, seed: int = 0) -> SimulatedRun:
    return healthy_run(np.random.default_rng(seed), family, Noise(0.5, False), length)  # type: ignore[arg-type]


def test_wasserstein_of_a_shifted_normal_equals_the_shift() -> None:
    assert normal_distance(np.array([-2.0, 0.5]), np.ones(2)) == pytest.approx([2.0, 0.5])


def test_wasserstein_of_a_rescaled_normal_is_the_mean_absolute_deviation() -> None:
    distance = normal_distance(np.zeros(2), np.array([0.0, 3.0]))
    assert distance == pytest.approx(np.sqrt(2 / np.pi) * np.array([1.0, 2.0]))


@pytest.mark.parametrize(("offset", "ratio"), [(0.3, 0.5), (-1.0, 0.01), (2.0, 1.8)])
def test_wasserstein_is_the_mean_difference_of_quantiles(offset: float, ratio: float) -> None:
    at = (np.arange(200_000) + 0.5) / 200_000
    expected = np.abs(stats.norm(offset, ratio).ppf(at) - stats.norm.ppf(at)).mean()
    assert normal_distance(np.array([offset]), np.array([ratio])) == pytest.approx(
        expected, rel=1e-3
    )


def test_a_ramp_rises_from_0_to_1_within_its_part_of_the_length() -> None:
    ramp = a_run().ramp(100, 0.05)
    assert (ramp[:101] == 0).all()
    assert ramp[105] == pytest.approx(0.5)
    assert (ramp[110:] == 1).all()
    assert a_run().ramp(100, 0.0)[101] == 1


def test_shares_sum_to_1_and_centres_have_mean_0_and_std_1() -> None:
    for seed in range(12):
        run = a_run("modes", seed=seed)
        assert run.shares.sum(axis=1) == pytest.approx(np.ones(len(run)))
        centres = run.target.centres
        assert len(np.unique(np.round(centres, 9), axis=0)) == run.target.modes
        assert centres.mean(axis=0) == pytest.approx([0.0, 0.0], abs=1e-12)
        assert centres.std(axis=0) == pytest.approx([1.0, 1.0])
