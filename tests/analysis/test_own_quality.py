"""A user's own measure of quality: its best, what came after, and what it may not decide."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.diagnosis import diagnose
from gandiag.analysis.divergence import windows
from gandiag.analysis.own_quality import compared_quality, histories, own_qualities
from gandiag.analysis.record import Expected, Record
from gandiag.analysis.verdict import decide


def record(values, goal="low", name="fid", **more):
    """A run of losses at their balance, whose measure has these values."""
    values = np.asarray(values, float)
    rng = np.random.default_rng(3)
    n = len(values)
    columns = {
        "d_loss": 1.38 + 0.05 * rng.normal(size=n),
        "g_loss": 0.69 + 0.05 * rng.normal(size=n),
        name: values,
    }
    iteration = 100 * np.arange(n)
    expected = Expected(goals={name: goal})
    return Record(iteration, columns | more, expected, planned=int(iteration[-1]))


def falling(n=100, last=12.0, noise=0.02, seed=0):
    """From 290 to its last level within a third of the run."""
    t = np.linspace(0, 1, n)
    clean = last + 280 * np.exp(-12 * t)
    return clean * np.exp(noise * np.random.default_rng(seed).normal(size=n))


def rising_again(n=100, by=0.6, **more):
    """The same, and from the middle on it gets worse by a part of its best."""
    t = np.linspace(0, 1, n)
    return falling(n, **more) * (1 + by * np.clip((t - 0.5) / 0.3, 0, 1))


def test_the_best_value_and_the_present_one_are_told():
    values = rising_again()
    (found,) = histories(record(values))
    best = int(np.argmin(values))
    assert (found.value, found.evidence["best_at"]) == (values[best], 100 * best)
    now = np.median(values[-10:])
    assert found.evidence["now"] == pytest.approx(now)
    assert found.evidence["worse"] == pytest.approx(now / values[best] - 1)
    assert found.sentence.startswith(f"fid was best at iteration {100 * best:,} (1")
    assert found.sentence.endswith("% worse")


def test_high_values_are_good_where_the_user_says_so():
    values = 100 / rising_again()
    (found,) = histories(record(values, "high", "inception"))
    assert found.value == values.max()
    (own,) = own_qualities(record(values, "high", "inception"))
    assert own.costs[own.best] == -values.max()


@pytest.mark.parametrize("values", [falling(), falling(last=0.001), rising_again()])
def test_no_value_of_it_makes_a_run_healthy(values):
    verdict = decide(record(values))
    assert verdict.name == "undecided"
    assert "no column shows how far" in verdict.missing
    assert "fid was best at iteration" in verdict.sentence
    assert verdict.reasons[-1].against == "fid"


def test_a_distance_from_the_data_decides_and_the_measure_is_told_beside_it():
    values = rising_again()
    distance = np.full(len(values), 0.05)
    shown = record(values, sliced_wasserstein=distance)
    known = Expected(mean=np.zeros(1), std=np.ones(1), goals={"fid": "low"})
    shown = Record(shown.iteration, shown.columns, known, planned=shown.planned)
    found = diagnose(shown)
    assert found.verdict.name == decide(shown).name == "healthy"
    assert any(each.against == "fid" for each in found.verdict.added)
    assert "quality-regression" in {each.kind for each in found.episodes}


def test_what_was_measured_seldom_is_judged_at_its_values():
    values = np.full(400, np.nan)
    values[::20] = rising_again(20)
    (found,) = histories(record(values))
    assert found.n == 20
    assert found.evidence["worse"] > 0.4


def test_a_measure_that_never_came_is_no_quality():
    shown = record(np.full(50, np.nan))
    assert own_qualities(shown) == ()
    assert decide(shown).name == "undecided"


def test_losses_are_compared_with_it():
    t = np.linspace(0, 1, 300)
    values = rising_again(300, by=3.0)
    losses = 3 - 2 * t + 0.02 * np.random.default_rng(1).normal(size=300)
    shown = record(values, g_loss=losses)
    assert compared_quality(shown).column == "fid"
    assert windows(shown)
    assert "while the fid grew" in diagnose(shown).divergence[0].summary.sentence


def test_one_prefix_has_one_answer():
    whole = record(rising_again())
    before = whole.prefix(4_000)
    again = record(rising_again()[:41])
    assert histories(before)[0].sentence == histories(again)[0].sentence
