"""Rings and grids of normal distributions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy import stats

from gandiag.data import Grid, Ring
from gandiag.data.mixtures import Mixture
from gandiag.metrics import mode_coverage
from gandiag.running.streams import deal_lanes, draw_lanes, generator
from gandiag.training.process import Draw

Keys = Callable[[str, int], np.random.Generator]


def ring(**values: Any) -> Ring:
    return Ring(kind="ring", **values)


def grid(**values: Any) -> Grid:
    return Grid(kind="grid", **values)


def drawn(distribution: Mixture, n: int) -> NDArray[np.float64]:
    out = np.empty((2, n), np.float32)
    distribution.fill(generator(1, "train/real"), out)
    return out.T.astype(np.float64)


@pytest.mark.parametrize(("distribution", "count"), [(ring(), 8), (ring(modes=3), 3), (grid(), 25)])
def test_a_mixture_has_the_requested_number_of_distinct_modes(
    distribution: Mixture, count: int
) -> None:
    assert distribution.centres.shape == (count, 2)
    gaps = np.linalg.norm(distribution.centres[:, None] - distribution.centres, axis=-1)[
        ~np.eye(count, dtype=bool)
    ]
    assert gaps.min() > 6 * distribution.std
    assert distribution.separation == pytest.approx(gaps.min() / distribution.std)


def test_ring_and_grid_have_the_geometry_of_the_papers() -> None:
    assert ring().separation == pytest.approx(76.5, abs=0.05)
    assert grid().separation == pytest.approx(40)
    assert ring().centres[:3] == pytest.approx(np.array([(1, 0), (0.5**0.5,) * 2, (0, 1)]))
    assert sorted(map(tuple, grid().centres)) == list(product([-4.0, -2, 0, 2, 4], repeat=2))


def test_the_first_mode_of_a_ring_is_not_repeated_at_its_end() -> None:
    assert not np.allclose(ring().centres[0], ring().centres[-1])


@pytest.mark.parametrize(
    "distribution", [ring(), grid(), grid(side=2, spacing=0.5), ring(radius=7.0)]
)
def test_samples_match_the_weights_and_the_std_of_the_modes(
    distribution: Mixture,
) -> None:
    n = 100_000
    found = mode_coverage(
        fake=drawn(distribution, n), centres=distribution.centres, std=distribution.std
    )
    modes = len(distribution.centres)
    assert float(found.modes.value) == modes
    assert float(found.high_quality.value) == pytest.approx(0.98889, abs=5 * 0.1048 / n**0.5)
    assert stats.chisquare(found.counts).pvalue > 1e-4
    assert float(found.spread_ratio.value) == pytest.approx(1, abs=0.01)


def test_a_draw_within_a_mode_is_normal_along_each_axis() -> None:
    distribution = ring()
    x = drawn(distribution, 80_000)
    nearest = np.linalg.norm(x[:, None] - distribution.centres, axis=-1).argmin(1)
    for axis in (0, 1):
        z = (x - distribution.centres[nearest])[:, axis] / distribution.std
        assert stats.kstest(z, "norm").pvalue > 1e-3


def dealt(distribution: Mixture, chunk: int, seed: int = 5) -> NDArray[np.float32]:
    return deal_lanes([seed], "train/real", Draw(distribution, 2, 2, 30), chunk, 5)[:, :, 0]


def test_every_fixed_point_occurs_once_per_pass() -> None:
    stream = np.concatenate([dealt(ring(points=100), k) for k in range(2)])
    points = stream.transpose(0, 1, 3, 2).reshape(-1, 2)  # 600 samples are six passes
    passes = [sorted(map(tuple, part)) for part in np.split(points, 6)]
    assert len(set(passes[0])) == 100
    assert all(part == passes[0] for part in passes)
    assert not np.array_equal(points[:100], points[100:200])


def test_another_seed_has_other_fixed_points() -> None:
    assert not np.isin(dealt(ring(points=100), 0, 5), dealt(ring(points=100), 0, 6)).any()


def test_fixed_points_are_samples_of_the_mixture() -> None:
    distribution = grid(points=5000)
    points = deal_lanes([1], "train/real", Draw(distribution, 1, 2, 5000), 0, 1)[0, 0, 0].T
    found = mode_coverage(fake=points, centres=distribution.centres, std=distribution.std)
    assert float(found.high_quality.value) == pytest.approx(0.98889, abs=0.0075)
    assert float(found.modes.value) == 25


def test_an_evaluation_uses_fresh_points() -> None:
    fresh = draw_lanes([5], "evaluate/real", Draw(ring(points=100), 1, 2, 500))
    assert len(np.unique(fresh)) > 900


def test_without_fixed_points_every_batch_is_drawn() -> None:
    draw = Draw(ring(), 2, 2, 30)
    by_hand = draw_lanes([5], "train/real", draw, 3, 5)
    assert np.array_equal(deal_lanes([5], "train/real", draw, 3, 5), by_hand)


@pytest.mark.parametrize("of", [lambda: ring(modes=4, radius=1e-9), lambda: grid(spacing=1e-12)])
def test_coinciding_modes_are_refused(of: Callable[[], Mixture]) -> None:
    with pytest.raises(ValidationError, match="fewer modes than they seem"):
        of()


@pytest.mark.parametrize("values", [{"modes": 1}, {"radius": 0.0}, {"std": 0.0}, {"points": 0}])
def test_an_invalid_ring_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="greater than"):
        ring(**values)


def test_a_mixture_has_the_attributes_of_a_data_set() -> None:
    distribution = ring()
    assert (
        distribution.size,
        distribution.shape,
        distribution.classes,
        distribution.fingerprint(),
    ) == (2, (2,), 0, {})
    distribution.check()
    assert distribution.preview(7, seed=1).shape == (7, 2)
    assert not np.array_equal(distribution.preview(7, seed=1), distribution.preview(7, seed=2))
