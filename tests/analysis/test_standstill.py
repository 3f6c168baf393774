"""Players that no longer learn, and those that only look so."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.analysis.record import Expected, Record
from gandiag.analysis.standstill import standstills
from gandiag.analysis.verdict import decide

NAN = np.nan
LINE = Expected(np.array([4.0]), np.array([0.5]), d_loss=2 * math.log(2), g_loss=math.log(2))


def run(n=200, far=2.0, planned=None, seed=0, **columns):
    """A game that goes on, off its target by ``far``, but for the columns that are given."""
    rng = np.random.default_rng(seed)
    made = {name: level * np.exp(0.1 * rng.normal(size=n))
            for name, level in {"d_loss": 1.4, "g_loss": 0.7, "d_grad_norm": 0.3,
                                "g_grad_norm": 0.2}.items()}  # fmt: skip
    made |= {f"{who}_weight_norm": 5 + np.linspace(0, 1, n) for who in "dg"}
    made["wasserstein"] = far * np.exp(0.05 * rng.normal(size=n))
    made |= {name: np.asarray(values, float) for name, values in columns.items()}
    return Record(np.arange(n) * 10, made, LINE, planned)


def stopping(values, at, level):
    return np.where(np.arange(len(values)) < at, values, level)


def test_a_game_that_learns_has_no_standstill():
    assert standstills(run()) == []
    assert standstills(run(far=0.01)) == []


@pytest.mark.parametrize(("column", "who"), [("g_weight_norm", "g"), ("d_weight_norm", "d"),
                                             ("g_loss", "g"), ("d_loss", "d")])  # fmt: skip
def test_a_player_has_stopped_since_its_last_change(column, who):
    held = stopping(run().columns[column], 120, 3.5)
    (found,) = standstills(run(**{column: held}))
    assert (found.kind, found.first, found.series) == ("standstill", who, column)
    assert (found.start, found.end, found.recovered) == (1200, 1990, False)
    verdict = decide(run(**{column: held}))
    assert (verdict.name, verdict.onset) == ("dead", 1200)
    assert verdict.sentence.startswith("dead since iteration 1,200: the ")


@pytest.mark.parametrize("player", ["d", "g"])
def test_a_gradient_of_nothing_beside_its_own_early_size_is_one(player):
    column = f"{player}_grad_norm"
    held = stopping(run().columns[column], 120, 1e-9)
    (found,) = standstills(run(**{column: held}))
    assert (found.first, found.start) == (player, 1200)
    small = stopping(run().columns[column], 120, 1e-4)
    assert standstills(run(**{column: small})) == []


@pytest.mark.parametrize("clip", [5, 7, 8, 12])
def test_a_loss_at_a_clip_constant_is_explained(clip):
    held = stopping(run().columns["g_loss"], 50, clip * math.log(10))
    (found,) = standstills(run(g_loss=held))
    assert f"(-log 1e-{clip}, a clipped logarithm)" in found.sentence


def test_what_moves_again_has_only_paused():
    paused = stopping(run().columns["g_loss"], 50, 3.5)
    paused[-3:] = run().columns["g_loss"][-3:]
    assert standstills(run(g_loss=paused)) == []


def test_a_pause_must_last():
    short = stopping(run().columns["g_loss"], 195, 3.5)
    assert standstills(run(g_loss=short)) == []
    assert standstills(run(g_loss=short[-12:], n=12)) == []


def test_a_game_at_rest_at_its_goal_is_no_standstill_and_elsewhere_it_is():
    both = {f"{who}_weight_norm": stopping(np.linspace(5, 6, 200), 120, 6.0) for who in "dg"}
    assert standstills(run(far=0.01, **both)) == []
    assert len(standstills(run(far=2.0, **both))) == 2
    one = {"g_weight_norm": both["g_weight_norm"]}
    assert len(standstills(run(far=0.01, **one))) == 1


def test_a_gradient_that_ends_at_a_stroke_is_no_rest():
    both = {f"{who}_grad_norm": stopping(np.full(200, 0.2), 120, 0.0) for who in "dg"}
    assert len(standstills(run(far=0.01, **both))) == 2
    fading = 0.2 * np.exp(-np.arange(200) / 5)
    rest = dict.fromkeys(("d_grad_norm", "g_grad_norm"), fading)
    assert standstills(run(far=0.01, **rest)) == []


def test_gaps_are_no_change_but_two_values_are_no_standstill():
    held = stopping(run().columns["g_loss"], 100, 3.5)
    held[101::2] = NAN
    (found,) = standstills(run(g_loss=held))
    assert found.start == 1000
    sparse = np.full(200, NAN)
    sparse[[0, -1]] = 0.7
    assert standstills(run(g_loss=sparse)) == []


def test_a_gradient_seen_only_early_and_at_the_end_is_not_abrupt():
    early = np.full(200, NAN)
    early[:20], early[150:] = 0.2, 0.0
    with np.errstate(all="ignore"):
        assert len(standstills(run(far=0.01, g_grad_norm=early))) == 1


def test_a_run_planned_for_much_longer_is_given_time():
    held = stopping(run().columns["g_loss"], 100, 3.5)
    assert len(standstills(run(g_loss=held, planned=2000))) == 1
    assert standstills(run(g_loss=held, planned=100_000)) == []


@pytest.mark.parametrize("n", [0, 1, 2, 6])
def test_too_few_log_points_give_no_episode(n):
    assert standstills(run(n=n, g_loss=np.full(n, 1.0))) == []
