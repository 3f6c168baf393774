"""Samples by their coordinates."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gandiag.data import Array, Data, MultivariateNormal, Ring
from gandiag.measure import measure
from gandiag.measure.coordinates import each_spread, pooled_moments
from gandiag.measure.known import Known
from gandiag.metrics import Estimate

PLANE = MultivariateNormal(
    kind="multivariate-normal", means=(1.0, 1.0), covariance=((1.0, 0.8), (0.8, 1.0))
)


def test_one_coordinate_has_moments_and_distances_with_errors_and_floors(stage: Any) -> None:
    samples = np.random.default_rng(1).normal(4.0, 1.25, (3, 1, 200))
    row = measure(stage.devnag, stage.sees(samples))[0]
    for name in ("mean", "std", "skew", "kurtosis", "wasserstein", "ks", "energy"):
        assert math.isfinite(row[name])
        assert row[f"{name}_se"] > 0
    for name in ("wasserstein", "ks", "energy"):
        assert row[f"{name}_floor"] > 0
    assert row["mean"] == pytest.approx(samples[0].mean(), rel=1e-6)


def test_two_coordinates_have_numbered_columns(stage: Any) -> None:
    observed = stage.sees(stage.drawn(PLANE, 3, 200))
    row = measure(stage.of(PLANE), observed)[1]
    samples = observed.values["samples"][1].astype(np.float64)
    assert row["mean_0"] == pytest.approx(samples[0].mean(), rel=1e-6)
    assert row["std_1"] == pytest.approx(samples[1].std(), rel=1e-6)
    assert row["cov_0_1"] == pytest.approx(np.cov(samples, ddof=0)[0, 1], rel=1e-5)
    assert "cov_1_0" not in row
    assert "mean" not in row
    assert row["mean_0_se"] > 0
    assert row["cov_0_1_se"] > 0


@pytest.mark.parametrize("size", [4, 300])
def test_many_coordinates_are_summarised_by_three_columns(stage: Any, size: int) -> None:
    data = MultivariateNormal(
        kind="multivariate-normal",
        means=tuple(float(k) for k in range(size)),
        covariance=np.eye(size).tolist(),
    )
    samples = stage.drawn(data, 2, 500).astype(np.float64)
    row = measure(stage.of(data), stage.sees(samples))[1]
    assert row["mean"] == pytest.approx(samples[1].mean())
    assert row["std"] == pytest.approx(samples[1].std())
    assert row["spread"] == pytest.approx(np.sqrt(np.trace(np.cov(samples[1], ddof=0)) / size))
    assert row["spread"] == pytest.approx(1.0, abs=0.05)
    assert row["std"] > 1.4  # the spread ignores the distance of the means
    assert not [name for name in row if name.endswith(("_0", "_1", "_3"))]


def numbers(lanes: Any) -> list[dict[str, Estimate]]:
    """The mean, std and spread of every lane of samples of many coordinates."""
    known = Known(lanes.shape[1])
    pairs = zip(pooled_moments(known, lanes), each_spread(known, lanes), strict=True)
    return [moments | spread for moments, spread in pairs]


def test_pooled_standard_errors_equal_the_observed_scatter_of_correlated_coordinates() -> None:
    rng = np.random.default_rng(0)
    lanes = rng.normal(1.0, 0.5, (400, 1, 60)) * rng.random((1, 30, 1)) ** 2
    lanes += 0.1 * rng.normal(size=lanes.shape)
    found = numbers(lanes)
    for name in ("mean", "std", "spread"):
        values, errors = np.array([(each[name].value, each[name].se) for each in found]).T
        assert errors.mean() == pytest.approx(values.std(), rel=0.12), name


def test_a_collapse_to_one_image_has_contrast_but_no_spread() -> None:
    image = np.random.default_rng(0).random(300)
    (found,) = numbers(np.tile(image[None, :, None], (1, 1, 50)))
    assert found["std"].value == pytest.approx(image.std())
    assert found["spread"].value == 0


def row_of(stage: Any, data: Data, samples: Any) -> dict[str, Any]:
    found: dict[str, Any] = measure(stage.of(data), stage.sees(samples))[0]
    return found


def test_real_samples_are_near_the_floor(stage: Any) -> None:
    ring = Ring(kind="ring")
    near = row_of(stage, ring, ring.preview(2000, seed=3).T[None])
    assert near["sliced_wasserstein"] < 2 * near["sliced_wasserstein_floor"]
    assert near["sliced_wasserstein_se"] > 0


def test_sliced_wasserstein_of_a_shift_equals_its_mean_length_along_the_directions(
    stage: Any,
) -> None:
    unit = MultivariateNormal(
        kind="multivariate-normal", means=(0.0, 0.0), covariance=((1.0, 0.0), (0.0, 1.0))
    )
    moved = unit.preview(2500).T[None] + np.array([[[3.0], [4.0]]])
    found = row_of(stage, unit, moved)["sliced_wasserstein"]
    # 5 times the mean of |cos| over the 16 directions: about 2 / pi.
    assert found == pytest.approx(5 * 2 / math.pi, rel=0.15)


def test_samples_of_one_coordinate_are_compared_with_those_of_the_file(
    stage: Any, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).gamma(2.0, size=2500)
    np.save(tmp_path / "x.npy", values)
    data = Array(kind="array", path=str(tmp_path / "x.npy"))
    found = row_of(stage, data, values[None, None] + 0.5)
    assert found["wasserstein"] == pytest.approx(0.5, rel=1e-5)
    assert found["wasserstein_se"] > 0


def test_non_finite_samples_have_no_distance(stage: Any) -> None:
    ring = Ring(kind="ring")
    broken = ring.preview(50).T[None].copy()
    broken[0, 0, 0] = np.nan
    assert math.isnan(row_of(stage, ring, broken)["sliced_wasserstein"])
