"""Tables, clusters in many dimensions, and small images."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gandiag.selftest.drawn.population import Draw, Ground, Population, Samples, of_parts

CLUSTER_STD = 0.15
"""The standard deviation within a cluster; its centres are one apart in every coordinate."""

SIDE = 8
"""Height and width of scikit-learn's digits."""


def _gaussian_table(rng: Generator, n: int) -> Samples:
    scales = 10.0 ** np.linspace(-2, 3, 12)
    return scales * rng.standard_normal((n, 12))


def _mixed_table(rng: Generator, n: int) -> Samples:
    """Twelve normal columns of unequal scale, four lognormal, three binary, one constant."""
    normal = 10.0 ** np.linspace(-3, 3, 12) * rng.standard_normal((n, 12))
    binary = rng.random((n, 3)) < (0.5, 0.2, 0.05)
    return np.hstack([normal, rng.lognormal(0, 1, (n, 4)), binary, np.full((n, 1), 3.0)])


def _far_rows(draw: Draw) -> Draw:
    """Rows whose first four columns lie six standard deviations off."""

    def junk(rng: Generator, n: int) -> Samples:
        rows = draw(rng, n)
        scale = np.abs(draw(np.random.default_rng(0), 4000)[:, :4]).mean(axis=0)
        rows[:, :4] += 7.5 * scale
        return rows

    return junk


@lru_cache(maxsize=4)
def _centres(size: int) -> Samples:
    return np.asarray(np.random.default_rng(size).choice([-1.0, 1.0], (10, size)))


def _clusters(size: int, ground: Ground) -> Population:
    def part(rng: Generator, n: int, number: int) -> Samples:
        return np.asarray(_centres(size)[number] + CLUSTER_STD * rng.standard_normal((n, size)))

    def between(rng: Generator, n: int) -> Samples:
        first = rng.integers(10, size=n)
        second = (first + rng.integers(1, 10, size=n)) % 10
        middles = (_centres(size)[first] + _centres(size)[second]) / 2
        return np.asarray(middles + CLUSTER_STD * rng.standard_normal((n, size)))

    name = f"10 clusters, {size} columns"
    return of_parts(name, ground, size, part, (0.1,) * 10, junk=between)


@lru_cache(maxsize=1)
def _digits() -> tuple[Samples, NDArray[np.intp]]:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(images))
    return images[order] / 16, labels[order]


def _digit(rng: Generator, n: int, number: int) -> Samples:
    images, labels = (every[1::2] for every in _digits())
    own = images[labels == number]
    return np.asarray(own[rng.integers(len(own), size=n)])


def _real_digits(rng: Generator, m: int) -> Samples:
    images = _digits()[0][::2]
    return np.asarray(images[rng.permutation(len(images))[:m]])


def _mixed_pixels(rng: Generator, n: int) -> Samples:
    """Every pixel from another image."""
    images = _digits()[0][1::2]
    return np.take_along_axis(images, rng.integers(len(images), size=(n, SIDE * SIDE)), axis=0)


TABLES = (
    Population(
        "table of 12 normal columns",
        "calibrating",
        _gaussian_table,
        12,
        tuple(range(12)),
        junk=_far_rows(_gaussian_table),
    ),
    _clusters(16, "calibrating"),
    Population(
        "table of 20 unequal columns",
        "reporting",
        _mixed_table,
        20,
        tuple(range(12)),
        junk=_far_rows(_mixed_table),
    ),
    _clusters(64, "reporting"),
    _clusters(512, "reporting"),
    of_parts(
        "digits of 8 x 8",
        "reporting",
        SIDE * SIDE,
        _digit,
        (0.1,) * 10,
        junk=_mixed_pixels,
        real=_real_digits,
        shape=(1, SIDE, SIDE),
    ),
)
"""Distributions of many columns."""
