"""Samples of a mixture whose modes are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gandiag.data import Grid, Ring
from gandiag.measure import measure

RING = Ring(kind="ring")
GRID = Grid(kind="grid")


@pytest.mark.parametrize(("data", "count"), [(RING, 8), (GRID, 25)])
def test_real_samples_have_every_mode_and_are_near_the_floors(
    stage: Any, data: Ring | Grid, count: int
) -> None:
    row = measure(stage.of(data), stage.sees(stage.drawn(data, 1, 2500)))[0]
    assert row["modes"] == row["modes_robust"] == count
    for name in ("high_quality", "spread_ratio", "reverse_kl"):
        assert abs(row[name] - row[f"{name}_floor"]) < 4.5 * row[f"{name}_se"]
    shares = [row[f"mode_share_{k}"] for k in range(count)]
    assert sum(shares) == pytest.approx(1.0)
    assert row["mode_share_0_floor"] == pytest.approx(1 / count)
    assert row["std_0"] == pytest.approx(np.sqrt((data.centres[:, 0] ** 2).mean()), rel=0.1)


def test_the_share_of_a_missing_mode_is_0(stage: Any) -> None:
    samples = stage.drawn(RING, 2, 3000)
    nearest = ((samples[1].T[:, None] - RING.centres) ** 2).sum(axis=2).argmin(axis=1)
    fallen = np.where(nearest == 3, RING.centres[[2]].T, samples[1])
    whole, lost = measure(stage.of(RING), stage.sees(np.stack([samples[0], fallen])))
    assert (whole["modes"], lost["modes"], lost["modes_robust"]) == (8, 7, 7)
    assert lost["mode_share_3"] == 0
    assert lost["mode_share_2"] == pytest.approx(0.25, abs=0.03)
    expected = np.log(8) - (6 / 8 * np.log(8) + 2 / 8 * np.log(4))
    assert lost["reverse_kl"] == pytest.approx(expected, abs=0.02)


def test_samples_between_the_modes_are_not_high_quality(stage: Any) -> None:
    samples = stage.drawn(GRID, 1, 1000)
    samples[0, :, ::2] = 1.0  # in the middle of four
    row = measure(stage.of(GRID), stage.sees(samples))[0]
    assert row["high_quality"] == pytest.approx(0.5 * 0.989, abs=0.03)


def test_modes_that_are_too_wide_raise_the_spread_ratio(stage: Any) -> None:
    wide = GRID.model_copy(update={"std": 1.3 * GRID.std})
    row = measure(stage.of(GRID), stage.sees(stage.drawn(wide, 1, 2500)))[0]
    assert row["spread_ratio"] > 1.1
    assert row["high_quality"] < row["high_quality_floor"] - 5 * row["high_quality_se"]


def test_beyond_100_modes_there_are_no_share_columns(stage: Any) -> None:
    many = Grid(kind="grid", side=11)
    row = measure(stage.of(many), stage.sees(stage.drawn(many, 1, 2500)))[0]
    assert row["modes"] == 121
    assert not [name for name in row if name.startswith("mode_share")]
