"""Experiments are frozen and validated, and the shipped presets are the published trainings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from gandiag.data import Mnist
from gandiag.errors import ExperimentError
from gandiag.experiment.experiment import Experiment, Rule
from gandiag.experiment.loading import experiment_from, presets, read_experiment, variants
from gandiag.measure import columns_of

ALL = [*presets(), *(f"{name}:{variant}" for name in presets() for variant in variants(name))]


def test_the_presets_are_shipped() -> None:
    assert {"aylien-1d", "devnag-1d", "dirac", "dirac:r1", "dirac:nsgan", "dirac:wgan"} <= {*ALL}


@pytest.mark.parametrize("name", ALL)
def test_every_preset_and_variant_is_valid_and_has_a_source(name: str) -> None:
    experiment = read_experiment(name)
    assert experiment.name == name.replace(":", "-")
    assert experiment.title
    assert experiment.source
    assert experiment.outcome


@pytest.mark.parametrize("name", ALL)
def test_every_success_rule_is_on_a_column_that_is_recorded(name: str) -> None:
    experiment = read_experiment(name)
    assert {rule.column for rule in experiment.success} <= set(columns_of(experiment))


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("dirac")])
def test_presets_log_two_hundred_to_a_thousand_points(name: str) -> None:
    experiment = read_experiment(name)
    assert 200 <= experiment.schedule.iterations / experiment.recording.every <= 1000
    # Classifying a digit costs as much as generating it many times over.
    assert experiment.recording.samples == (1000 if isinstance(experiment.data, Mnist) else 2500)


@pytest.mark.parametrize("name", ALL)
def test_a_stored_experiment_reads_back_equal(name: str) -> None:
    experiment = read_experiment(name)
    stored = json.loads(json.dumps(experiment.resolved()))
    assert experiment_from(stored, "a store") == experiment


def test_devnag_is_the_code_of_november_2018() -> None:
    found = read_experiment("devnag-1d").resolved()
    sgd = {"kind": "sgd", "learning_rate": 1e-3, "momentum": 0.9}
    assert found["data"] == {"kind": "normal", "mean": 4.0, "std": 1.25, "order": "drawn"}
    assert found["latent"] == {"kind": "uniform", "size": 1, "low": 0.0, "high": 1.0}
    for player, units, activations in (
        ("generator", [5, 5, 1], ["tanh", "tanh", "linear"]),
        ("discriminator", [10, 10, 1], ["sigmoid", "sigmoid", "linear"]),
    ):
        made: Any = found[player]
        assert [layer["units"] for layer in made["layers"]] == units
        assert [layer["activation"] for layer in made["layers"]] == activations
        assert all(layer["bias"] for layer in made["layers"])
        assert made["weights"] == made["biases"] == {"kind": "uniform-fan-in"}
        assert sgd.items() <= made["optimizer"].items()
        assert made["optimizer"]["decay"] is None
    assert found["discriminator"]["sees"] == {"kind": "moments"}  # type: ignore[index]
    objective: Any = found["objective"]
    assert (objective["game"], objective["generator"]) == ("gan", "non-saturating")
    assert (objective["r1"], objective["instance_noise"]) == (0.0, 0.0)
    plan: Any = found["schedule"]
    assert (plan["batch"], plan["d_steps"], plan["g_steps"]) == (500, 20, 20)
    assert plan["iterations"] * plan["d_steps"] == 100_000
    assert (plan["updates"], plan["real"], plan["latent"]) == ("alternating", "fresh", "fresh")
    assert found["pretraining"] is None
    assert found["success"] == [
        {"column": "mean", "low": 3.5, "high": 4.5},
        {"column": "std", "low": 0.75, "high": 1.75},
    ]


def test_aylien_is_the_code_of_december_2016() -> None:
    found: Any = read_experiment("aylien-1d").resolved()
    assert found["data"] == {"kind": "normal", "mean": 4.0, "std": 0.5, "order": "sorted"}
    line = {"kind": "line", "low": -8.0, "high": 8.0, "jitter": 0.01, "noise": "uniform"}
    assert found["latent"] == line
    for player, units, activation in (
        ("generator", [4, 1], "softplus"),
        ("discriminator", [8, 8, 8, 1], "tanh"),
    ):
        layers = found[player]["layers"]
        assert [layer["units"] for layer in layers] == units
        assert {layer["activation"] for layer in layers[:-1]} == {activation}
        assert layers[-1]["activation"] == "linear"
        assert found[player]["weights"] == {"kind": "normal", "std": 1.0}
        assert found[player]["biases"] == {"kind": "constant", "value": 0.0}
        optimizer = found[player]["optimizer"]
        assert (optimizer["kind"], optimizer["learning_rate"]) == ("sgd", 0.03)
        assert optimizer["momentum"] == 0.0
        assert optimizer["decay"] == {"factor": 0.95, "every": 150, "staircase": True}
    assert found["objective"]["form"] == "probabilities"
    assert found["pretraining"] == {"iterations": 1000, "batch": 12, "low": -5.0, "high": 5.0}
    plan = found["schedule"]
    assert (plan["iterations"], plan["batch"]) == (1200, 12)
    assert (plan["d_steps"], plan["g_steps"]) == (1, 1)
    assert [rule["low"] for rule in found["success"]] == [3.5, 0.25]
    assert [rule["high"] for rule in found["success"]] == [4.5, 1.0]


def test_the_dirac_gan_has_no_success_rule_and_updates_simultaneously() -> None:
    found = read_experiment("dirac")
    assert found.success == ()
    assert found.schedule.updates == "simultaneous"
    assert read_experiment("dirac:r1").objective.r1 > 0
    assert read_experiment("dirac:noise").objective.instance_noise > 0
    assert read_experiment("dirac:wgan").objective.game == "wasserstein"
    assert read_experiment("dirac:nsgan").objective.generator == "non-saturating"
    assert read_experiment("dirac:alternating").schedule.updates == "alternating"


def test_an_experiment_is_frozen() -> None:
    experiment = read_experiment("devnag-1d")
    for part, name in (
        (experiment, "name"),
        (experiment.schedule, "iterations"),
        (experiment.data, "mean"),
        (experiment.generator.layers[0], "units"),
        (experiment.generator.optimizer, "learning_rate"),
    ):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(part, name, getattr(part, name))
    assert isinstance(experiment.generator.layers, tuple)
    assert isinstance(experiment.success, tuple)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"generator.layers.2.units": 2}, "has 2 outputs, the data 1 coord.* end with 1"),
        ({"discriminator.layers.2.units": 3}, "discriminator has 3 outputs.* layer 1 unit"),
        (
            {"pretraining": {"iterations": 1, "batch": 1, "low": 0.0, "high": 1.0}},
            "pretraining fits D",
        ),
        ({"schedule.updates": "simultaneous"}, "one of each, not d_steps = 20 and g_steps = 20"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ExperimentError, match=message):
        read_experiment("devnag-1d", settings)


def test_pretraining_on_a_point_is_refused() -> None:
    pretraining = {"iterations": 1, "batch": 1, "low": 0.0, "high": 1.0}
    with pytest.raises(ExperimentError, match="known density"):
        read_experiment("dirac", {"pretraining": pretraining})


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(column="mean", low=3.5, high=4.5), "3.5 ≤ mean ≤ 4.5"),
        (Rule(column="std", low=0.25), "std ≥ 0.25"),
        (Rule(column="wasserstein", high=0.1), "wasserstein ≤ 0.1"),
        (Rule(column="mean", low=0.0, high=0.0), "0 ≤ mean ≤ 0"),
    ],
)
def test_a_rule_is_formatted_as_an_inequality(rule: Rule, words: str) -> None:
    assert str(rule) == words


@pytest.mark.parametrize(
    ("bounds", "message"),
    [({}, "needs low, high or both"), ({"low": 2.0, "high": 1.0}, "low = 2.0 is above high = 1.0")],
)
def test_a_rule_that_bounds_nothing_is_refused(bounds: dict[str, float], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Rule(column="mean", **bounds)


def test_an_experiment_built_in_python_equals_the_one_from_toml() -> None:
    read = read_experiment("dirac")
    parts = {name: getattr(read, name) for name in Experiment.model_fields}
    assert Experiment(**parts) == read
