"""``gandiag presets``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from gandiag.experiment.loading import preset_text, presets, read_experiment, variants

Call = Callable[..., CompletedProcess[str]]


def test_presets_are_listed_with_their_titles_and_variants(call: Call) -> None:
    done = call("presets")
    assert (done.returncode, done.stderr) == (0, "")
    lines = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert [*lines] == presets()
    for name, line in lines.items():
        assert read_experiment(name).title in line
        assert all(f":{variant}" in line for variant in variants(name))


def test_presets_json_is_one_document(call: Call) -> None:
    document = json.loads(call("presets", "--json").stdout)
    assert document["schema"] == "gandiag.presets/1"
    assert [row["name"] for row in document["presets"]] == presets()
    assert {"name": "dirac", "title": read_experiment("dirac").title} in [
        {key: row[key] for key in ("name", "title")} for row in document["presets"]
    ]


@pytest.mark.parametrize("name", presets())
def test_a_preset_is_printed_as_its_commented_toml(name: str, call: Call) -> None:
    done = call("presets", name)
    assert (done.returncode, done.stdout, done.stderr) == (0, preset_text(name), "")
    assert tomllib.loads(done.stdout)["name"] == name


@pytest.mark.parametrize("name", ["devnag-1d", "dirac:r1"])
def test_a_preset_as_json_has_every_value(name: str, call: Call) -> None:
    document = json.loads(call("presets", name, "--json").stdout)
    assert document == {
        "schema": "gandiag.preset/1",
        "experiment": read_experiment(name).resolved(),
    }
