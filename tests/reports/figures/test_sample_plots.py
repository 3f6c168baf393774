"""Plots of samples: histograms are densities, and bins follow the width of the target."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gandiag.data import MultivariateNormal
from gandiag_html.figures.sample_plots import (
    HEADROOM,
    _ellipses,
    density_on,
    edges_for,
    heights_of,
    top_for,
)


def test_a_histogram_of_samples_inside_integrates_to_one() -> None:
    edges = np.linspace(-6, 6, 49)
    samples = np.random.default_rng(0).normal(size=5000)
    assert np.sum(heights_of(samples, edges) * np.diff(edges)) == pytest.approx(1)


def test_samples_outside_the_axis_are_missing_from_the_histogram() -> None:
    heights = heights_of(np.array([0.5, 0.5, 99.0, -99.0]), np.array([0.0, 1.0]))
    assert heights.tolist() == [0.5]
    assert heights_of(np.empty(0), np.array([0.0, 1.0])).tolist() == [0.0]


def test_a_narrow_target_gets_narrow_bins() -> None:
    target = density_on((-10, 10), stats.norm(0, 0.3).pdf)
    wide = density_on((-10, 10), stats.norm(0, 3).pdf)
    assert target is not None
    assert len(edges_for((-10, 10), target)) > len(edges_for((-10, 10), wide))
    assert top_for(target, 99.0) == pytest.approx(HEADROOM * target.max())
    assert top_for(None, 2.0) > 2


def test_the_ellipses_have_mahalanobis_distances_one_and_two() -> None:
    covariance = np.array([[2.0, 0.8], [0.8, 1.0]])
    data = MultivariateNormal(
        kind="multivariate-normal", means=(1.0, -2.0), covariance=tuple(map(tuple, covariance))
    )
    for radius, ring in zip((1.0, 2.0), _ellipses(data), strict=True):
        offset = np.stack(ring) - np.array([[1.0], [-2.0]])
        distance = np.sqrt((offset * np.linalg.solve(covariance, offset)).sum(axis=0))
        assert distance == pytest.approx(np.full(len(distance), radius))
