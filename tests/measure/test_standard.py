"""The standard metrics, and what it takes to add one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gandiag import columns
from gandiag.columns import TABLE, Column, Index
from gandiag.data import Grid, Mnist, MultivariateNormal, Normal, Ring, StackedMnist
from gandiag.data.samples import Samples
from gandiag.measure import columns_of, measure, standard
from gandiag.measure.known import Known, known_of
from gandiag.measure.standard import (
    STANDARD,
    Metric,
    compared_in_space,
    metrics_of,
    names_of_any_data,
    of_each,
)
from gandiag.metrics import c2st, mmd
from gandiag.monitoring.measuring import Measuring


def plane(size: int) -> MultivariateNormal:
    return MultivariateNormal(
        kind="multivariate-normal", means=(0.0,) * size, covariance=np.eye(size).tolist()
    )


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (
            Normal(kind="normal", mean=0.0, std=1.0),
            ["moments", "wasserstein", "ks", "energy", "reach"],
        ),
        (plane(2), ["moments", "cov", "sliced_wasserstein", "reach"]),
        (plane(5), ["moments", "spread", "sliced_wasserstein", "reach"]),
        (Ring(kind="ring"), ["moments", "cov", "sliced_wasserstein", "reach", "modes"]),
        (Grid(kind="grid"), ["moments", "cov", "sliced_wasserstein", "reach", "modes"]),
        (Mnist(kind="mnist"), ["moments", "spread", "digits"]),
        (StackedMnist(kind="stacked-mnist"), ["moments", "spread", "stacks"]),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_the_data_determine_the_metrics(data: Any, names: list[str]) -> None:
    assert [metric.name for metric in metrics_of(known_of(data))] == names


@pytest.mark.parametrize("size", [1, 2, 9])
def test_without_real_samples_there_are_no_distances(size: int) -> None:
    names = {metric.name for metric in metrics_of(Known(size))}
    assert names <= {"moments", "cov", "spread"}


def test_a_monitor_can_leave_out_any_metric_of_samples() -> None:
    assert names_of_any_data() == [
        *("moments", "wasserstein", "ks", "energy", "scores", "reach", "cov"),
        *("sliced_wasserstein", "spread"),
    ]


def test_a_metric_is_added_by_one_metric_row_and_one_column_row(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (*STANDARD, Metric("new", compared_in_space, of_each("new", mmd)))
    monkeypatch.setattr(standard, "STANDARD", more)
    monkeypatch.setattr(columns, "INDEX", Index([*TABLE, Column("new", "samples", "low", "New")]))
    ring, rng = Ring(kind="ring"), np.random.default_rng(0)
    fake = rng.normal(size=(60, 2)).astype(np.float32)
    (row,) = measure(stage.of(ring), stage.sees(fake.T[None]))
    assert row["new"] == pytest.approx(mmd(real=ring.real(2500), fake=fake).value)
    assert {"new", "new_floor"} <= set(columns_of(stage.of(ring)))
    logged, lost = Measuring(Samples(ring.real(300)))(Samples(fake))
    assert lost == {}
    assert logged["new"] == pytest.approx(mmd(real=ring.real(300), fake=fake).value)
    left_out, _ = Measuring(Samples(ring.real(300)), {"new": None})(Samples(fake))
    assert "new" not in left_out


def test_the_example_of_the_guide_works_as_it_is_written(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (*STANDARD, Metric("c2st", compared_in_space, of_each("c2st", c2st)))
    monkeypatch.setattr(standard, "STANDARD", more)
    ring = Ring(kind="ring")
    assert "c2st" in columns_of(stage.of(ring))
    (row,) = measure(stage.of(ring), stage.sees(ring.preview(100, seed=1).T[None] + 9))
    assert row["c2st"] > 0.9
