"""Validation errors of an experiment, one per line."""

from __future__ import annotations

from typing import Any

import pytest

from gandiag.errors import ExperimentError
from gandiag.experiment.loading import (
    read_experiment,
)


def complaint(what: str, settings: dict[str, Any] | None = None) -> str:
    with pytest.raises(ExperimentError) as caught:
        read_experiment(what, settings)
    return str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "parts"),
    [
        ("schedule.iteration", 5, ["schedule.iteration", "did you mean 'iterations'?"]),
        ("schedul", {}, ["no key 'schedul'", "did you mean 'schedule'?"]),
        ("data.men", 1.0, ["data.normal.men", "did you mean 'mean'?"]),
        ("generator.layers.0.unit", 5, ["generator.layers.0", "did you mean 'units'?"]),
        ("generator.optimizer.momentun", 0.5, ["did you mean 'momentum'?"]),
        ("success.0.hihg", 5.0, ["success.0", "did you mean 'high'?"]),
        ("recording.sample", 5, ["did you mean 'samples'?"]),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(key: str, value: Any, parts: list[str]) -> None:
    said = complaint("devnag-1d", {key: value})
    assert all(part in said for part in parts), said


@pytest.mark.parametrize(
    ("key", "value", "parts"),
    [
        ("data.kind", "norml", ["data", "no kind 'norml'", "did you mean 'normal'?"]),
        ("latent.kind", "unifrom", ["did you mean 'uniform'?", "normal, line"]),
        ("generator.optimizer.kind", "sdg", ["generator.optimizer", "did you mean 'sgd'?"]),
        ("generator.layers.0.kind", "dens", ["generator.layers.0", "did you mean 'dense'?"]),
        ("discriminator.sees.kind", "moment", ["did you mean 'moments'?"]),
        ("objective.game", "gna", ["objective.game", "did you mean 'gan'?", "wasserstein"]),
        ("generator.layers.0.activation", "tan", ["no activation 'tan'", "did you mean 'tanh'?"]),
        ("precision", "float23", ["did you mean 'float32'?", "float64"]),
    ],
)
def test_an_unknown_kind_is_refused_with_the_nearest(
    key: str, value: str, parts: list[str]
) -> None:
    said = complaint("devnag-1d", {key: value})
    assert all(part in said for part in parts), said
    assert len(said.splitlines()) == 2, "one line says where, one line says what"


@pytest.mark.parametrize(
    ("key", "value", "got"),
    [
        ("schedule.iterations", "100", "valid integer (got '100')"),
        ("generator.optimizer.learning_rate", "2e-4", "valid number (got '2e-4')"),
        ("data.mean", "4", "valid number (got '4')"),
        ("generator.layers.0.units", "5", "valid integer (got '5')"),
        ("generator.layers.0.bias", "yes", "valid boolean (got 'yes')"),
        ("schedule.iterations", True, "valid integer (got True)"),
        ("schedule.iterations", 5.0, "valid integer (got 5.0)"),
        ("name", 5, "valid string (got 5)"),
        ("data.mean", float("nan"), "finite number (got nan)"),
        ("data.mean", float("inf"), "finite number (got inf)"),
    ],
)
def test_a_value_of_another_type_is_refused_and_not_converted(
    key: str, value: Any, got: str
) -> None:
    assert got in complaint("devnag-1d", {key: value})


@pytest.mark.parametrize("value", [0, -1])
@pytest.mark.parametrize(
    "key",
    [
        "schedule.iterations",
        "schedule.batch",
        "schedule.d_steps",
        "schedule.g_steps",
        "schedule.chunk",
        "recording.every",
        "recording.pretrain_every",
        "recording.samples",
        "recording.batches",
        "recording.frames",
        "latent.size",
        "generator.layers.0.units",
        "generator.optimizer.learning_rate",
        "data.std",
    ],
)
def test_zero_and_negative_sizes_are_refused(key: str, value: int) -> None:
    said = complaint("devnag-1d", {key: value})
    assert key.rpartition(".")[2] in said
    assert f"(got {value})" in said


def test_an_integer_is_accepted_as_a_number() -> None:
    data = read_experiment("devnag-1d", {"data.mean": 3}).data
    assert data.mean == 3.0  # type: ignore[union-attr]


def test_all_errors_are_listed_at_once() -> None:
    said = complaint("devnag-1d", {"schedule.batch": 0, "data.std": -1.0, "titel": "x"})
    assert len(said.splitlines()) == 4


def test_missing_keys_are_named() -> None:
    said = complaint("devnag-1d", {"generator.layers.0": {"kind": "dense"}, "data": {"mean": 1.0}})
    assert "generator.layers.0.dense.units: is missing" in said
    assert "data.kind: is missing" in said


def test_a_wrong_key_in_the_only_layer_is_not_reported_as_a_missing_layer() -> None:
    layers = [{"kind": "dense", "units": 3, "unit": 3}]
    said = complaint("devnag-1d", {"discriminator.layers": layers})
    assert len(said.splitlines()) == 2
    assert "discriminator.layers.0.dense.unit: there is no key 'unit'" in said


def test_an_empty_list_of_layers_is_refused() -> None:
    said = complaint("devnag-1d", {"discriminator.layers": []})
    assert "discriminator.layers: needs at least 1 item" in said


@pytest.mark.parametrize("key", ["objective", "data", "generator.optimizer"])
def test_a_string_instead_of_a_table_is_refused_with_the_form_of_a_table(key: str) -> None:
    said = complaint("devnag-1d", {key: "x"})
    assert f"{key}: has to be a table, {{key = value}} (got 'x')" in said


def test_an_unknown_key_is_refused_with_the_command_that_lists_the_keys() -> None:
    said = complaint("devnag-1d", {"generator.layers.0.unit": 5, "discriminator.see": 1})
    assert "gandiag keys generator.layers.dense explains them" in said
    assert "gandiag keys discriminator explains them" in said


def test_a_misplaced_key_is_refused_with_its_place() -> None:
    said = complaint("devnag-1d", {"discriminator.spectral_norm": True})
    assert "it is a key of discriminator.layers" in said
    assert "it is a key of schedule" in complaint("devnag-1d", {"objective.d_steps": 5})
