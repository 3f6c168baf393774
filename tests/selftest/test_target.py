"""The data of simulated runs: modes and expected values."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.selftest.target import MODE_STD, Target


def test_the_expected_std_of_modes_is_that_of_samples_from_the_mixture() -> None:
    target = Target("modes", "gan", scale=3.0, centre=-7.0, modes=25)
    rng = np.random.default_rng(0)
    points = target.centres[rng.integers(0, 25, 100_000)]
    samples = -7.0 + 3.0 * (points + MODE_STD * rng.standard_normal(points.shape))
    assert target.expected.mean == pytest.approx(samples.mean(axis=0), abs=0.05)
    assert target.expected.std == pytest.approx(samples.std(axis=0), rel=0.01)
    assert target.expected.modes == tuple(map(str, range(25)))


@pytest.mark.parametrize(
    ("game", "d_loss", "g_loss"),
    [("gan", 2 * np.log(2), np.log(2)), ("scaled", np.log(2), np.log(2)), ("wasserstein", 0, None)],
)
def test_the_expected_losses_are_those_of_a_d_that_answers_one_half(
    game: str, d_loss: float, g_loss: float | None
) -> None:
    expected = Target("features", game, scale=2.0, centre=0.0).expected
    assert expected.spread == 2.0
    assert (expected.d_loss, expected.g_loss) == (pytest.approx(d_loss), pytest.approx(g_loss))
