"""Distributions of one number: light and heavy tails, skew, gaps and outliers."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from gandiag.selftest.drawn.population import Draw, Ground, Population, Samples, of_parts


def _line(
    name: str, draw: Draw, junk: Draw | None = None, ground: Ground = "reporting"
) -> Population:
    return Population(name, ground, lambda rng, n: draw(rng, n).reshape(-1, 1), 1, (0,), junk=junk)


def _outliers(size: float) -> Draw:
    """A standard normal distribution of which 1 in 1,000 lies ``size`` times as far off."""

    def draw(rng: Generator, n: int) -> Samples:
        values = rng.standard_normal(n)
        return np.where(rng.random(n) < 0.001, size * np.sign(values), values)

    return draw


def _between(low: float, high: float) -> Draw:
    return lambda rng, n: rng.uniform(low, high, (n, 1))


def _mode(rng: Generator, n: int, number: int) -> Samples:
    return (-3.0 if number == 0 else 3.0) + 0.5 * rng.standard_normal((n, 1))


LINES = (
    _line("normal", lambda rng, n: rng.standard_normal(n), _between(6, 8), "calibrating"),
    _line("lognormal(1)", lambda rng, n: rng.lognormal(0, 1, n), _between(-6, -2)),
    _line("lognormal(2)", lambda rng, n: rng.lognormal(0, 2, n), _between(-20, -5)),
    _line("t3", lambda rng, n: rng.standard_t(3, n)),
    _line("t2", lambda rng, n: rng.standard_t(2, n)),
    _line("outliers of 100 sd", _outliers(100), _between(8, 12)),
    _line("outliers of 1,000 sd", _outliers(1000), _between(8, 12)),
    _line("uniform", lambda rng, n: rng.random(n), _between(1.5, 2.5)),
    _line("gamma(2)", lambda rng, n: rng.gamma(2, 1, n), _between(-4, -1)),
    of_parts("two unequal modes", "reporting", 1, _mode, (0.3, 0.7), junk=_between(-0.8, 0.8)),
    Population(
        "normal by formula",
        "reporting",
        lambda rng, n: 4 + 1.25 * rng.standard_normal((n, 1)),
        1,
        (0,),
        junk=_between(12, 15),
        experiment={"kind": "normal", "mean": 4.0, "std": 1.25},
    ),
)
"""Distributions of one number."""
