"""Small games to look at without a framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment

DENSE = {"kind": "dense", "units": 4, "activation": "tanh"}

SMALL: dict[str, Any] = {
    "schedule.batch": 12,
    "schedule.iterations": 4,
    "recording.samples": 8,
    "generator.layers": [DENSE, {"kind": "dense", "units": 2}],
    "discriminator.layers": [DENSE, {"kind": "dense", "units": 1}],
}


@pytest.fixture(scope="session")
def small() -> Callable[..., Experiment]:
    """A ring with small nets and other settings: ``small({"objective.r1": 1.0})``."""

    def read(settings: dict[str, Any] | None = None) -> Experiment:
        return read_experiment("ring8", SMALL | (settings or {}))

    return read
