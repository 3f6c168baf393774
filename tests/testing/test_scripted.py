"""The scripted runner: its samples approach the data, and its script happens when it says."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from gandiag.experiment.loading import read_experiment
from gandiag.running.training_loop import StartPoint, evaluation, initial_state, lanes_of, train
from gandiag.testing import RUNNER
from gandiag.testing.scripted import SCRIPT, STEP

DIRAC = read_experiment("dirac", {"schedule.iterations": 12, "recording.every": 4})
SETTING = RUNNER.setting(DIRAC, "cpu", None)
LANES = lanes_of([0, 3], SETTING.width)


def seen(script: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The log points of the seeds 0 and 3 under a script."""
    monkeypatch.setenv(SCRIPT, json.dumps(script))
    return list(train(RUNNER, DIRAC, SETTING, LANES, StartPoint("train")))


def test_samples_approach_the_data_by_a_fixed_share_an_iteration() -> None:
    shown = evaluation(DIRAC, LANES)
    engine = RUNNER.engine(DIRAC.game, shown, SETTING, "float64")
    engine.load(initial_state(DIRAC, LANES))
    before = engine.observe()["samples"] - shown["real"]
    engine.advance({"latent": np.zeros((5, 1, 10, 1, 1))}, 0, 5, 0)
    after = engine.observe()["samples"] - shown["real"]
    assert np.abs(before).min() > 0
    assert after == pytest.approx((1 - STEP) ** 5 * before, rel=1e-12)


def test_only_the_lane_of_the_script_diverges_and_when_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points = seen({"3": {"diverge": 7}}, monkeypatch)
    assert [point.values["failed_at"][[0, 3]].tolist() for point in points] == [
        [-1, -1], [-1, -1], [-1, 7], [-1, 7]
    ]  # fmt: skip
    assert np.isnan(points[-1].values["samples"][3]).all()
    assert np.isfinite(points[-1].values["samples"][0]).all()


@pytest.mark.parametrize(
    ("event", "error", "message"),
    [("crash", RuntimeError, "lane 3 crash at iteration 5"), ("full", OSError, "No space left")],
)
def test_a_script_raises_at_its_iteration(
    event: str, error: type[Exception], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(error, match=message):
        seen({"3": {event: 5}}, monkeypatch)
    assert len(seen({"4": {event: 13}}, monkeypatch)) == 4  # after the end nothing happens
