"""The description of a training by the user's own code."""

from __future__ import annotations

import pytest

from gandiag.experiment.loading import read_experiment, trained_from
from gandiag.experiment.recorded import Recorded, require_experiment


def test_what_was_written_reads_back_equal() -> None:
    recorded = Recorded(name="mine", function="m:train", options={"lr": 1e-3})
    assert set(recorded.written()) == {"kind", "name", "function", "options"}
    assert trained_from(recorded.written(), "a test") == recorded


def test_only_an_experiment_is_accepted_as_one() -> None:
    experiment = read_experiment("dirac")
    assert require_experiment(experiment) is experiment
    with pytest.raises(TypeError, match="mine"):
        require_experiment(Recorded(name="mine"))
