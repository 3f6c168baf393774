"""The stored description of a training with the user's own code."""

from __future__ import annotations

import pytest

from gandiag.experiment.loading import read_experiment, trained_from
from gandiag.experiment.recorded import Recorded, require_experiment


def test_a_recorded_experiment_reads_back_equal() -> None:
    recorded = Recorded(name="mine", function="m:train", options={"lr": 1e-3})
    assert set(recorded.written()) == {"kind", "name", "function", "options"}
    assert trained_from(recorded.written(), "a test") == recorded


def test_a_recorded_training_is_refused_as_an_experiment() -> None:
    experiment = read_experiment("dirac")
    assert require_experiment(experiment) is experiment
    with pytest.raises(TypeError, match="mine"):
        require_experiment(Recorded(name="mine"))
