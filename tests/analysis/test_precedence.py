"""Who moved first: planted leads of every party, and noise in which nobody moves."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.precedence import first_mover
from gandiag.analysis.record import Expected, Record

N = 200
TARGET = Expected(mean=np.array([0.0]), std=np.array([1.0]))
OWNED = {
    "d": ("d_loss", "d_accuracy", "d_grad_norm", "d_weight_norm"),
    "g": ("g_loss", "g_grad_norm", "g_weight_norm"),
    "samples": ("wasserstein", "mean", "std"),
}
AT = 120


def walk(rng, memory):
    values = np.empty(N)
    values[0] = rng.normal()
    for k in range(1, N):
        values[k] = memory * values[k - 1] + np.sqrt(1 - memory**2) * rng.normal()
    return values


def columns(rng, moves, memory=0.5, shift=12.0):
    """Every series shifts by so many standard deviations where its owner moves."""
    found = {}
    for owner, names in OWNED.items():
        for name in names:
            noise = walk(rng, memory)
            noise[moves.get(owner, N) :] += shift
            found[name] = 0.02 * noise if name == "mean" else np.exp(0.02 * noise)
            if name.endswith("weight_norm"):
                found[name] = found[name] + np.arange(N) / 50
    return found


def record(columns):
    return Record(np.arange(N) * 10, columns, TARGET, planned=10 * N)


def asked(columns):
    return first_mover(record(columns), 10 * (AT + 1), 10 * (AT + 20))


@pytest.mark.parametrize("lead", [1, 3, 8])
@pytest.mark.parametrize("first", list(OWNED))
def test_the_one_that_was_planted_first_is_named(first, lead):
    rng = np.random.default_rng(0)
    moves = {owner: AT if owner == first else AT + lead for owner in OWNED}
    assert asked(columns(rng, moves)) == first


def test_planted_leads_of_three_log_points_are_named_right_or_not_at_all():
    told = []
    for k in range(100):
        rng = np.random.default_rng(k)
        first = list(OWNED)[k % 3]
        moves = {owner: AT if owner == first else AT + 3 for owner in OWNED}
        told.append((asked(columns(rng, moves, memory=(0.0, 0.8, 0.95)[k % 3])), first))
    assert sum(named == first for named, first in told) >= 70
    assert sum(named in OWNED and named != first for named, first in told) <= 1


@pytest.mark.parametrize("shift", [5.0, 8.0, 15.0])
def test_slow_moves_in_skewed_noise_on_uneven_log_points_name_no_wrong_party(shift):
    """Laplace and exponential noise, ramps of other lengths, leads as long as the search."""
    wrong = 0
    for k in range(100):
        rng = np.random.default_rng(k)
        order = list(rng.permutation(list(OWNED)))
        draw = (rng.laplace, rng.exponential)[k % 2]
        lead, ramp = int(rng.integers(1, 12)), rng.uniform(1, 12)
        found = {}
        for owner, names in OWNED.items():
            moved = np.clip((np.arange(N) - AT - lead * order.index(owner)) / ramp, 0, 1)
            for name in names:
                found[name] = 4 + 0.05 * (draw(size=N) + shift * moved)
        iteration = np.cumsum(rng.integers(5, 20, N))
        start = int(iteration[AT + lead])
        asked_ = first_mover(Record(iteration, found, TARGET), start, int(iteration[AT + 40]))
        wrong += asked_ in OWNED and asked_ != order[0]
    assert wrong <= 2


def test_simultaneous_moves_are_together():
    moves = dict.fromkeys(OWNED, AT)
    assert asked(columns(np.random.default_rng(0), moves)) == "together"


def test_where_nobody_moves_it_is_unknown():
    told = [asked(columns(np.random.default_rng(k), {}, memory=0.9)) for k in range(50)]
    assert told.count("unknown") >= 48


def test_a_party_moves_with_the_first_of_its_series():
    series = columns(np.random.default_rng(0), {"g": AT + 3, "samples": AT + 3})
    series["d_accuracy"][AT:] *= 2
    series["d_grad_norm"][AT + 6 :] *= 2
    assert asked(series) == "d"


def test_a_single_wild_log_point_is_no_move():
    series = columns(np.random.default_rng(0), {"g": AT + 3, "samples": AT + 3})
    series["d_loss"][AT - 5] *= 1e3
    assert asked(series) == "together"


def test_a_move_after_the_peak_does_not_count():
    series = columns(np.random.default_rng(0), {"d": AT + 30})
    assert asked(series) == "unknown"


def test_a_weight_norm_that_grows_steadily_has_not_moved():
    rng = np.random.default_rng(0)
    growing = {"g_weight_norm": np.arange(N) * 0.5 + 0.01 * rng.normal(size=N)}
    assert asked(growing) == "unknown"
    growing["g_weight_norm"][AT:] += 5
    assert asked(growing) == "g"


def test_the_scale_of_a_series_does_not_matter():
    moves = {"d": AT, "g": AT + 3, "samples": AT + 3}
    for scale in (1e-6, 1e6):
        series = columns(np.random.default_rng(0), moves)
        assert asked({name: scale * values for name, values in series.items()}) == "d"


def test_too_little_before_is_unknown():
    series = columns(np.random.default_rng(0), {"d": 5})
    assert first_mover(record(series), 50, 300) == "unknown"


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_short_records_are_unknown(n):
    short = Record(np.arange(n), {"d_loss": np.ones(n)}, TARGET)
    assert first_mover(short, 0, 2) == "unknown"


@pytest.mark.parametrize("value", [0.0, 1.0, np.nan, np.inf, -np.inf])
def test_series_that_say_nothing_are_unknown(value):
    same = {name: np.full(N, value) for names in OWNED.values() for name in names}
    assert asked(same) == "unknown"
    assert asked({}) == "unknown"


def test_gaps_do_not_hide_a_lead():
    rng = np.random.default_rng(0)
    series = columns(rng, {"g": AT, "d": AT + 8, "samples": AT + 8})
    gaps = rng.choice(AT, 40, replace=False)
    for values in series.values():
        values[gaps] = np.nan
    assert asked(series) == "g"
