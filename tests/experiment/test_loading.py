"""Experiments by name, from a file, with values set anew, and every way of getting it wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gandiag.errors import ExperimentError
from gandiag.experiment.loading import (
    experiment_from,
    preset_text,
    presets,
    read_experiment,
    read_trained,
    variants,
)
from gandiag.experiment.overrides import parse_overrides, parse_value, with_overrides


def complaint(what: str, settings: dict[str, Any] | None = None) -> str:
    with pytest.raises(ExperimentError) as caught:
        read_experiment(what, settings)
    return str(caught.value)


@pytest.mark.parametrize("name", presets())
def test_the_text_of_a_preset_saved_as_a_file_is_the_preset(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(preset_text(name), encoding="utf-8")
    assert read_experiment(str(path)) == read_experiment(name)
    for variant in variants(name):
        assert read_experiment(f"{path}:{variant}") == read_experiment(f"{name}:{variant}")


@pytest.mark.parametrize("name", presets())
def test_the_text_of_a_preset_is_commented_and_says_how_it_deviates(name: str) -> None:
    text = preset_text(name)
    for word in ("Success rule:", "Cost:", "Deviations:"):
        assert f"# {word}" in text


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("devnag-1", ["no preset 'devnag-1'", "did you mean 'devnag-1d'?", "aylien-1d"]),
        ("zzz", ["no preset 'zzz'", "aylien-1d, aylien-1d-2017", "wiseodd-mnist"]),
        ("", ["no preset ''"]),
        ("dirac:nsgam", ["no variant of dirac 'nsgam'", "did you mean 'nsgan'?"]),
        ("devnag-1d:wide", ["no variant of devnag-1d 'wide'", "Available: raw, deviations"]),
        ("edward-1d:wide", ["no variant of edward-1d 'wide'", "Available: none"]),
        ("absent.toml", ["cannot read the experiment absent.toml", "No such file"]),
    ],
)
def test_an_unknown_experiment_is_refused_with_the_nearest(what: str, parts: list[str]) -> None:
    said = complaint(what)
    assert all(part in said for part in parts), said
    assert ("did you mean" in said) == any("did you mean" in part for part in parts)


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
def test_a_value_of_another_type_is_refused_and_not_guessed_at(
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


def test_a_whole_number_is_a_number() -> None:
    data = read_experiment("devnag-1d", {"data.mean": 3}).data
    assert data.mean == 3.0  # type: ignore[union-attr]


def test_all_that_is_wrong_is_said_at_once() -> None:
    said = complaint("devnag-1d", {"schedule.batch": 0, "data.std": -1.0, "titel": "x"})
    assert len(said.splitlines()) == 4


def test_what_is_missing_is_named() -> None:
    said = complaint("devnag-1d", {"generator.layers.0": {"kind": "dense"}, "data": {"mean": 1.0}})
    assert "generator.layers.0.dense.units: is missing" in said
    assert "data.kind: is missing" in said


def test_values_are_set_anew_at_any_depth_and_in_lists() -> None:
    found = read_experiment(
        "devnag-1d",
        {
            "name": "mine",
            "schedule.iterations": 7,
            "generator.layers.1.units": 9,
            "generator.optimizer.decay.factor": 0.5,
            "generator.optimizer.decay.every": 10,
            "success.1.high": 2.0,
        },
    )
    assert found.name == "mine"
    assert found.schedule.iterations == 7
    assert [layer.units for layer in found.generator.layers] == [5, 9, 1]
    assert found.generator.optimizer.decay is not None
    assert found.generator.optimizer.decay.every == 10
    assert (found.success[1].low, found.success[1].high) == (0.75, 2.0)


def test_a_whole_table_or_list_can_be_set_anew() -> None:
    found = read_experiment("devnag-1d", {"success": [], "latent": {"kind": "normal", "size": 3}})
    assert found.success == ()
    assert found.latent.size == 3


def test_setting_values_leaves_the_original_alone() -> None:
    table = {"a": {"b": [{"c": 1}, {"c": 2}]}}
    assert with_overrides(table, {"a.b.1.c": 3}) == {"a": {"b": [{"c": 1}, {"c": 3}]}}
    assert table == {"a": {"b": [{"c": 1}, {"c": 2}]}}


def test_later_settings_stand_on_earlier_ones() -> None:
    assert with_overrides({}, {"a": {"b": 1}, "a.c": 2}) == {"a": {"b": 1, "c": 2}}


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("generator.layers.9.units", ["generator.layers.9.units", "3 items, counted from 0"]),
        ("generator.layers.-1.units", ["generator.layers.-1.units", "has no part '-1'"]),
        ("name.first", ["name.first", "'devnag-1d' has no part 'first'"]),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_in_full(key: str, parts: list[str]) -> None:
    said = complaint("devnag-1d", {key: 1})
    assert all(part in said for part in parts), said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("2e-4", 2e-4),
        (".1", 0.1),
        ("-.5e-3", -5e-4),
        (".x", ".x"),
        ("1.2.3", "1.2.3"),
        ("true", True),
        ("[1, 2]", [1, 2]),
        ('"12"', "12"),
        ("adam", "adam"),
        ("{ kind = 'point', units = 1 }", {"kind": "point", "units": 1}),
    ],
)
def test_a_value_is_toml_or_else_a_word(text: str, value: Any) -> None:
    assert parse_value(text) == value
    assert type(parse_value(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{game="x"', "unclosed inline table"),
        ("[1, 2", "unclosed array"),
        ("[{column=mean, low=3.75}]", "invalid value"),
        ("{r1=.1}", "write 0.1 for .1"),
    ],
)
def test_a_table_or_list_that_is_not_toml_is_refused_and_no_word(text: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        parse_overrides([f"objective={text}"])
    assert f"{text} is not valid TOML: " in str(caught.value)
    assert said in str(caught.value)
    assert "--set 'objective={game=\"hinge\"}'" in str(caught.value)


def test_a_wrong_key_in_the_only_layer_is_not_said_to_leave_no_layer() -> None:
    layers = [{"kind": "dense", "units": 3, "unit": 3}]
    said = complaint("devnag-1d", {"discriminator.layers": layers})
    assert len(said.splitlines()) == 2
    assert "discriminator.layers.0.dense.unit: there is no key 'unit'" in said


def test_no_layer_at_all_is_still_too_few() -> None:
    said = complaint("devnag-1d", {"discriminator.layers": []})
    assert "discriminator.layers: needs at least 1 item" in said


@pytest.mark.parametrize("key", ["objective", "data", "generator.optimizer"])
def test_a_word_in_the_place_of_a_table_is_told_what_a_table_is(key: str) -> None:
    said = complaint("devnag-1d", {key: "x"})
    assert f"{key}: has to be a table, {{key = value}} (got 'x')" in said


def test_an_unknown_key_names_the_verb_that_explains_its_neighbours() -> None:
    said = complaint("devnag-1d", {"generator.layers.0.unit": 5, "discriminator.see": 1})
    assert "gandiag keys generator.layers.dense explains them" in said
    assert "gandiag keys discriminator explains them" in said


def test_a_key_of_another_place_is_told_where_it_belongs() -> None:
    said = complaint("devnag-1d", {"discriminator.spectral_norm": True})
    assert "it is a key of discriminator.layers" in said
    assert "it is a key of schedule" in complaint("devnag-1d", {"objective.d_steps": 5})


def test_what_is_neither_a_preset_nor_a_module_is_said_to_be_neither() -> None:
    with pytest.raises(ExperimentError) as caught:
        read_trained("nomod:train")
    assert "there is no preset 'nomod' and no module of that name" in str(caught.value)
    with pytest.raises(ExperimentError, match="did you mean 'ring8'"):
        read_trained("ring9:pac2")


def test_spaces_around_an_assignment_do_not_matter() -> None:
    assert parse_overrides([" schedule.batch = 12 "]) == {"schedule.batch": 12}


def test_a_value_may_hold_an_equals_sign() -> None:
    assert parse_overrides(["title=a=b"]) == {"title": "a=b"}


@pytest.mark.parametrize("assignment", ["schedule.batch", "=3", "schedule.batch=", " = "])
def test_what_is_no_assignment_is_refused_with_an_example(assignment: str) -> None:
    with pytest.raises(ExperimentError, match="write key=VALUE"):
        parse_overrides([assignment])


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("name = ", encoding="utf-8")
    assert "is not valid TOML" in complaint(str(path))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert "cannot read the experiment" in complaint(str(path))


def test_a_folder_is_no_experiment(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").mkdir()
    assert "cannot read the experiment" in complaint(str(tmp_path / "mine.toml"))


def test_an_empty_file_is_told_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("", encoding="utf-8")
    said = complaint(str(path))
    for key in ("name", "data", "latent", "generator", "discriminator", "schedule", "recording"):
        assert f"{key}: is missing" in said


@pytest.mark.parametrize("name", ["", "a b", "../up", "a/b", ".hidden", "x" * 81])
def test_a_name_that_is_no_good_directory_is_refused(name: str) -> None:
    assert "name" in complaint("devnag-1d", {"name": name})


def test_plain_data_is_an_experiment_too() -> None:
    experiment = read_experiment("dirac")
    assert experiment_from(experiment.resolved(), "here") == experiment
