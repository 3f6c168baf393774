"""Windows in which loss and quality part, planted and absent."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.signal import lfilter

from gandiag.analysis.divergence import divergence, losses, score, windows
from gandiag.analysis.record import Expected, Record

NORMAL = Expected(mean=np.zeros(1), std=np.ones(1))


def noise(memory: float, n: int, seed: int) -> np.ndarray:
    """One AR(1) series of variance 1."""
    shocks = np.random.default_rng(seed).normal(size=n + 300)
    return lfilter([1], [1, -memory], shocks)[300:] * np.sqrt(1 - memory**2)


def record(loss: np.ndarray, distance: np.ndarray, **more: object) -> Record:
    columns = {"g_loss": loss, "wasserstein": distance}
    return Record(10 * np.arange(len(loss)), columns, NORMAL, **more)


def planted(memory: float, seed: int, size: float = 3.0) -> Record:
    """The loss falls throughout; the samples get worse in [200, 320) of 400 log points."""
    t = np.arange(400)
    course = np.interp(t, [0, 200, 320, 400], [1, 0, 1, 0.3])
    loss = noise(memory, 400, seed) - size * t / 120
    return record(loss, 4 + noise(memory, 400, seed + 10_000) + size * course)


def overlap(found: Record) -> float:
    """Intersection over union of what is marked and what was planted."""
    t, truth = np.arange(400), (np.arange(400) >= 200) & (np.arange(400) < 320)
    marked = np.zeros(400, bool)
    for each in windows(found):
        marked |= (10 * t >= each.start) & (10 * t <= each.end)
    return (marked & truth).sum() / (marked | truth).sum()


@pytest.mark.parametrize("memory", [0.5, 0.9, 0.95])
def test_at_most_one_in_twenty_runs_of_unrelated_noise_gets_a_window(memory):
    runs = 200
    alarmed = sum(
        bool(windows(record(noise(memory, 400, k), 4 + noise(memory, 400, k + 50_000))))
        for k in range(runs)
    )
    assert alarmed <= 18  # 10 are due at 5 %; beyond is a chance of 1 in 150


def test_a_planted_episode_is_found_where_it_is():
    found = [overlap(planted(0.5, seed)) for seed in range(40)]
    assert min(found) > 0
    assert np.mean(found) > 0.72  # measured: .81


def test_an_episode_is_mostly_found_through_slow_noise():
    assert sum(bool(windows(planted(0.8, seed))) for seed in range(60)) >= 45  # measured: .87


def test_where_both_improve_there_is_no_window():
    t = np.arange(400)
    found = [
        windows(record(noise(0.8, 400, k) - t / 40, 14 + noise(0.8, 400, k + 9_999) - t / 40))
        for k in range(50)
    ]
    assert sum(map(bool, found)) <= 2


def test_a_window_has_both_changes():
    (found,) = windows(planted(0.5, 3, size=30.0))
    assert found.loss_change == pytest.approx(-30, rel=0.1)
    assert found.quality_change == pytest.approx(30, rel=0.1)
    assert found.p < 0.001


def test_a_smooth_divergence_over_decades_is_one_window():
    """As chivers-2d: no noise at all, and curves that no line fits."""
    u = np.linspace(0, 1, 400)
    (found,) = windows(record(-10 * np.exp(4 * u), 60 * np.exp(6 * u)))
    assert found.start < 300
    assert found.end > 3700


def test_a_change_within_the_noise_of_the_samples_is_none():
    base = planted(0.5, 3)
    columns = dict(base.columns) | {"wasserstein_se": np.full(400, 2.0)}
    assert windows(base)
    assert windows(Record(base.iteration, columns, NORMAL)) == ()


def test_a_fall_that_is_small_against_the_range_of_the_loss_is_none():
    t = np.arange(400.0)
    loss = np.where(t < 5, 10.0, 1e-3 - 1e-6 * t)
    assert windows(record(loss, 4 + t / 100)) == ()


def test_gaps_do_not_hide_an_episode():
    base = planted(0.5, 1)
    loss = base.columns["g_loss"].copy()
    loss[::3] = np.nan
    assert overlap(record(loss, base.columns["wasserstein"])) > 0.6


def test_the_sentence_has_the_interval_and_the_value_is_its_part():
    found = divergence(planted(0.5, 1))
    (window,) = windows(planted(0.5, 1))
    assert f"from iteration {window.start:,} to {window.end:,}" in found.sentence
    assert found.value == pytest.approx(0.3, abs=0.12)


def test_cross_entropy_is_asked_about_where_it_was_recorded():
    base = planted(0.5, 1)
    columns = dict(base.columns) | {"g_cross_entropy": base.columns["wasserstein"]}
    both = Record(base.iteration, columns, NORMAL)
    assert losses(base) == ("g_loss",)
    assert losses(both) == ("g_loss", "g_cross_entropy")
    assert divergence(both, "g_loss").value > 0
    assert divergence(both, "g_cross_entropy").value == 0


def test_a_score_is_negative_where_the_loss_goes_against_the_samples():
    driver = noise(0.9, 600, 1)
    found = score(record(-driver + 0.3 * noise(0.5, 600, 2), 4 + driver))
    assert found.value < -0.7
    assert found.evidence["p"] < 0.01
    assert found.interval[0] <= found.value <= found.interval[1]
    assert "against" in found.sentence


def test_a_score_warns_of_a_shared_trend():
    t = np.arange(400) / 40
    found = score(record(noise(0.5, 400, 1) - t, 4 + noise(0.5, 400, 2) + t))
    assert found.value < -0.8
    assert "a trend that both share would look the same" in found.sentence


def test_while_a_run_goes_on_its_windows_keep_their_length():
    """A prefix of a planned run is judged by the same windows as the whole."""
    whole = planted(0.5, 2)
    part = Record(whole.iteration, whole.columns, NORMAL, planned=3990).prefix(3_600)
    (early,), (late,) = windows(part), windows(whole)
    assert early.start == pytest.approx(late.start, abs=100)


NOTHING = {
    "no point": record(np.empty(0), np.empty(0)),
    "one point": record(np.ones(1), np.ones(1)),
    "three points": record(np.arange(3.0), np.arange(3.0)),
    "nothing finite": record(np.full(400, np.nan), np.full(400, np.inf)),
    "no loss": Record(np.arange(400), {"wasserstein": np.ones(400)}, NORMAL),
    "no quality": Record(np.arange(400), {"g_loss": np.ones(400)}, NORMAL),
    "a restarted counter": record(np.ones(400), np.ones(400), trouble="it was restarted"),
    "too early": record(np.arange(50.0), np.arange(50.0), planned=10_000),
}


@pytest.mark.parametrize("bad", NOTHING.values(), ids=NOTHING)
def test_too_few_data_are_reported_without_an_error(bad):
    assert windows(bad) == ()
    for found in (divergence(bad), score(bad)):
        assert np.isnan(found.value)
        assert found.sentence.startswith("not enough data: ")


@pytest.mark.parametrize("value", [0.0, 1.0, -1e300, 1e-300])
def test_constants_of_any_size_have_no_window(value):
    constant = record(np.full(400, value), np.full(400, abs(value)))
    assert windows(constant) == ()
    assert score(constant).sentence.startswith("not enough data: ")


def test_values_beyond_all_bounds_are_holes():
    base = planted(0.5, 1)
    loss = base.columns["g_loss"].copy()
    loss[50:60] = 1e305
    loss[70] = -np.inf
    assert windows(record(loss, base.columns["wasserstein"]))


def test_ten_times_the_points_cost_about_ten_times_as_much():
    def cost(n: int) -> float:
        long = record(noise(0.9, n, 1), 4 + noise(0.9, n, 2))
        times = []
        for _ in range(5):
            start = time.perf_counter()
            divergence(long)
            times.append(time.perf_counter() - start)
        return min(times)

    cost(2_000)
    assert cost(40_000) < 40 * max(cost(4_000), 1e-3)
