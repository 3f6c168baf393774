"""Spikes of the losses: planted ones are found, and what only looks like one is not."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.record import Record
from gandiag.analysis.spikes import loss_spikes


def noise(rng, n, memory=0.0):
    shocks = rng.normal(size=n) * np.sqrt(1 - memory**2)
    values = np.empty(n)
    values[0] = rng.normal()
    for k in range(1, n):
        values[k] = memory * values[k - 1] + shocks[k]
    return values


def record(d_loss, g_loss=None, cadence=10, planned=None):
    columns = {"d_loss": d_loss} | ({} if g_loss is None else {"g_loss": g_loss})
    iteration = np.arange(len(d_loss)) * cadence
    return Record(iteration, columns, planned=planned)


def spike(n, at, times, decay):
    x = np.arange(n) - at
    return np.where(x >= 0, (times - 1) * np.exp(-np.maximum(x, 0) / decay), 0.0)


@pytest.mark.parametrize("n", [60, 200, 2000])
@pytest.mark.parametrize("level", [1e-3, 0.69, 1e3])
def test_a_threefold_spike_is_found_where_it_is(n, level):
    rng = np.random.default_rng(1)
    at = n // 2
    loss = level * (1 + 0.05 * noise(rng, n, 0.8)) * (1 + spike(n, at, 3, 5))
    (found,) = loss_spikes(record(np.ones(n), loss))
    assert found.kind == "loss-spike"
    assert found.series == "g_loss"
    assert (found.start, found.peak) == (10 * at, 10 * at)
    assert found.severity == pytest.approx(3, rel=0.25)
    assert found.recovered
    assert found.start < found.end <= 10 * (at + 25)
    assert f"iteration {found.peak:,}" in found.sentence


def test_nearly_all_planted_spikes_are_found():
    rng = np.random.default_rng(2)
    found = 0
    for k in range(100):
        n = (100, 400)[k % 2]
        loss = 0.69 * np.exp(0.05 * noise(rng, n, 0.9)) * (1 + spike(n, n // 2, 3, 5))
        found += bool(loss_spikes(record(loss)))
    assert found >= 98


@pytest.mark.parametrize("memory", [0.0, 0.8, 0.95])
def test_healthy_noise_has_hardly_a_spike(memory):
    rng = np.random.default_rng(3)
    lengths = [60, 100, 200, 500] * 20
    records = [record(0.69 * np.exp(0.2 * noise(rng, n, memory))) for n in lengths]
    assert sum(bool(loss_spikes(r)) for r in records) <= 1


def test_heavy_tails_are_no_spikes():
    rng = np.random.default_rng(4)
    records = [record(1 + 0.05 * rng.standard_t(3, 2000)) for _ in range(60)]
    assert sum(bool(loss_spikes(r)) for r in records) <= 1


def test_a_step_to_another_level_is_no_spike():
    rng = np.random.default_rng(5)
    loss = np.where(np.arange(400) < 200, 0.1, 0.69) * np.exp(0.03 * rng.normal(size=400))
    assert loss_spikes(record(loss)) == []
    assert loss_spikes(record(loss).prefix(2050)) == []


def test_a_tremor_of_a_settled_loss_is_no_spike():
    rng = np.random.default_rng(6)
    loss = np.log(2) + 1e-6 * rng.normal(size=400)
    loss[200:206] += 1e-3
    assert loss_spikes(record(loss)) == []


def test_an_initial_transient_is_no_spike():
    x = np.arange(300) / 300
    rng = np.random.default_rng(7)
    loss = 0.69 * np.exp(3 * np.exp(-x / 0.05)) * (1 + 0.02 * rng.normal(size=300))
    assert loss_spikes(record(loss)) == []


def test_losses_that_are_not_positive_have_spikes_too():
    rng = np.random.default_rng(8)
    loss = -0.5 + 0.1 * rng.normal(size=300)
    loss[150:160] = 30.0
    (found,) = loss_spikes(record(loss))
    assert (found.start, found.recovered) == (1500, True)
    assert found.severity == pytest.approx(30.5 / 0.5, rel=0.05)
    assert "times its usual magnitude" in found.sentence


def test_two_spikes_a_few_log_points_apart_are_one():
    loss = np.full(300, 0.7)
    loss[150:154] = loss[160:164] = 7.0
    assert len(loss_spikes(record(loss))) == 1
    loss[200:204] = 7.0
    assert [found.start for found in loss_spikes(record(loss))] == [1500, 2000]


def test_a_spike_that_comes_half_way_down_has_not_recovered():
    loss = np.full(300, 0.7)
    loss[150:155], loss[155:] = 7.0, 1.2
    (found,) = loss_spikes(record(loss))
    assert not found.recovered
    assert found.end == 2990


def test_what_comes_later_changes_no_spike_that_was_found():
    loss = np.full(300, 0.7)
    loss[150:154] = 7.0
    before = loss_spikes(record(loss, planned=2990).prefix(1800))
    assert before == loss_spikes(record(loss, planned=2990))


def test_gaps_do_not_hide_a_spike():
    rng = np.random.default_rng(9)
    loss = np.exp(0.02 * rng.normal(size=300)) * (1 + spike(300, 150, 5, 8))
    loss[rng.choice(300, 60, replace=False)] = np.nan
    assert len(loss_spikes(record(loss))) == 1


@pytest.mark.parametrize(
    "loss",
    [np.empty(0), np.ones(1), np.ones(3), np.ones(200), np.full(200, np.nan), np.zeros(200)],
)
def test_where_there_is_nothing_to_see_there_is_no_spike(loss):
    assert loss_spikes(record(loss)) == []
    assert loss_spikes(Record(np.arange(len(loss)), {})) == []


def test_the_resolution_is_that_of_the_window():
    loss = np.full(300, 0.7)
    loss[150:154] = 7.0
    (found,) = loss_spikes(record(loss))
    assert (found.resolution.shortest, found.resolution.longest) == (30, 600)


@pytest.mark.parametrize("tau", [12, 30, 80])
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03])
def test_a_spike_with_a_long_tail_is_over_where_it_is_back(tau, noise):
    x = np.arange(2000)
    tail = 300 * np.where(x >= 700, np.exp(-(x - 700) / tau), 0)
    loss = (1 + noise * np.random.default_rng(3).laplace(size=2000)) * (1 + tail)
    (found,) = loss_spikes(Record(x, {"d_loss": loss}, planned=2000))
    assert found.start == 700
    assert found.recovered
    assert found.end - 700 == pytest.approx(tau * 9.3, rel=0.25)
    assert "came back" in found.sentence


def test_a_level_that_stays_up_and_falls_later_is_no_spike():
    x = np.arange(2000)
    loss = np.where((x >= 700) & (x < 1200), 5.0, 1.0) * (1 + 0.01 * np.sin(x * x))
    assert loss_spikes(Record(x, {"g_loss": loss}, planned=2000)) == []
