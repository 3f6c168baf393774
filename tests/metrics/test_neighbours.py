"""Balls to the k-th neighbour, against all pairwise distances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import Balls, neighbours
from gandiag.metrics.neighbours import balls_and_vectors, count_within

WIDTHS = [1, 2, 8, 9, 40]


def distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.sqrt(((x[:, None] - y[None]) ** 2).sum(axis=-1))


@pytest.mark.parametrize("d", WIDTHS)
@pytest.mark.parametrize("k", [1, 5])
def test_a_ball_reaches_to_the_kth_other_sample(d: int, k: int) -> None:
    x = np.random.default_rng(d).normal(3, 1, (150, d))
    expected = np.sort(distances(x, x), axis=1)[:, k]
    assert Balls(x, k).radii == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("d", WIDTHS)
def test_balls_contain_the_points_within_their_radius(d: int) -> None:
    rng = np.random.default_rng(d)
    x, y = rng.normal(size=(120, d)), rng.normal(0.3, 1, (90, d))
    balls = Balls(x, 3)
    inside = distances(y, x) <= balls.radii
    held, met = balls.holding(y)
    assert np.array_equal(held, inside.sum(axis=1))
    assert np.array_equal(met, inside.any(axis=0))
    assert 0 < held.sum() < inside.size


@pytest.mark.parametrize("d", [2, 40])
def test_the_block_size_does_not_matter(d: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 101, d))
    whole = Balls(x, 5).holding(y)
    monkeypatch.setattr(neighbours, "BLOCK", 707)
    parts = Balls(x, 5).holding(y)
    assert np.array_equal(whole[0], parts[0])
    assert np.array_equal(whole[1], parts[1])


@pytest.mark.parametrize("d", [2, 40])
@pytest.mark.parametrize("at", [0.0, 0.1, 1e6])
def test_balls_of_equal_samples_contain_exactly_these(d: int, at: float) -> None:
    balls = Balls(np.full((30, d), at), 5)
    held, met = balls.holding(np.vstack([np.full((1, d), at), np.full((1, d), at + 0.5)]))
    assert held.tolist() == [30, 0]
    assert met.all()
    assert balls.reach == 1


@pytest.mark.parametrize("d", [1, 40])
def test_a_point_on_the_edge_is_inside(d: int) -> None:
    grid = np.zeros((12, d))
    grid[:, 0] = np.arange(12)
    held, _ = Balls(grid, 2).holding(grid[5:6])
    # Each inner point has two neighbours at distance 1, and is in its own ball.
    assert held.tolist() == [3]


@pytest.mark.parametrize("d", [1, 2, 8, 32])
def test_the_reach_is_the_share_of_new_samples_inside_a_ball(d: int) -> None:
    rng = np.random.default_rng(d)
    sets = [Balls(rng.normal(size=(200, d))) for _ in range(40)]
    fresh = [np.mean(balls.holding(rng.normal(size=(400, d)))[0] > 0) for balls in sets]
    assert np.mean([balls.reach for balls in sets]) == pytest.approx(np.mean(fresh), rel=0.015)


@pytest.mark.parametrize("d", WIDTHS)
def test_samples_within_a_distance_are_counted(d: int) -> None:
    x = np.random.default_rng(d).normal(size=(100, d))
    x[7] = x[3]
    reach = float(np.quantile(distances(x, x), 0.2))
    assert np.array_equal(count_within(x, reach), (distances(x, x) <= reach).sum(axis=1))
    assert count_within(x, 0.0).tolist() == [2 if i in (3, 7) else 1 for i in range(100)]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([2, 12]), st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_counts_are_invariant_to_shift_and_scale(
    seed: int, d: int, shift: float, scale: float
) -> None:
    x, y = np.random.default_rng(seed).normal(size=(2, 60, d))
    before = Balls(x).holding(y)
    after = Balls(shift + scale * x).holding(shift + scale * y)
    assert np.array_equal(before[0], after[0])
    assert np.array_equal(before[1], after[1])


def test_invalid_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match="k = 0"):
        Balls(np.zeros((9, 2)), 0)
    with pytest.raises(ValueError, match="n >= 6"):
        Balls(np.zeros((5, 2)), 5)
    with pytest.raises(ValueError, match="NaN or infinite"):
        Balls(np.full((9, 2), np.nan), 5)
    with pytest.raises(ValueError, match="not to k = 3"):
        balls_and_vectors(real=Balls(np.zeros((9, 2)), 5), fake=np.zeros((9, 2)), k=3)
    with pytest.raises(ValueError, match="coordinates"):
        balls_and_vectors(real=Balls(np.zeros((9, 2)), 5), fake=np.zeros((9, 3)), k=5)
