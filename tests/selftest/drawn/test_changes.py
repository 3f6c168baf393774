"""A generator is as wrong as its state says, by closed forms and by counting."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from gandiag.selftest.drawn import changes
from gandiag.selftest.drawn.cases import POPULATIONS
from gandiag.selftest.drawn.changes import Change
from gandiag.selftest.drawn.population import Samples

MANY = 20_000

Rng = np.random.Generator


@pytest.fixture
def rng() -> Rng:
    return np.random.default_rng(5)


def drawn(change: Change, rng: Rng, since: int = 1) -> Samples:
    return change.draw(rng, MANY, since)


def test_an_offset_of_normal_data_is_its_distance(rng: Rng) -> None:
    change = changes.offset(rng, POPULATIONS["normal"], 0.6)
    assert drawn(change, rng).mean() == pytest.approx(0.6, abs=0.03)
    assert (change.state.offset, change.state.distance) == (0.6, 0.6)
    assert change.state.lost < 0.02


def test_a_shift_of_a_uniform_distribution_loses_what_it_leaves(rng: Rng) -> None:
    # A robust standard deviation of U(0, 1) is .34134, and U(.17, 1.17) has left that part of it.
    state = changes.offset(rng, POPULATIONS["uniform"], 0.5).state
    assert state.lost == pytest.approx(0.5 * 0.34134, abs=0.01)
    assert state.misplaced == pytest.approx(0.5 * 0.34134, abs=0.01)


def test_a_shift_across_a_correlation_loses_what_normal_densities_say(rng: Rng) -> None:
    # Along the second axis of the ellipse the conditional standard deviation is sqrt(1 - rho^2),
    # and the ratio of the densities is below .05 where x < (delta^2 / 2 - ln 20) / delta.
    data = POPULATIONS["correlated plane"]
    delta = 0.6 / np.sqrt(1 - 0.95**2)
    expected = stats.norm.cdf((delta**2 / 2 - np.log(20)) / delta)
    assert changes.offset(rng, data, 0.6).state.lost == pytest.approx(expected, abs=0.04)


def test_another_width_has_the_mean_deviation_of_the_difference(rng: Rng) -> None:
    change = changes.width(rng, POPULATIONS["normal"], 0.5)
    assert drawn(change, rng).std() == pytest.approx(0.5, abs=0.02)
    assert change.state.distance == pytest.approx(0.5 * np.sqrt(2 / np.pi), abs=0.01)
    measured = stats.wasserstein_distance(
        drawn(change, rng)[:, 0], POPULATIONS["normal"].draw(rng, MANY)[:, 0]
    )
    assert measured == pytest.approx(change.state.distance, abs=0.03)


def test_lost_data_are_a_quantile_or_whole_parts(rng: Rng) -> None:
    change = changes.lost(rng, POPULATIONS["normal"], 0.2)
    assert drawn(change, rng).max() <= stats.norm.ppf(0.8) + 0.02
    parts = changes.lost(rng, POPULATIONS["grid of 25"], 0.3)
    seen = np.unique(drawn(parts, rng).round() // 2, axis=0)
    assert parts.state.lost == pytest.approx(1 - len(seen) / 25)
    assert parts.state.lost == pytest.approx(0.3, abs=0.021)


@pytest.mark.parametrize("name", ["uniform", "grid of 25", "two moons", "digits of 8 x 8"])
def test_misplaced_samples_lie_far_from_the_data(name: str, rng: Rng) -> None:
    data = POPULATIONS[name]
    assert data.junk is not None
    real = data.draw_real(rng, 500)

    def nearest(samples: Samples) -> Samples:
        away = np.linalg.norm(samples[:, None] - real[None], axis=2)
        return np.asarray(away.min(axis=1))

    own, off = nearest(data.draw(rng, 200)), nearest(data.junk(rng, 200))
    assert np.median(off) > np.quantile(own, 0.95)
    assert changes.misplaced(rng, data, 0.3).state.misplaced == 0.3


def test_repeated_samples_are_few(rng: Rng) -> None:
    change = changes.repeated(rng, POPULATIONS["t3"], 4.2)
    assert len(np.unique(drawn(change, rng))) == 4
    assert change.state.lost == 1


def test_a_swing_has_its_amplitude(rng: Rng) -> None:
    change = changes.swing(rng, POPULATIONS["normal"], 0.5)
    means = [drawn(change, rng, since).mean() for since in range(1, 25)]
    assert np.ptp(means) == pytest.approx(1.0, abs=0.12)


def test_scrambled_columns_have_no_correlation_and_leave_the_ellipse(rng: Rng) -> None:
    change = changes.scrambled(rng, POPULATIONS["correlated plane"], 1.0)
    assert abs(np.corrcoef(drawn(change, rng).T)[0, 1]) < 0.03
    assert 0.4 < change.state.misplaced < 0.7


def test_fixed_latents_give_the_same_samples(rng: Rng) -> None:
    change = changes.fixed(changes.none(rng, POPULATIONS["normal"], 0), rng, 50)
    first, last = change.draw(rng, 50, 1), change.draw(rng, 50, 9)
    assert 0 < np.abs(first - last).max() < 0.03


@pytest.mark.parametrize("make", [changes.none, changes.lost])
def test_changes_keep_the_number_and_the_columns(make: Callable[..., Change], rng: Rng) -> None:
    for name, data in POPULATIONS.items():
        samples = make(rng, data, 0.3).draw(rng, 60, 1)
        assert samples.shape == (60, data.size), name
        assert np.isfinite(samples).all(), name
