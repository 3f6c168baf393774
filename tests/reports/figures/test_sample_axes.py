"""Axes of samples: equal scales, the data inside, and a note on samples outside."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.data import MultivariateNormal, Normal, Ring
from gandiag.data.samples import Samples
from gandiag_html.figures.sample_axes import line_axis, plane_axes

NONE = np.empty((0, 0))


def test_the_axis_of_a_normal_distribution_contains_its_quantiles() -> None:
    axis = line_axis(Normal(kind="normal", mean=4.0, std=2.0), [("reached", np.full((9, 1), 4.0))])
    low, high = axis.limits
    assert low < 4 - 3 * 2 + 0.1
    assert high > 4 + 3 * 2 - 0.1
    assert axis.kind == "line"


def test_failed_runs_far_away_do_not_squeeze_the_others() -> None:
    rng = np.random.default_rng(0)
    near, far = rng.normal(size=(500, 1)), rng.normal(1e6, 1, size=(500, 1))
    axis = line_axis(Normal(kind="normal", mean=0.0, std=1.0), [("reached", near), ("failed", far)])
    assert axis.limits[1] < 100
    assert axis.outside_note(far[:, 0]) == "100 % of the samples lie outside the axes"
    assert axis.outside_note(near[:, 0]) == ""


def test_both_axes_of_the_plane_have_the_same_length() -> None:
    data = MultivariateNormal(
        kind="multivariate-normal", means=(1.0, 1.0), covariance=((9.0, 0.0), (0.0, 0.1))
    )
    (x0, x1), (y0, y1) = plane_axes(data, [], 2).limits
    assert x1 - x0 == pytest.approx(y1 - y0)
    assert (x0 + x1) / 2 == pytest.approx(1.0)
    assert (y0 + y1) / 2 == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (Ring(kind="ring"), "modes"),
        (
            Samples(np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32), (3,)),
            "real-plane",
        ),
        (Samples(np.empty((0, 3), np.float32), (3,)), "no-data"),
    ],
)
def test_the_kind_follows_from_what_is_known_of_the_data(data: Ring | Samples, kind: str) -> None:
    samples = np.random.default_rng(1).normal(size=(50, data.size))
    axes = plane_axes(data, [("ended", samples)], data.size)
    assert axes.kind == kind
    assert axes.project(samples).shape == (50, 2)
    assert axes.project(NONE).shape == (0, 2)
