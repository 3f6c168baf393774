"""Hopping from mode to mode: fast and slow rotations, and what is no hopping."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.hopping import mode_hopping
from gandiag.analysis.record import Expected, Record

N, K = 200, 8


def record(shares, cadence=10):
    modes = shares.shape[1]
    expected = Expected(
        modes=tuple(str(k) for k in range(modes)),
        shares=np.full(modes, 1 / modes),
        share_column="share",
    )
    columns = {f"share_{k}": shares[:, k] for k in range(modes)}
    planned = cadence * max(len(shares) - 1, 1)
    return Record(np.arange(len(shares)) * cadence, columns, expected, planned=planned)


def even(rng, n=N, modes=K):
    return rng.multinomial(500, np.full(modes, 1 / modes), size=n) / 500


def rotating(rng, first, last, period, held=1):
    """One group of ``held`` modes at a time, another every ``period`` log points."""
    shares = even(rng)
    for at in range(first, last):
        shares[at] = 0
        group = (at - first) // period * held + np.arange(held)
        shares[at, group % K] = 1 / held
    return shares


@pytest.mark.parametrize("held", [1, 2, 4])
@pytest.mark.parametrize("period", [1, 3, 10])
def test_a_rotation_is_found_with_its_period(period, held):
    (found,) = mode_hopping(record(rotating(np.random.default_rng(0), 80, 150, period, held)))
    assert found.kind == "mode-hopping"
    assert 800 <= found.start <= 800 + 10 * period
    assert 1500 - 10 * period <= found.end < 1500
    assert found.recovered
    assert found.severity == (69 if period == 1 else (150 - 81) // period)
    assert found.evidence["period"] == 10 * period


def test_a_rotation_that_drifts_from_mode_to_mode_is_found():
    """No two neighbouring log points differ by much."""
    at = np.arange(N)
    phase = (at[:, None] / 8 - np.arange(K)) % K
    shares = np.maximum(1 - np.minimum(phase, K - phase), 0)
    assert (np.abs(np.diff(shares, axis=0)).sum(axis=1) / 2).max() < 0.5
    (found,) = mode_hopping(record(shares))
    assert not found.recovered
    assert found.end == 1990


def test_all_rotations_of_the_documented_strength_are_found():
    found = 0
    for k in range(50):
        rng = np.random.default_rng(k)
        found += bool(mode_hopping(record(rotating(rng, 50, 120, 1 + k % 10, 1 + k % 4))))
    assert found == 50


def test_hops_at_the_start_are_ignored():
    assert mode_hopping(record(rotating(np.random.default_rng(0), 0, 38, 1))) == []


def test_even_modes_hop_nowhere():
    assert mode_hopping(record(even(np.random.default_rng(0), 1000))) == []


def test_a_collapse_to_one_mode_or_to_two_uneven_ones_is_no_hopping():
    rng = np.random.default_rng(0)
    shares = np.zeros((N, K))
    shares[:, 3] = 1
    assert mode_hopping(record(shares)) == []
    shares[:, 3] = np.clip(0.5 + 0.1 * rng.normal(size=N), 0, 1)
    shares[:, 4] = 1 - shares[:, 3]
    assert mode_hopping(record(shares)) == []


def test_leaps_between_more_than_half_of_the_modes_do_not_count():
    shares = np.zeros((N, K))
    shares[::2, :5], shares[1::2, 3:] = 1 / 5, 1 / 5
    assert mode_hopping(record(shares)) == []


def test_samples_at_no_mode_do_not_hop():
    shares = rotating(np.random.default_rng(0), 80, 150, 1) * 0.05
    assert mode_hopping(record(shares)) == []


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("value", [0.0, 1 / K, np.nan, np.inf])
def test_too_little_is_no_episode_and_no_crash(n, value):
    assert mode_hopping(record(np.full((n, K), value))) == []


def test_missing_shares_are_no_episode():
    shares = even(np.random.default_rng(0))
    whole = record(shares)
    assert mode_hopping(Record(whole.iteration, {}, whole.expected)) == []
    some = {"share_0": shares[:, 0], "share_1": shares[:, 1]}
    assert mode_hopping(Record(whole.iteration, some, whole.expected)) == []
    assert mode_hopping(Record(whole.iteration, dict(whole.columns))) == []
    assert mode_hopping(record(np.ones((N, 1)))) == []


def test_gaps_do_not_hide_a_rotation():
    rng = np.random.default_rng(0)
    shares = rotating(rng, 80, 150, 4)
    shares[rng.choice(N, 40, replace=False)] = np.nan
    assert len(mode_hopping(record(shares))) == 1
