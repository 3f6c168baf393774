"""Losses that say nothing, and D's loss beside what counting modes can do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.analysis.equilibrium import equilibrium, lag
from gandiag.analysis.record import Expected, Record

LN2 = math.log(2)
TEXTBOOK = Expected(mean=np.zeros(1), std=np.ones(1), d_loss=2 * LN2, g_loss=LN2)


def record(d: float, g: float, distance: float, n: int = 200, *, noise: float = 0.01) -> Record:
    """Losses and a distance that start elsewhere and stand there from half way on."""
    rng = np.random.default_rng(0)
    course = np.interp(np.arange(n), [0, n / 2, n], [1, 0, 0])
    columns = {
        "d_loss": d + course + noise * rng.normal(size=n),
        "g_loss": g + course + noise * rng.normal(size=n),
        "wasserstein": distance + course + 0.001 * rng.normal(size=n),
    }
    return Record(10 * np.arange(n), columns, TEXTBOOK)


def test_losses_at_equilibrium_with_bad_samples_are_hidden():
    """As edward-1d and two runs of devnag-1d."""
    found = equilibrium(record(2 * LN2, LN2, 1.5))
    assert found.evidence["hidden"] == 1
    assert found.value == pytest.approx(1.5, abs=0.01)
    assert found.sentence.startswith("the losses do not show it")


def test_textbook_losses_beside_good_samples_are_as_they_should_be():
    found = equilibrium(record(2 * LN2, LN2, 0.05))
    assert (found.evidence["at_equilibrium"], found.evidence["hidden"]) == (1, 0)


@pytest.mark.parametrize(("d", "g", "shows"), [(0.3, LN2, "d_loss"), (2 * LN2, 3.0, "g_loss")])
def test_one_loss_elsewhere_shows_it(d, g, shows):
    found = equilibrium(record(d, g, 1.5))
    assert found.evidence["at_equilibrium"] == 0
    assert found.sentence.startswith(f"the losses are not at their equilibrium ({shows} ")


def test_losses_that_swing_about_their_equilibrium_are_not_at_it():
    found = equilibrium(record(2 * LN2, LN2, 1.5, noise=0.4))
    assert found.evidence["at_equilibrium"] == 0
    assert "g_loss fluctuates around 0.693" in found.sentence


def test_the_l2_term_is_left_out_where_it_was_recorded_apart():
    base = record(9.0, -400.0, 1.5)
    terms = {"d_cross_entropy": np.full(200, 2 * LN2), "g_cross_entropy": np.full(200, LN2)}
    assert equilibrium(base).evidence["hidden"] == 0
    apart = Record(base.iteration, dict(base.columns) | terms, TEXTBOOK)
    assert equilibrium(apart).evidence["hidden"] == 1


def test_a_distance_of_the_size_of_its_floor_is_good():
    base = record(2 * LN2, LN2, 1.5)
    floor = {"wasserstein_floor": np.full(200, 1.49)}
    found = equilibrium(Record(base.iteration, dict(base.columns) | floor, TEXTBOOK))
    assert found.evidence["good"] == 1


def modes(k: int, of: int, d_loss: float, *, clean: float | None = None) -> Record:
    """A generator that is perfect on k of so many equal modes."""
    shares = np.where(np.arange(of) < k, 1 / k, 0.0)
    columns = {f"mode_share_{i}": np.full(50, share) for i, share in enumerate(shares)}
    columns["d_loss"] = np.full(50, d_loss)
    if clean is not None:
        columns |= {"high_quality": np.full(50, clean), "high_quality_floor": np.full(50, 0.989)}
    expected = Expected(
        modes=tuple("abcdefghijklmnopqrstuvwxy"[:of]),
        shares=np.full(of, 1 / of),
        share_column="mode_share",
        d_loss=2 * LN2,
    )
    return Record(np.arange(50), columns, expected)


@pytest.mark.parametrize(
    ("of", "k", "jsd", "best"),
    [
        (8, 1, 0.4969, 0.3924),
        (8, 4, 0.2158, 0.9548),
        (8, 7, 0.0454, 1.2955),
        (8, 8, 0.0, 1.3863),
        (25, 1, 0.6084, 0.1695),
        (25, 12, 0.2269, 0.9325),
        (25, 24, 0.0141, 1.3582),
    ],
)
def test_the_best_loss_of_d_is_that_of_the_table_of_dropped_modes(of, k, jsd, best):
    found = lag(modes(k, of, best))
    assert found.evidence["jsd"] == pytest.approx(jsd, abs=6e-5)
    assert found.evidence["best"] == pytest.approx(best, abs=1e-4)
    assert found.value == pytest.approx(0, abs=1e-4)
    assert "is explained by the shares of the modes" in found.sentence


def test_a_d_that_does_not_see_the_lost_modes_lags():
    found = lag(modes(4, 8, 2 * LN2))
    assert found.value == pytest.approx(2 * 0.2158, abs=1e-3)
    assert found.sentence.startswith("D lags")


def test_a_d_that_wins_against_all_modes_sees_more_than_shares():
    assert lag(modes(8, 8, 0.2)).sentence.startswith("D separates the samples by more")


def test_samples_between_the_modes_count_as_a_mode_of_their_own():
    assert lag(modes(8, 8, 2 * LN2, clean=0.989)).value == pytest.approx(0, abs=1e-9)
    p, q = np.array([0.989, 0.011]), np.array([0.4, 0.6])
    m = (p + q) / 2
    jsd = (p * np.log(p / m) + q * np.log(q / m)).sum() / 2
    assert lag(modes(8, 8, 2 * LN2, clean=0.4)).evidence["jsd"] == pytest.approx(jsd)


NOTHING = {
    "no point": Record(np.empty(0, int), {}, TEXTBOOK),
    "three points": record(1.0, 1.0, 1.0, n=3),
    "no column": Record(np.arange(50), {}, TEXTBOOK),
    "nothing known of the target": Record(np.arange(200), dict(record(1, 1, 1).columns)),
    "nothing finite": Record(
        np.arange(50), dict.fromkeys(("d_loss", "g_loss", "wasserstein"), np.full(50, np.nan))
    ),
    "a restarted counter": Record(
        np.arange(200), dict(record(1, 1, 1).columns), TEXTBOOK, trouble="it was restarted"
    ),
}


@pytest.mark.parametrize("bad", NOTHING.values(), ids=NOTHING)
def test_too_few_data_are_reported_without_an_error(bad):
    for found in (equilibrium(bad), lag(bad)):
        assert np.isnan(found.value)
        assert found.sentence.startswith("not enough data: ")


def test_samples_that_were_not_measured_lately_are_not_judged():
    base = record(2 * LN2, LN2, 1.5)
    distance = np.where(np.arange(200) < 150, base.columns["wasserstein"], np.nan)
    found = equilibrium(
        Record(base.iteration, dict(base.columns) | {"wasserstein": distance}, TEXTBOOK)
    )
    assert "samples were measured at 0 of the last log points" in found.sentence


@pytest.mark.parametrize("value", [1e305, -np.inf, 0.0])
def test_losses_of_any_size_are_no_crash(value):
    base = record(2 * LN2, LN2, 1.5)
    columns = dict(base.columns) | {"d_loss": np.full(200, value)}
    assert equilibrium(Record(base.iteration, columns, TEXTBOOK)).evidence.get("hidden", 0) == 0
