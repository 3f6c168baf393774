"""D that separates, or is at chance, by its loss alone: bounds that hold, and what is no sign."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.record import Expected
from gandiag.analysis.separation import d_at_chance, d_overpowering_by_loss

from .losses_alone import LENGTHS, LN2, NOISES, noise, record

SUM, MEAN = Expected(d_loss=2 * LN2, g_loss=LN2), Expected(d_loss=LN2, g_loss=LN2)


def falling(n, kind, start=2 * LN2, seed=0):
    at = np.arange(n) / n
    d_loss = start * np.exp(-at * 16 + np.r_[0, noise(kind, n, 0.1, seed)[1:]])
    return {"d_loss": d_loss, "g_loss": LN2 + 11 * at + noise(kind, n, 0.1, seed + 1)}


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize("expected", [None, SUM])
def test_a_loss_that_falls_to_nothing_is_found_since_it_passed_the_bound(n, kind, expected):
    losses = falling(n, kind)
    (found,) = d_overpowering_by_loss(record(expected, **losses))
    passed = 10 * int(np.flatnonzero(losses["d_loss"] > 0.0693)[-1])
    assert (found.kind, found.series, found.recovered) == ("d-overpowering", "d_loss", False)
    assert found.start == pytest.approx(passed, abs=max(60, n / 2))
    assert found.evidence["convention"] == ("sum" if expected is None else "known")
    assert found.severity > 0.95


@pytest.mark.parametrize(("expected", "bound"), [(SUM, 0.0693), (MEAN, 0.0347)])
def test_the_bound_is_that_of_five_percent_errors(expected, bound):
    for level, due in ((0.98 * bound, 1), (1.02 * bound, 0)):
        made = record(expected, d_loss=np.full(200, level), g_loss=np.full(200, 4.0))
        assert len(d_overpowering_by_loss(made)) == due


@pytest.mark.parametrize("share", [0.7, 0.9, 0.95, 0.99])
def test_the_accuracy_that_a_loss_guarantees_is_never_above_the_true_one(share):
    """Of scores of a D that is right on a share of the samples, cautiously or boldly."""
    rng = np.random.default_rng(0)
    for boldness in (0.1, 1.0, 10.0):
        right = rng.random(20_000) < share
        margin = np.where(right, 1, -1) * boldness * rng.exponential(size=20_000)
        entropy = float(np.logaddexp(0, -margin).mean())
        assert 1 - entropy / LN2 <= right.mean()


@pytest.mark.parametrize(("start", "convention"), [(1.39, "sum"), (0.69, "mean"), (0.0, "assumed")])
def test_how_the_loss_is_read_is_said(start, convention):
    losses = {"d_loss": np.r_[start, np.zeros(199)], "g_loss": 20 + noise("normal", 200, 1.0)}
    (found,) = d_overpowering_by_loss(record(**losses))
    assert (found.start, found.evidence["convention"]) == (0, convention)
    assert "exactly 0" in found.description
    assert ("assumed" in found.description) == (convention == "assumed")


def test_an_accuracy_that_was_recorded_decides():
    made = record(SUM, **falling(200, "normal"), d_accuracy=np.full(200, 0.6))
    assert d_overpowering_by_loss(made) == []


@pytest.mark.parametrize("kind", NOISES)
def test_small_losses_of_critics_and_unknown_games_are_no_sign(kind):
    n = 200
    critic = {"d_loss": -0.02 + noise(kind, n, 0.01), "g_loss": 3 + noise(kind, n, 0.1)}
    estimate = {"d_loss": np.abs(noise(kind, n, 5e-4)), "g_loss": 0.5 + noise(kind, n, 0.1)}
    squares = {"d_loss": 0.25 + noise(kind, n, 0.02), "g_loss": 0.13 + noise(kind, n, 0.01)}
    for losses in (critic, estimate, squares):
        assert d_overpowering_by_loss(record(**losses)) == []


def test_what_lasts_no_tenth_of_the_length_is_no_episode():
    at = np.arange(200)
    d_loss = np.where((at > 100) & (at < 115), 0.01, 1.2)
    assert d_overpowering_by_loss(record(SUM, d_loss=d_loss, g_loss=np.full(200, 5.0))) == []


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize(("d", "g"), [(2 * LN2, LN2), (LN2, LN2), (2 * LN2, -LN2)])
def test_losses_at_equilibrium_are_at_chance_without_a_measure_of_quality(n, kind, d, g):
    losses = {"d_loss": d + noise(kind, n, 0.02), "g_loss": g + noise(kind, n, 0.02, 1)}
    found = d_at_chance(record(**losses))[-1]
    assert (found.kind, found.recovered) == ("d-at-chance", False)
    assert found.evidence["d_loss"] == pytest.approx(d, abs=0.02)
    target = Expected(np.array([4.0]), np.array([0.5]))
    assert d_at_chance(record(target, **losses, wasserstein=np.full(n, 0.01))) == []


def test_losses_elsewhere_or_swinging_are_not_at_chance():
    at, n = np.arange(400), 400
    swing = 0.4 * np.sin(at / 5)
    for d, g in ((1.0, 1.2), (1.386 + swing, 0.693 - swing), (0.25, 0.125)):
        losses = {"d_loss": d + noise("normal", n, 0.01), "g_loss": g + noise("normal", n, 0.01, 1)}
        assert d_at_chance(record(**losses)) == []
    critic = {"d_loss": noise("normal", n, 0.1), "g_loss": noise("normal", n, 0.1, 1)}
    assert d_at_chance(record(Expected(d_loss=0.0), **critic)) == []
    assert d_at_chance(record(g_loss=critic["g_loss"])) == []
