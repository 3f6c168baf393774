"""The content of a store: which run's samples are given back, and that none is invented."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import gandiag
from gandiag.errors import StoreError


def test_samples_belong_to_the_run_that_is_asked_for(finished: Path) -> None:
    found = gandiag.load(finished)
    means = found.series.groupby("run")["mean"].last()
    for run in found.runs["run"][:3]:
        last = found.samples(run).values[-1]
        assert last.mean(dtype=np.float64) == pytest.approx(means[run], rel=1e-6)


def test_a_run_of_another_store_is_unknown(finished: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no run 'elsewhere'.*gandiag ls"):
        gandiag.load(finished).samples("elsewhere")


def test_results_cannot_be_reassigned(finished: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        gandiag.load(finished).directory = Path()  # type: ignore[misc]
