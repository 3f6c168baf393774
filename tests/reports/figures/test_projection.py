"""The projection onto the first two principal axes is that of PCA."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from gandiag.data.samples import Samples
from gandiag_html.figures.projection import first_coordinates, principal_axes


def test_the_axes_are_the_directions_of_the_largest_variance() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(500, 4)) * [0.1, 3.0, 0.2, 2.0]
    plane = principal_axes(Samples(values.astype(np.float32), (4,)))
    assert np.abs(plane.axes[1, 0]) > 0.99
    assert np.abs(plane.axes[3, 1]) > 0.99
    assert plane.axes.max(axis=0).min() > 0.99
    assert plane.of(values).std(axis=0) == pytest.approx([3.0, 2.0], rel=0.1)


def test_the_projection_is_that_of_an_independent_pca_up_to_signs() -> None:
    rng = np.random.default_rng(1)
    values = (rng.normal(size=(300, 5)) @ rng.normal(size=(5, 5))).astype(np.float32)
    plane = principal_axes(Samples(values, (5,)))
    pca = PCA(2).fit(values.astype(np.float64))
    assert np.abs(plane.of(values)) == pytest.approx(np.abs(pca.transform(values)), abs=1e-4)
    share = 100 * pca.explained_variance_ratio_.sum()
    assert f"explain {share:.0f} % of the variance in 5 coordinates" in plane.description
    assert (plane.axes[np.abs(plane.axes).argmax(axis=0), [0, 1]] > 0).all()


def test_two_coordinates_are_shown_as_they_are() -> None:
    values = np.random.default_rng(2).normal(size=(20, 2)).astype(np.float32)
    plane = principal_axes(Samples(values, (2,)))
    assert np.array_equal(plane.of(values), values)
    assert plane.description == ""
    assert first_coordinates(3).description == "the first two of 3 coordinates"
