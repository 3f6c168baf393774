"""What is needed to reproduce the runs: settings, versions and the experiments as TOML."""

from __future__ import annotations

import tomllib
from typing import Any

from gandiag.experiment.loading import experiment_from
from gandiag_html.configurations import collect_configurations
from gandiag_html.panels.provenance import facts, provenance


def test_the_toml_gives_the_experiment_and_the_settings_are_counted(synthetic_stores: Any) -> None:
    results = synthetic_stores.of("good", "good", experiment="dirac")
    panel = provenance(collect_configurations(results), results)
    ((_, text),) = panel.context["experiments"]
    assert experiment_from(tomllib.loads(text), "the report") == results.experiments[""]
    assert panel.context["settings"] == [(["torch", "cpu", "float32", "compiled", "10"], 2)]


def test_facts_are_flat_and_without_home_directories() -> None:
    assert facts({"a": {"b": {"c": 1}}, "d": None, "path": ["/home/ada/x", True]}) == [
        ("a · b · c", "1"),
        ("path", "~/x true"),
    ]
