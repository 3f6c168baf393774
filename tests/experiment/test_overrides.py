"""Values that replace those of an experiment."""

from __future__ import annotations

from typing import Any

import pytest

from gandiag.errors import ExperimentError
from gandiag.experiment.loading import (
    read_experiment,
)
from gandiag.experiment.overrides import parse_overrides, parse_value, with_overrides


def complaint(what: str, settings: dict[str, Any] | None = None) -> str:
    with pytest.raises(ExperimentError) as caught:
        read_experiment(what, settings)
    return str(caught.value)


def test_values_are_overridden_at_any_depth_and_in_lists() -> None:
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


def test_a_whole_table_or_list_can_be_overridden() -> None:
    found = read_experiment("devnag-1d", {"success": [], "latent": {"kind": "normal", "size": 3}})
    assert found.success == ()
    assert found.latent.size == 3


def test_the_original_is_not_changed() -> None:
    table = {"a": {"b": [{"c": 1}, {"c": 2}]}}
    assert with_overrides(table, {"a.b.1.c": 3}) == {"a": {"b": [{"c": 1}, {"c": 3}]}}
    assert table == {"a": {"b": [{"c": 1}, {"c": 2}]}}


def test_later_overrides_apply_after_earlier_ones() -> None:
    assert with_overrides({}, {"a": {"b": 1}, "a.c": 2}) == {"a": {"b": 1, "c": 2}}


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("generator.layers.9.units", ["generator.layers.9.units", "3 items, counted from 0"]),
        ("generator.layers.-1.units", ["generator.layers.-1.units", "has no part '-1'"]),
        ("name.first", ["name.first", "'devnag-1d' has no part 'first'"]),
    ],
)
def test_an_unknown_path_is_refused_in_full(key: str, parts: list[str]) -> None:
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
def test_a_value_is_toml_or_else_a_string(text: str, value: Any) -> None:
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
def test_an_invalid_table_or_list_is_refused_not_taken_as_a_string(text: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        parse_overrides([f"objective={text}"])
    assert f"{text} is not valid TOML: " in str(caught.value)
    assert said in str(caught.value)
    assert "--set 'objective={game=\"hinge\"}'" in str(caught.value)


def test_spaces_around_an_assignment_do_not_matter() -> None:
    assert parse_overrides([" schedule.batch = 12 "]) == {"schedule.batch": 12}


def test_a_value_may_contain_an_equals_sign() -> None:
    assert parse_overrides(["title=a=b"]) == {"title": "a=b"}


@pytest.mark.parametrize("assignment", ["schedule.batch", "=3", "schedule.batch=", " = "])
def test_an_assignment_without_a_value_is_refused_with_an_example(assignment: str) -> None:
    with pytest.raises(ExperimentError, match="write key=VALUE"):
        parse_overrides([assignment])
