"""A point mass."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.data import Point
from gandiag.metrics import Target
from gandiag.running.streams import generator

X = np.array([-3.0, 1.9, 2.0, 2.1])


@pytest.fixture
def point() -> Point:
    return Point(kind="point", at=2.0)


def test_every_sample_is_the_point(point: Point) -> None:
    out = np.empty((3, 1, 5), dtype=np.float32)
    point.fill(generator(1, "train/real"), out)
    assert (out == 2.0).all()


def test_the_cdf_is_a_step_that_is_one_at_the_point(point: Point) -> None:
    assert point.cdf(X).tolist() == [0.0, 0.0, 1.0, 1.0]


def test_every_quantile_is_the_point(point: Point) -> None:
    assert point.quantile(np.array([0.0, 0.3, 1.0])).tolist() == [2.0, 2.0, 2.0]


def test_the_mean_distance_is_the_distance_to_the_point(point: Point) -> None:
    assert point.mean_distance(X) == pytest.approx(np.abs(X - 2.0))


def test_the_self_distance_is_0(point: Point) -> None:
    assert point.self_distance == 0.0


def test_a_point_is_an_exact_target_at_zero_by_default() -> None:
    assert isinstance(Point(kind="point"), Target)
    assert Point(kind="point").at == 0.0
