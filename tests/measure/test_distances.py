"""The distance from data whose law has no formula."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gandiag.data import Array, Data, MultivariateNormal, Ring
from gandiag.measure import measure


def row_of(stage: Any, data: Data, samples: Any) -> dict[str, Any]:
    found: dict[str, Any] = measure(stage.of(data), stage.sees(samples))[0]
    return found


def test_the_data_themselves_are_as_far_as_the_floor_says(stage: Any) -> None:
    ring = Ring(kind="ring")
    near = row_of(stage, ring, ring.preview(2000, seed=3).T[None])
    assert near["sliced_wasserstein"] < 2 * near["sliced_wasserstein_floor"]
    assert near["sliced_wasserstein_se"] > 0


def test_a_shift_reads_as_its_mean_length_along_the_directions(stage: Any) -> None:
    unit = MultivariateNormal(
        kind="multivariate-normal", means=(0.0, 0.0), covariance=((1.0, 0.0), (0.0, 1.0))
    )
    moved = unit.preview(2500).T[None] + np.array([[[3.0], [4.0]]])
    found = row_of(stage, unit, moved)["sliced_wasserstein"]
    # 5 times the mean of |cos| over 16 directions, which is 2 / pi but for their choice.
    assert found == pytest.approx(5 * 2 / math.pi, rel=0.15)


def test_numbers_of_a_file_are_compared_with_that_file(stage: Any, tmp_path: Path) -> None:
    values = np.random.default_rng(0).gamma(2.0, size=2500)
    np.save(tmp_path / "x.npy", values)
    data = Array(kind="array", path=str(tmp_path / "x.npy"))
    found = row_of(stage, data, values[None, None] + 0.5)
    assert found["wasserstein"] == pytest.approx(0.5, rel=1e-5)
    assert found["wasserstein_se"] > 0


def test_samples_that_are_not_finite_have_none(stage: Any) -> None:
    ring = Ring(kind="ring")
    broken = ring.preview(50).T[None].copy()
    broken[0, 0, 0] = np.nan
    assert math.isnan(row_of(stage, ring, broken)["sliced_wasserstein"])
