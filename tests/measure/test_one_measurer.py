"""A sweep and a monitor record the same row of the same arrays."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gandiag.columns import owner
from gandiag.data import Array
from gandiag.data.samples import Samples
from gandiag.measure import measure
from gandiag.monitoring.measuring import Measuring

SHAPES = [(1,), (2,), (3,), (10,), (3, 8, 8)]


def drawn(shape: tuple[int, ...], n: int, seed: int, shift: float = 0.0) -> Any:
    """Skewed samples [n, *shape] of correlated coordinates."""
    rng = np.random.default_rng(seed)
    common = rng.gamma(2.0, size=(n, *[1] * len(shape)))
    return (common + rng.normal(shift, 0.5, size=(n, *shape))).astype(np.float32)


def in_a_sweep(stage: Any, real: Any, fake: Any, folder: Path) -> dict[str, float]:
    np.save(folder / "real.npy", real)
    data = Array(kind="array", path=str(folder / "real.npy"))
    observed = stage.sees(fake.reshape(len(fake), -1).T[None])
    (row,) = measure(stage.of(data), observed)
    return {k: v for k, v in row.items() if owner(k) == "samples" or k == "n_samples"}


def in_a_monitor(real: Any, fake: Any) -> dict[str, float | None]:
    shape = real.shape[1:]
    flat = Samples(real.reshape(len(real), -1), shape)
    row, lost = Measuring(flat)(Samples(fake.reshape(len(fake), -1), shape))
    assert lost == {}
    return row


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("m", [400, 6000])
def test_a_sweep_and_a_monitor_record_equal_rows_of_the_same_arrays(
    shape: tuple[int, ...], m: int, stage: Any, tmp_path: Path
) -> None:
    real, fake = drawn(shape, m, 0), drawn(shape, 700, 1, shift=0.3)
    swept = in_a_sweep(stage, real, fake, tmp_path)
    assert swept == in_a_monitor(real, fake)
    assert len(swept) > 6
    assert all(math.isfinite(value) for value in swept.values())


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_non_finite_sample_gives_equal_rows_too(
    shape: tuple[int, ...], stage: Any, tmp_path: Path
) -> None:
    real, fake = drawn(shape, 300, 0), drawn(shape, 200, 1)
    fake[7] = np.nan
    swept, logged = in_a_sweep(stage, real, fake, tmp_path), in_a_monitor(real, fake)
    assert swept.keys() == logged.keys()
    assert all(logged[name] == pytest.approx(swept[name], nan_ok=True, rel=0) for name in swept)
    assert any(math.isnan(value) for value in swept.values())


def test_real_samples_give_the_floors_where_there_is_no_formula(stage: Any, tmp_path: Path) -> None:
    real, fake = drawn((2,), 500, 0), drawn((2,), 300, 1)
    row = in_a_sweep(stage, real, fake, tmp_path)
    assert row["mean_0_floor"] == pytest.approx(float(real[:, 0].mean()), rel=1e-5)
    assert row["std_1_floor"] == pytest.approx(float(real[:, 1].std()), rel=1e-5)
