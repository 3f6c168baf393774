"""Oscillations of samples and losses, and what looks like them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.analysis.oscillation import is_growing, oscillation_limits, oscillations
from gandiag.analysis.record import Expected, Record

LINE = Expected(np.array([4.0]), np.array([0.5]))


def run_of(mean, std=None, planned=None, cadence=10):
    n = len(mean)
    columns = {"mean": mean, "std": np.full(n, 0.5) if std is None else std}
    return Record(np.arange(n) * cadence, columns, LINE, planned)


def test_an_oscillating_mean_has_its_period_in_iterations():
    x = np.arange(300)
    (found,) = oscillations(run_of(4 + 0.5 * np.sin(2 * np.pi * x / 30)))
    assert (found.kind, found.first, found.series, found.recovered) == (
        "oscillation", "samples", "mean", False,
    )  # fmt: skip
    assert found.evidence["period"] == pytest.approx(300, rel=0.01)
    assert found.evidence["amplitude"] == pytest.approx(0.5, rel=0.05)
    assert found.severity == pytest.approx(1, rel=0.05)
    assert not is_growing(found)


def test_it_begins_where_the_swing_does():
    x = np.arange(400)
    mean = 4 + np.where(x < 200, 0, 0.5 * np.sin(2 * np.pi * x / 25))
    (found,) = oscillations(run_of(mean))
    assert found.start == pytest.approx(2000, abs=250)
    assert found.end == 3990


def test_a_small_amplitude_is_no_oscillation():
    x = np.arange(300)
    assert oscillations(run_of(4 + 0.06 * np.sin(2 * np.pi * x / 30))) == []


def test_an_oscillation_that_has_ended_is_none():
    x = np.arange(400)
    mean = 4 + np.where(x < 200, 0.5 * np.sin(2 * np.pi * x / 25), 0)
    assert oscillations(run_of(mean)) == []


def test_an_oscillating_loss_belongs_to_its_player():
    x = np.arange(300)
    loss = 0.7 + 0.3 * np.sin(2 * np.pi * x / 30)
    found = oscillations(Record(x, {"g_loss": loss, "d_loss": np.full(300, 1.4)}))
    assert [(each.first, each.series) for each in found] == [("g", "g_loss")]


def test_a_width_can_oscillate_without_its_mean():
    x = np.arange(300)
    width = 0.5 * np.exp(0.6 * np.sin(2 * np.pi * x / 30))
    found = oscillations(run_of(np.full(300, 4.0), width))
    assert {each.first for each in found} == {"samples"}
    assert found[0].evidence["period"] == pytest.approx(300, rel=0.02)


def test_samples_whose_width_was_not_recorded_swing_as_well():
    x = np.arange(300)
    mean = 4 + 0.5 * np.sin(2 * np.pi * x / 30)
    (found,) = oscillations(Record(x, {"mean": mean}, LINE))
    assert found.series == "mean"


def test_an_expanding_game_grows(dirac):
    episodes = oscillations(dirac("wgan", "simultaneous", 251))
    (found,) = [each for each in episodes if each.first == "samples"]
    assert is_growing(found)
    assert "growing" in found.sentence


def sampled(rng, n, law, points=80, swing=0.0):
    """What is measured of n samples at each log point, with its errors."""
    draws = law(rng, (points, n)) + swing * np.sin(2 * np.pi * np.arange(points) / 11)[:, None]
    std = draws.std(1)
    columns = {"mean": draws.mean(1), "mean_se": std / np.sqrt(n)}
    columns |= {"std": std, "std_se": std / np.sqrt(2 * n)}
    target = Expected(np.zeros(1), np.ones(1))
    return Record(25 * np.arange(points), columns, target, planned=25 * points)


LAWS = {
    "uniform": lambda rng, size: rng.uniform(-(3**0.5), 3**0.5, size),
    "gamma": lambda rng, size: rng.gamma(0.5, size=size) * 2**0.5 - 0.5**0.5,
    "laplace": lambda rng, size: rng.laplace(scale=0.5**0.5, size=size),
}


@pytest.mark.parametrize("law", list(LAWS))
@pytest.mark.parametrize("n", [20, 60])
def test_few_samples_do_not_oscillate_at_any_peek(law, n):
    alarms = 0
    for seed in range(15):
        run = sampled(np.random.default_rng(seed), n, LAWS[law])
        alarms += any(oscillations(run.prefix(25 * k)) for k in range(16, 80, 4))
    assert alarms == 0


def test_few_samples_do_not_hide_a_wide_oscillation():
    for seed in range(10):
        run = sampled(np.random.default_rng(seed), 60, LAWS["laplace"], swing=0.8)
        (found,) = (each for each in oscillations(run) if each.series == "mean")
        assert found.evidence["period"] == pytest.approx(11 * 25, rel=0.05)
        assert found.evidence["cycles"] >= 2.5


def test_what_cannot_be_seen_is_said():
    x = np.arange(300)
    limits = oscillation_limits(run_of(4 + 0.01 * np.sin(x), planned=2990))
    assert limits.shortest == pytest.approx(40)
    assert limits.longest == pytest.approx(0.6 * 2990 / 3, rel=0.02)
    assert not limits.reason
    few = oscillation_limits(run_of(np.full(20, 4.0)))
    assert math.isnan(few.shortest)
    assert math.isnan(few.longest)
    assert few.reason == "20 of the 24 log points that cycles need"
    assert oscillation_limits(Record(np.arange(50), {})).reason.startswith("0 of")


def test_a_few_log_points_after_a_gap_are_no_cycle():
    x = np.arange(100)
    run = run_of(4 + 0.5 * np.sin(2 * np.pi * x / 12))
    resumed = Record(np.r_[run.iteration[:90], run.iteration[90:] + 5000], run.columns, LINE)
    assert oscillations(run)
    assert not oscillations(resumed)
    assert oscillation_limits(resumed).reason.startswith("10 of")
