"""Distributions in the plane: rings, grids, curves and a correlation."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.random import Generator

from gandiag.selftest.drawn.population import Draw, Ground, Population, Samples, of_parts

RHO = 0.95


def _ring(count: int, std: float) -> Samples:
    angle = 2 * np.pi * np.arange(count) / count
    return np.stack([np.cos(angle), np.sin(angle)], 1)


def _grid() -> Samples:
    line = 2.0 * (np.arange(5) - 2)
    return np.stack(np.meshgrid(line, line, indexing="ij"), -1).reshape(-1, 2)


def _around(centres: Samples, std: float) -> Callable[[Generator, int, int], Samples]:
    def part(rng: Generator, n: int, number: int) -> Samples:
        return np.asarray(centres[number] + std * rng.standard_normal((n, 2)))

    return part


def _modes(
    name: str, centres: Samples, std: float, off: Samples, ground: Ground, **more: Any
) -> Population:
    def junk(rng: Generator, n: int) -> Samples:
        return off[rng.integers(len(off), size=n)] + std * rng.standard_normal((n, 2))

    weights = (1 / len(centres),) * len(centres)
    return of_parts(name, ground, 2, _around(centres, std), weights, junk=junk, **more)


@lru_cache(maxsize=2)
def _curve(name: str) -> Samples:
    """Points that lie densely on the curve, without noise."""
    if name == "spiral":
        t = np.sqrt(np.linspace(0.05, 1, 4000)) * 3 * np.pi
        return np.stack([t * np.cos(t), t * np.sin(t)], 1) / 4
    from sklearn.datasets import make_moons

    return np.asarray(make_moons(4000, noise=0.0)[0], dtype=np.float64)


def _on(name: str) -> Draw:
    def draw(rng: Generator, n: int) -> Samples:
        curve = _curve(name)
        return curve[rng.integers(len(curve), size=n)] + 0.05 * rng.standard_normal((n, 2))

    return draw


def _off(name: str) -> Draw:
    """Points in the curve's box that lie six standard deviations of its noise from it."""

    def draw(rng: Generator, n: int) -> Samples:
        from scipy.spatial import cKDTree

        curve = _curve(name)
        box = rng.uniform(curve.min(axis=0), curve.max(axis=0), (20 * n + 200, 2))
        far = box[cKDTree(curve).query(box)[0] > 0.3]
        return far[rng.integers(len(far), size=n)]

    return draw


def _correlated(rng: Generator, n: int) -> Samples:
    first, second = rng.standard_normal((2, n))
    return np.stack([first, RHO * first + np.sqrt(1 - RHO**2) * second], 1)


def _across(rng: Generator, n: int) -> Samples:
    return np.array([2.0, -2.0]) + 0.2 * rng.standard_normal((n, 2))


PLANES = (
    _modes("ring of 8", _ring(8, 0.03), 0.03, 1.5 * _ring(8, 0.03), "calibrating"),
    _modes("grid of 25", _grid(), 0.05, _grid() + 1.0, "reporting"),
    Population("spiral", "reporting", _on("spiral"), 2, junk=_off("spiral")),
    Population("two moons", "reporting", _on("moons"), 2, junk=_off("moons")),
    Population("correlated plane", "reporting", _correlated, 2, (0, 1), junk=_across),
    Population(
        "correlated plane by formula",
        "reporting",
        _correlated,
        2,
        (0, 1),
        junk=_across,
        experiment={
            "kind": "multivariate-normal",
            "means": (0.0, 0.0),
            "covariance": ((1.0, RHO), (RHO, 1.0)),
        },
    ),
    _modes(
        "grid with known modes",
        _grid(),
        0.05,
        _grid() + 1.0,
        "reporting",
        experiment={"kind": "grid"},
    ),
    _modes(
        "ring of 12 with known modes",
        _ring(12, 0.02),
        0.02,
        1.5 * _ring(12, 0.02),
        "reporting",
        experiment={"kind": "ring", "modes": 12, "std": 0.02},
    ),
)
"""Distributions in the plane."""
