"""Losses of a run of which nothing else was recorded, of every usual length and kind of noise."""

from __future__ import annotations

import math

import numpy as np

from gandiag.analysis.record import Expected, Record

LENGTHS = (60, 200, 600, 2000)
NOISES = ("normal", "student", "autocorrelated")
LN2 = math.log(2)


def noise(kind, n, size, seed=0):
    rng = np.random.default_rng([seed, n])
    if kind == "student":
        return size * rng.standard_t(3, n) / math.sqrt(3)
    if kind == "normal":
        return size * rng.normal(size=n)
    steps, values = rng.normal(size=n), np.zeros(n)
    for k in range(1, n):
        values[k] = 0.8 * values[k - 1] + 0.6 * steps[k]
    return size * values


def record(expected=None, planned=True, **columns):
    """Of losses alone, or with what is given."""
    n = len(next(iter(columns.values())))
    columns = {name: np.asarray(values, float) for name, values in columns.items()}
    length = (n - 1) * 10 if planned else None
    return Record(np.arange(n) * 10, columns, expected or Expected(), length)
