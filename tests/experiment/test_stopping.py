"""The validation of early-stopping rules."""

from __future__ import annotations

from typing import Any

import pytest

from gandiag.errors import ExperimentError, UsageError
from gandiag.experiment.loading import experiment_from, read_experiment
from gandiag.sweeping.execution import make_plan
from gandiag.sweeping.request import Request

RULE = {"stopping.column": "wasserstein", "stopping.goal": "low"}


def refused(**settings: Any) -> str:
    overrides = RULE | {f"stopping.{name}": value for name, value in settings.items()}
    with pytest.raises(ExperimentError) as caught:
        read_experiment("devnag-1d", overrides)
    return str(caught.value)


def test_by_default_a_rule_keeps_the_best_weights_and_does_not_stop() -> None:
    rule = read_experiment("devnag-1d", RULE).stopping
    assert rule is not None
    assert (rule.keep_best, rule.patience, rule.threshold, rule.after) == (True, None, 0.0, 0)
    assert read_experiment("devnag-1d").stopping is None


def test_a_rule_survives_a_round_trip_through_plain_data() -> None:
    experiment = read_experiment("devnag-1d", RULE | {"stopping.patience": 20})
    assert experiment_from(experiment.resolved(), "here") == experiment
    assert experiment_from(experiment.written(), "here") == experiment


@pytest.mark.parametrize(
    "settings",
    [{"patience": 0}, {"threshold": -0.1}, {"after": -1}, {"goal": "lower"}, {"patince": 3}],
)
def test_an_invalid_value_is_refused_by_name(settings: dict[str, Any]) -> None:
    assert f"stopping.{next(iter(settings))}" in refused(**settings)


def test_a_rule_that_does_nothing_is_refused() -> None:
    assert "stopping needs patience, keep_best = true, verdicts or" in refused(keep_best=False)
    assert read_experiment(
        "devnag-1d", RULE | {"stopping.keep_best": False, "stopping.patience": 1}
    ).stopping


def planned(preset: str, column: str) -> str:
    request = Request(preset, backend="scripted", settings=RULE | {"stopping.column": column})
    with pytest.raises(UsageError) as caught:
        make_plan(request)
    return str(caught.value)


def test_a_column_that_is_not_recorded_is_refused_before_anything_is_trained() -> None:
    said = planned("devnag-1d", "wassertein")
    assert "the stopping rule of devnag-1d: there is no column 'wassertein'" in said
    assert "did you mean 'wasserstein'?" in said


def test_a_column_measured_only_at_frames_cannot_be_watched() -> None:
    settings = RULE | {"data.digits": "mnist5k", "data.first": 0, "stopping.column": "frechet"}
    with pytest.raises(UsageError, match="frechet is measured at frames only"):
        make_plan(Request("wiseodd-mnist", backend="scripted", settings=settings))
    allowed = settings | {"stopping.column": "digit_kl"}
    assert make_plan(Request("wiseodd-mnist", backend="scripted", settings=allowed)).runs


def test_a_stopping_rule_changes_the_runs_identity() -> None:
    ids = {
        make_plan(Request(seeds="3-3", backend="scripted", settings=overrides)).runs[0].run
        for overrides in ({}, RULE, RULE | {"stopping.patience": 5}, RULE | {"stopping.after": 5})
    }
    assert len(ids) == 4
