"""Neighbours by a tree and by blocks, against scikit-learn and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from gandiag.metrics import Neighbourhoods, neighbourhoods

SIZES = [1, 3, 8, 9, 40]
"""Up to 8 coordinates a tree is searched, beyond them blocks."""


@pytest.fixture(params=["apart", "ties", "repeated", "far"])
def points(request):
    """Makes samples: continuous, on a lattice, each several times, or far from 0."""

    def made(n, size, seed):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(n, size))
        if request.param == "ties":
            return np.round(x)
        if request.param == "repeated":
            return np.repeat(x[: -(-n // 4)], 4, axis=0)[:n]
        return x + 1e4 if request.param == "far" else x

    return made


@pytest.fixture(params=[neighbourhoods.BLOCK, 700])
def _block(request, monkeypatch):
    monkeypatch.setattr(neighbourhoods, "BLOCK", request.param)


@pytest.mark.usefixtures("_block")
@pytest.mark.parametrize("size", SIZES)
def test_distances_among_the_real_samples_are_those_of_all_pairs(points, size):
    real = points(90, size, 0)
    known = Neighbourhoods(real)
    exact = cdist(real, real)
    np.fill_diagonal(exact, np.inf)
    for k in (3, 1, 7, 89):
        np.testing.assert_allclose(
            known.distances(k), np.sort(exact, axis=1)[:, :k], rtol=1e-5, atol=1e-5
        )
    own = exact[np.arange(90), known.nearest]
    np.testing.assert_allclose(own, exact.min(axis=1), rtol=1e-5, atol=1e-5)
    assert (known.nearest != np.arange(90)).all()


@pytest.mark.usefixtures("_block")
@pytest.mark.parametrize("size", SIZES)
def test_distances_to_the_other_side_are_those_of_all_pairs(points, size):
    real, others = points(90, size, 0), points(60, size, 1)
    to_real, of_real, to_others, of_others = Neighbourhoods(real).to(others)
    exact = cdist(others, real)
    np.testing.assert_allclose(to_real, exact.min(axis=1), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(to_others, np.sort(exact.T, axis=1)[:, :2], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(exact[np.arange(60), of_real], to_real, rtol=1e-5, atol=1e-5)
    nearest = exact[of_others, np.arange(90)]
    np.testing.assert_allclose(nearest, to_others[:, 0], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("size", SIZES)
def test_scikit_learn_finds_the_same(size):
    search = pytest.importorskip("sklearn.neighbors").NearestNeighbors
    rng = np.random.default_rng(size)
    real, others = rng.normal(size=(200, size)), rng.normal(size=(150, size))
    distances, indices = search(n_neighbors=6).fit(real).kneighbors(real)
    known = Neighbourhoods(real)
    np.testing.assert_allclose(known.distances(5), distances[:, 1:], rtol=1e-9)
    np.testing.assert_array_equal(known.nearest, indices[:, 1])
    np.testing.assert_array_equal(
        known.to(others)[1], search(n_neighbors=1).fit(real).kneighbors(others)[1][:, 0]
    )


@pytest.mark.parametrize("size", [2, 30])
def test_equal_samples_have_distance_0(size):
    x = 1e3 + np.random.default_rng(0).normal(size=(50, size))
    known = Neighbourhoods(np.vstack([x, x]))
    assert (known.distances(1) == 0).all()
    assert (known.to(x)[0] == 0).all()


@pytest.mark.parametrize("size", [1, 20])
def test_two_samples_are_enough(size):
    known = Neighbourhoods([[0.0] * size, [3.0] * size])
    assert known.distances(1)[:, 0] == pytest.approx([3 * size**0.5] * 2)
    assert known.nearest.tolist() == [1, 0]
    assert len(known) == 2


def test_one_sample_or_one_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="n >= 2"):
        Neighbourhoods([[1.0, 2.0]])
    with pytest.raises(ValueError, match="drop them first"):
        Neighbourhoods([1.0, np.nan, 2.0])
