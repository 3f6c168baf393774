"""Losses that only grow are found; settling, wandering and turning ones are not."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.loss_runaway import loss_runaways
from gandiag.analysis.record import Expected

from .losses_alone import LENGTHS, LN2, NOISES, noise, record

SHAPES = {
    "line": lambda at: at,
    "exponential": lambda at: np.expm1(5 * at) / np.expm1(5),
    "root": lambda at: np.sqrt(at),
}


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_critic_that_runs_away_is_found(n, kind, shape):
    grown = SHAPES[shape](np.arange(n) / n)
    losses = {"d_loss": -1 - 179 * grown + noise(kind, n, 0.5), "g_loss": noise(kind, n, 1.0, 1)}
    (found,) = loss_runaways(record(**losses))
    assert (found.kind, found.series, found.first) == ("loss-runaway", "d_loss", "d")
    assert found.evidence["to"] == pytest.approx(-180, rel=0.25)
    assert "so G may help D" not in found.description


@pytest.mark.parametrize("n", LENGTHS)
def test_a_generator_that_loses_more_and_more_is_found(n):
    at = np.arange(n) / n
    losses = {"d_loss": 2 * LN2 * np.exp(-16 * at),
              "g_loss": LN2 + 11 * at + noise("normal", n, 0.2)}  # fmt: skip
    (found,) = loss_runaways(record(**losses))
    assert (found.series, found.first) == ("g_loss", "g")


def test_a_generator_that_helps_its_critic_is_named():
    at = np.arange(200) / 200
    losses = {"d_loss": -1 - 100 * at + noise("normal", 200, 0.5),
              "g_loss": -50 * at + noise("normal", 200, 0.5, 1)}  # fmt: skip
    (found,) = loss_runaways(record(**losses))
    assert "so G may help D" in found.description


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("kind", NOISES)
def test_settling_and_stationary_losses_do_not_run_away(n, kind):
    at = np.arange(n) / n
    settling = -0.2 - 5 * np.exp(-10 * at) + noise(kind, n, 0.05)
    rising = 0.7 + 1.5 * at + noise(kind, n, 0.05)  # as in good image GANs
    for d, g in ((settling, noise(kind, n, 3.0)), (1.3 + noise(kind, n, 0.1), rising)):
        assert loss_runaways(record(d_loss=d, g_loss=g)) == []


def test_random_walks_rarely_run_away():
    walks = [np.random.default_rng(k).normal(size=300).cumsum() for k in range(300)]
    found = sum(bool(loss_runaways(record(d_loss=walk))) for walk in walks)
    assert found <= 12


def test_a_score_of_g_may_drift_and_good_samples_excuse_all():
    at = np.arange(200) / 200
    drift = {"d_loss": -0.3 + noise("normal", 200, 0.05), "g_loss": -50 * at}
    assert loss_runaways(record(Expected(d_loss=0.0), **drift)) == []
    away = {"d_loss": -1 - 100 * at, "g_loss": np.zeros(200)}
    target = Expected(np.array([4.0]), np.array([0.5]))
    assert loss_runaways(record(target, **away, wasserstein=np.full(200, 0.02))) == []
    assert len(loss_runaways(record(target, **away, wasserstein=np.full(200, 2.0)))) == 1
