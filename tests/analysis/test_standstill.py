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
        assert standstills(run(far=0.01, g_grad_norm=early)) == []
        assert len(standstills(run(far=2.0, g_grad_norm=early))) == 1


@pytest.mark.parametrize("n", [60, 200, 2000])
@pytest.mark.parametrize("far", [0.01, None])
def test_an_annealed_rate_is_no_death(n, far):
    """With only a norm of G recorded that comes to rest, the samples good or unknown."""
    left = np.exp(-np.arange(n) / (n / 40))
    for column, values in (("g_weight_norm", 5 + left), ("g_grad_norm", 0.2 * left),
                           ("g_loss", 0.7 + left)):  # fmt: skip
        made = {column: values}
        if far is not None:
            made["wasserstein"] = np.full(n, far)
        else:
            made["d_loss"] = 1.4 + 0.1 * np.random.default_rng(0).normal(size=n)
        record = Record(np.arange(n) * 10, made, LINE, planned=(n - 1) * 10)
        assert standstills(record) == [], column
        if far is not None:  # off the data it is one: nothing will change any more
            made["wasserstein"] = np.full(n, 2.0)
            assert len(standstills(Record(record.iteration, made, LINE, record.planned))) == 1


@pytest.mark.parametrize("n", [60, 200, 2000])
@pytest.mark.parametrize("part", [0.08, 0.15])
def test_a_player_frozen_on_purpose_at_a_good_end_is_healthy(n, part):
    moving = run(n).columns["d_weight_norm"]
    held = stopping(moving, round((1 - part) * n), moving[round((1 - part) * n)])
    assert decide(run(n, far=0.01, planned=(n - 1) * 10, d_weight_norm=held)).name == "healthy"
    bad = decide(run(n, far=2.0, planned=(n - 1) * 10, d_weight_norm=held))
    assert bad.name == ("dead" if part * n > 6 else "off-target")


@pytest.mark.parametrize("n", [60, 200, 2000])
def test_a_generator_that_never_moved_is_named_and_not_its_narrow_samples(n):
    """Fixed latents: every moment of the samples is constant, and its width a tenth."""
    rng = np.random.default_rng(n)
    held = {"mean": np.full(n, 1.0), "std": np.full(n, 0.05)}
    jitter = {name: values * (1 + 1e-8 * rng.normal(size=n)) for name, values in held.items()}
    losses = {"d_loss": rng.normal(1.0, 0.05, n), "g_loss": rng.normal(1.5, 0.05, n)}
    distance = {"wasserstein": 3 + 0.01 * rng.normal(size=n)}
    verdict = decide(Record(np.arange(n) * 10, losses | jitter | distance, LINE))
    assert (verdict.name, verdict.onset, verdict.episodes[0].first) == ("dead", 0, "g")
    assert verdict.episodes[0].evidence["never moved"] == 1
    assert "the generator has not changed since the first log point" in verdict.sentence
    trained = {"g_weight_norm": np.linspace(5, 6, n)}
    moves = Record(np.arange(n) * 10, losses | jitter | distance | trained, LINE)
    assert decide(moves).name == "collapsed"
    drawn = {name: values * (1 + 0.01 * rng.normal(size=n)) for name, values in held.items()}
    assert standstills(Record(np.arange(n) * 10, losses | drawn | distance, LINE)) == []


def test_weights_that_never_changed_are_named_before_the_collapse():
    n = 200
    narrow = {"mean": 1 + 0.01 * np.random.default_rng(0).normal(size=n), "std": np.full(n, 0.05)}
    for who, name in (("g", "the generator"), ("d", "the discriminator")):
        verdict = decide(run(n, **narrow, **{f"{who}_weight_norm": np.full(n, 5.0)}))
        assert verdict.name == "dead"
        begins = f"dead from the start: {name} has not changed since the first log point: weight"
        assert verdict.sentence.startswith(begins)


def test_a_generator_that_stops_keeps_what_it_had_and_a_collapse_jumps():
    n, rng = 200, np.random.default_rng(3)
    moving = 3 - np.linspace(0, 1, n) + 0.01 * rng.normal(size=n)
    for at, level, due in ((120, None, 1), (120, 0.06, 0)):
        made = {"mean": stopping(moving, at, moving[at] if level is None else 0.0)}
        made["std"] = stopping(0.3 + 0.01 * rng.normal(size=n), at, 0.3 if level is None else level)
        made["wasserstein"] = 2 + 0.05 * rng.normal(size=n)
        made["d_loss"] = 1.3 + 0.05 * rng.normal(size=n)
        assert len(standstills(Record(np.arange(n) * 10, made, LINE))) == due


def test_a_single_constant_point_is_no_standstill_by_its_moments():
    n, rng = 200, np.random.default_rng(3)
    point = {"mean": np.full(n, 1.0), "std": np.zeros(n), "d_loss": rng.normal(1.3, 0.05, n)}
    distance = {"wasserstein": np.full(n, 6.0)}
    assert decide(Record(np.arange(n) * 10, point | distance, LINE)).name == "collapsed"


def test_a_run_planned_for_much_longer_is_given_time():
    held = stopping(run().columns["g_loss"], 100, 3.5)
    assert len(standstills(run(g_loss=held, planned=2000))) == 1
    assert standstills(run(g_loss=held, planned=100_000)) == []


@pytest.mark.parametrize("n", [0, 1, 2, 6])
def test_too_few_log_points_give_no_episode(n):
    assert standstills(run(n=n, g_loss=np.full(n, 1.0))) == []
