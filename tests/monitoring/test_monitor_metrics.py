"""The columns that a monitor records of samples."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gandiag
from gandiag.metrics import Estimate, mode_coverage, precision_recall

from .loops import REAL

RNG = np.random.default_rng(0)


def columns(real: Any, fake: Any, **more: Any) -> dict[str, float]:
    monitor = gandiag.Monitor(None, real=real, **more)
    monitor.log_samples(0, fake=fake)
    row = monitor.series().iloc[0].dropna()
    return {str(name): value for name, value in row.items()}


def test_metrics_equal_those_of_the_library(home: Path) -> None:
    fake = RNG.normal(4.2, 0.4, 700)
    with gandiag.Monitor(home, real=REAL) as monitor:
        monitor.log_samples(0, fake=fake[:, None])
    row = gandiag.load(home).series.iloc[0]
    known = gandiag.metrics.wasserstein(real=REAL.astype("f"), fake=fake.astype("f"))
    assert row["wasserstein"] == pytest.approx(known.value)
    assert row["wasserstein_se"] == pytest.approx(known.se)
    assert row["wasserstein_floor"] == pytest.approx(known.floor)
    assert row["std"] == pytest.approx(fake.std(), rel=1e-6)


def test_metrics_of_samples_in_the_plane() -> None:
    real, fake = RNG.normal(size=(500, 2)), RNG.normal(size=(400, 2))
    found = columns(real, fake)
    assert found["mean_1"] == pytest.approx(fake[:, 1].mean(), rel=1e-5)
    assert found["cov_0_1"] == pytest.approx(np.cov(fake.T, ddof=0)[0, 1], rel=1e-5)
    assert {"sliced_wasserstein", "sliced_wasserstein_floor"} <= set(found)


def test_metrics_of_images() -> None:
    real, fake = RNG.random((60, 8, 8)), np.repeat(RNG.random((1, 8, 8)), 50, axis=0)
    found = columns(real, fake)
    assert found["spread"] == pytest.approx(0, abs=1e-6)
    assert found["spread_floor"] == pytest.approx(real.reshape(60, -1).std(0).mean(), rel=0.1)


def test_a_custom_metric_may_return_numbers_estimates_mappings_or_vectors() -> None:
    metrics = {
        "number": lambda real, fake: float(len(real) + len(fake)),
        "made": lambda fake: len(fake),
        "estimate": lambda fake: Estimate(2.0, se=0.5, floor=1.0),
        "several": lambda fake: {"a": 1.0, "b": np.float32(2)},
        "vector": lambda fake: np.array([1.0, 2.0]),
        "ks": None,
    }
    found = columns(REAL, REAL[:100], metrics=metrics)
    assert (found["number"], found["made"]) == (3100, 100)
    assert (found["estimate"], found["estimate_se"], found["estimate_floor"]) == (2, 0.5, 1)
    assert (found["several_a"], found["several_b"]) == (1, 2)
    assert (found["vector_0"], found["vector_1"]) == (1, 2)
    assert "ks" not in found


def test_a_dataclass_of_estimates_gives_a_column_for_each_field() -> None:
    centres = np.array([[0.0, 0.0], [5.0, 5.0]])
    fake = RNG.normal(size=(300, 2)) * 0.1
    modes = partial(mode_coverage, centres=centres, std=0.1)
    found = columns(fake, fake, metrics={"modes": modes})
    assert found["modes"] == 1


def test_two_metrics_with_the_same_fields_get_different_columns(home: Path) -> None:
    metrics = {
        "near": partial(precision_recall, k=3),
        "far": partial(precision_recall, k=10),
    }
    with gandiag.Monitor(home, real=REAL[:200], metrics=metrics) as monitor:
        monitor.log_samples(0, fake=REAL[:150])
    assert {"precision", "far_precision", "far_recall"} <= set(gandiag.load(home).series)


def test_a_metric_that_overwrites_its_samples_changes_no_other(home: Path) -> None:
    def vandal(fake: np.ndarray, real: np.ndarray) -> float:
        fake[:] = real[:] = 0
        return 1.0

    with gandiag.Monitor(home, real=REAL, metrics={"vandal": vandal}, every=1) as monitor:
        for step in range(2):
            monitor.log_samples(step, fake=REAL[:50])
    results = gandiag.load(home)
    assert (results.series["mean_floor"] > 3).all()
    assert (results.samples(results.runs["run"][0]).values.mean(axis=(1, 2)) > 3).all()
