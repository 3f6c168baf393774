"""Numbers that leave every bound, and those that only look so."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.record import Expected, Record
from gandiag.analysis.running_away import blow_ups
from gandiag.analysis.verdict import decide

LINE = Expected(np.array([4.0]), np.array([0.5]))
X = np.arange(200)


def run(planned=None, **columns):
    rng = np.random.default_rng(0)
    n = len(next(iter(columns.values()))) if columns else 200
    made = {"d_loss": rng.normal(1.4, 0.1, n), "g_loss": rng.normal(0.7, 0.1, n)}
    made["wasserstein"] = 0.02 + 0.01 * rng.random(n)
    made |= {name: np.asarray(values, float) for name, values in columns.items()}
    return Record(np.arange(n) * 10, made, LINE, planned)


def test_a_run_that_is_well_has_no_blow_up():
    assert blow_ups(run()) == []


@pytest.mark.parametrize("name", ["d_loss", "g_loss", "d_weight_norm", "g_weight_norm"])
def test_what_grows_out_of_its_earlier_levels_has_blown_up(name):
    rng = np.random.default_rng(1)
    grown = np.exp(np.maximum(X - 140, 0) / 12 + 0.1 * rng.normal(size=200))
    (found,) = blow_ups(run(**{name: grown}))
    assert (found.kind, found.first, found.series) == ("blow-up", name[0], name)
    assert 1400 <= found.start <= 1500
    assert found.severity > 10
    assert decide(run(**{name: grown})).name == "diverging"


def test_negative_losses_blow_up_as_well():
    (found,) = blow_ups(run(g_loss=-np.exp(np.maximum(X - 140, 0) / 12)))
    assert "G's loss grew" in found.sentence


def test_a_step_up_that_stays_is_no_blow_up():
    assert blow_ups(run(d_loss=np.where(X < 130, 0.1, 5.0) * (1 + 0.01 * np.sin(X)))) == []


def test_gradients_may_grow():
    assert blow_ups(run(g_grad_norm=np.exp(X / 10))) == []


def test_samples_that_move_on_have_left():
    away = 0.5 * np.where(X < 100, 0.1, 0.1 + (X - 100) / 20)
    (found,) = blow_ups(run(wasserstein=away))
    assert (found.series, found.first) == ("wasserstein", "samples")
    assert "moving away" in found.sentence
    assert 1000 < found.start <= 1700
    assert decide(run(wasserstein=away)).name == "diverging"


def test_constant_far_samples_are_off_target_up_to_thirty_standard_deviations():
    rng = np.random.default_rng(2)
    still = 0.5 * rng.normal(5, 0.2, 200)
    assert blow_ups(run(wasserstein=still)) == []
    assert decide(run(wasserstein=still)).name == "off-target"
    (gone,) = blow_ups(run(wasserstein=0.5 * rng.normal(50, 0.2, 200)))
    assert gone.description.endswith("standard deviations from the data")


def test_samples_that_come_from_far_are_on_their_way():
    coming = 0.5 * np.linspace(60, 31, 200)
    assert blow_ups(run(wasserstein=coming)) == []


@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_too_few_log_points_give_no_episode(n):
    assert blow_ups(run(d_loss=np.exp(np.arange(n)))) == []
