"""Presets that take a moment."""

from __future__ import annotations

from typing import Any

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment


def short(preset: str, **settings: Any) -> Experiment:
    """A preset with few iterations and small observations."""
    few = {"schedule.iterations": 6, "recording.every": 2, "recording.samples": 64}
    if preset == "aylien-1d":
        few |= {"pretraining.iterations": 4, "recording.pretrain_every": 2}
    return read_experiment(preset, few | {"recording.batches": 2} | settings)
