"""The kernel distance against all pairs at once, and its standard error against simulation."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.metrics import kernels
from gandiag.metrics.kernels import kernel_distance


def laplace(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.exp(-np.abs(x[:, None] - y[None]).sum(-1))


def slow_parts(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The U-statistic and its variance, from full matrices without the diagonal."""
    n, m = len(x), len(y)
    off, rest = ~np.eye(n, dtype=bool), ~np.eye(m, dtype=bool)
    xx, yy, xy = laplace(x, x), laplace(y, y), laplace(x, y)
    own, other = (np.where(off, xx, 0).sum(1) / (n - 1), np.where(rest, yy, 0).sum(1) / (m - 1))
    value = own.mean() + other.mean() - 2 * xy.mean()
    first = 4 * np.var(own - xy.mean(1), ddof=1) / n + 4 * np.var(other - xy.mean(0), ddof=1) / m
    var = np.var
    second = 2 * (xx[off].var() - 2 * var(own, ddof=1)) / (n * (n - 1))
    second += 2 * (yy[rest].var() - 2 * var(other, ddof=1)) / (m * (m - 1))
    second += 4 * (xy.var() - var(xy.mean(1), ddof=1) - var(xy.mean(0), ddof=1)) / (n * m)
    return value, max(first - second, second)


@pytest.mark.parametrize("shift", [0.0, 0.3, 2.0])
@pytest.mark.parametrize(("n", "m", "tile"), [(40, 30, 512), (40, 30, 7), (33, 40, 11), (8, 8, 3)])
def test_the_tile_size_does_not_matter(
    n: int, m: int, tile: int, shift: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "TILE", tile)
    rng = np.random.default_rng(1)
    x, y = rng.normal(shift, 1, (n, 3)), rng.normal(size=(m, 3))
    found = kernel_distance(real=y, fake=x, kernel=laplace)
    value, variance = slow_parts(x, y)
    assert found.value == pytest.approx(value, rel=1e-9)
    assert found.se == pytest.approx(np.sqrt(variance), rel=1e-9)
    assert (found.floor, found.n) == (0, n)


@pytest.mark.parametrize(
    ("shift", "low", "high"), [(0.0, 0.95, 1.35), (0.3, 0.87, 1.15), (1.0, 0.9, 1.1)]
)
def test_the_standard_error_is_valid_at_the_floor_and_away_from_it(
    shift: float, low: float, high: float
) -> None:
    rng = np.random.default_rng(2)
    found = [
        kernel_distance(
            real=rng.normal(size=(60, 2)), fake=rng.normal(shift, 1, (90, 2)), kernel=laplace
        )
        for _ in range(800)
    ]
    observed = np.std([each.value for each in found])
    assert low < np.mean([each.se for each in found]) / observed < high


def test_two_samples_per_side_are_enough_and_equal_ones_have_error_0() -> None:
    found = kernel_distance(real=np.zeros((2, 1)), fake=np.ones((2, 1)), kernel=laplace)
    assert found.value == pytest.approx(2 - 2 / np.e)
    assert found.se == 0
