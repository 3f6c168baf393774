"""Bins by k-means on half the real samples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.metrics import Bins


def test_three_clusters_are_three_bins_and_half_the_samples_are_counted() -> None:
    rng = np.random.default_rng(1)
    places = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    real = places[rng.integers(0, 3, 600)] + 0.1 * rng.normal(size=(600, 2))
    bins = Bins(real, bins=3)
    assert bins.counts.sum() == 300
    found = bins.centres[np.lexsort(bins.centres.round().T)]
    assert found == pytest.approx(places[np.lexsort(places.T)], abs=0.1)
    order = np.argsort(bins.centres.sum(axis=1))
    assert bins.count(places[[0, 0, 0]] + 1).tolist() == [3 * (i == order[0]) for i in range(3)]


def test_few_samples_make_few_bins() -> None:
    real = np.random.default_rng(2).normal(size=(430, 2))
    assert len(Bins(real).centres) == 21
    assert len(Bins(real, bins=7).centres) == 7


def test_the_same_seed_gives_the_same_bins() -> None:
    real = np.random.default_rng(3).normal(size=(800, 3))
    one, same, other = Bins(real, 20), Bins(real, 20), Bins(real, 20, seed=1)
    assert np.array_equal(one.centres, same.centres)
    assert np.array_equal(one.counts, same.counts)
    assert not np.array_equal(one.centres, other.centres)


def test_equal_samples_are_in_one_bin() -> None:
    assert sorted(Bins(np.full((60, 2), 0.1)).counts.tolist())[-1] == 30


def test_invalid_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match="n >= 40"):
        Bins(np.zeros((39, 2)))
    with pytest.raises(ValueError, match="bins = 1"):
        Bins(np.zeros((50, 2)), bins=1)
    with pytest.raises(ValueError, match="NaN or infinite"):
        Bins(np.full((50, 2), math.nan))
