"""The differences between an experiment and the preset that it is named after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gandiag.experiment.diff import changes_from_preset, display_title, preset_of, summarize_changes
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import experiment_from, presets, read_experiment, variants
from gandiag.experiment.recorded import Recorded

ALL = [name for base in presets() for name in (base, *(f"{base}:{v}" for v in variants(base)))]


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_preset_has_no_changes(name: str) -> None:
    experiment = read_experiment(name)
    assert preset_of(experiment) == name
    assert changes_from_preset(experiment) == {}
    assert display_title(experiment) == experiment.title


def test_a_preset_read_from_a_store_has_no_changes() -> None:
    assert changes_from_preset(experiment_from(read_experiment("ring8:pac2").resolved(), "x")) == {}


def ring(**settings: Any) -> Experiment:
    """``ring8`` with overrides; two underscores stand for a dot."""
    return read_experiment("ring8", {k.replace("__", "."): v for k, v in settings.items()})


def test_changes_are_in_file_order_with_the_value_of_the_preset() -> None:
    critic = {"game": "wasserstein", "gradient_penalty": 10.0}
    found = changes_from_preset(ring(schedule__iterations=40, objective=critic))
    assert list(found.items()) == [
        ("objective.game", ("gan", "wasserstein")),
        ("objective.generator", ("non-saturating", None)),
        ("objective.gradient_penalty", (0.0, 10.0)),
        ("schedule.iterations", (25000, 40)),
    ]


def test_setting_a_value_to_itself_is_no_change() -> None:
    assert changes_from_preset(ring(schedule__iterations=25000, data__modes=8)) == {}


def test_another_kind_is_one_change_not_one_per_key() -> None:
    found = changes_from_preset(ring(data={"kind": "grid"}, success=[]))
    assert list(found) == ["data.kind", "success"]
    assert found["data.kind"] == ("ring", "grid")


def test_layers_are_compared_one_by_one_if_their_number_is_equal() -> None:
    layers = ring().resolved()["generator"]["layers"]  # type: ignore[index]
    wider = [layers[0] | {"units": 64}, *layers[1:]]
    assert changes_from_preset(ring(generator__layers=wider)) == {
        "generator.layers.0.units": (128, 64)
    }
    assert list(changes_from_preset(ring(generator__layers=layers[1:]))) == ["generator.layers"]


def test_a_variant_is_compared_with_the_variant() -> None:
    found = changes_from_preset(read_experiment("ring8:pac2", {"schedule.iterations": 40}))
    assert found == {"schedule.iterations": (25000, 40)}


def test_title_and_source_are_no_changes() -> None:
    assert changes_from_preset(ring(title="Mine", source="", outcome="None yet")) == {}
    assert display_title(ring(title="Mine")) == "Mine"


def test_a_sentence_lists_a_few_changes_and_counts_the_rest() -> None:
    found = changes_from_preset(
        ring(objective__r1=0.5, schedule__iterations=40, success=[], data__modes=7)
    )
    assert summarize_changes(found, 2) == "data.modes 7 (8), objective.r1 0.5 (0) and 2 more"
    assert summarize_changes(found).endswith(
        "objective.r1 0.5 (0), schedule.iterations 40 (25,000), success none (2 items)"
    )
    assert summarize_changes({}) == ""


def test_a_users_own_experiment_has_no_changes(tmp_path: Path) -> None:
    path = tmp_path / "moons.toml"
    path.write_text('extends = "ring8"\nname = "moons"\n[data]\nmodes = 7\n', encoding="utf-8")
    moons = read_experiment(str(path))
    assert (preset_of(moons), changes_from_preset(moons)) == (None, {})
    assert changes_from_preset(Recorded(name="ring8", iterations=3)) == {}


def test_the_title_of_a_preset_is_not_used_for_another_experiment() -> None:
    table = ring().resolved()
    taken = experiment_from(table | {"name": "moons"}, "test")
    assert taken.title == ring().title
    assert display_title(taken) == "moons"
    assert (
        display_title(experiment_from(table | {"name": "moons", "title": "Two"}, "test")) == "Two"
    )
    assert display_title(experiment_from(table | {"name": "moons", "title": ""}, "test")) == "moons"
    assert display_title(experiment_from(table | {"name": "ring8-mine"}, "test")) == "ring8-mine"
