"""``gandiag keys``: every key of every spec, from the specs themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from subprocess import CompletedProcess
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import presets, read_experiment
from gandiag.experiment.schema import everything, look_up

Call = Callable[..., CompletedProcess[str]]


def reachable(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every spec that an experiment can contain."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from reachable(field.annotation)
    for part in get_args(annotation):
        yield from reachable(part)


def fields() -> set[tuple[str | None, str]]:
    """The kind (or None) and the name of every field."""
    found = set()
    for spec in reachable(Experiment):
        kind = spec.model_fields.get("kind")
        of = get_args(kind.annotation)[0] if kind else None
        found |= {(of, name) for name in spec.model_fields if name != "kind"}
    return found


def test_every_field_of_every_spec_is_explained() -> None:
    told = set()
    for table in everything():
        for key in table.keys:
            assert len(key.about) > 5, f"{key.name} of {table.paths} has no line in a docstring"
            kinds = key.kinds or [kind.name for kind in table.kinds] or [None]
            told |= {(kind, key.name) for kind in kinds}
    assert told == fields()
    assert len(told) > 120


def test_every_kind_is_explained_in_a_sentence() -> None:
    kinds = [kind for table in everything() for kind in table.kinds]
    assert {"dense", "adam", "packed", "ring", "line", "orthogonal"} <= {k.name for k in kinds}
    assert all(kind.about.endswith(".") for kind in kinds)


def paths(part: Any, path: str = "") -> Iterator[str]:
    """The dotted path of every value in plain data."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from paths(value, f"{path}.{key}".removeprefix("."))
    elif isinstance(part, list) and part and isinstance(part[0], dict):
        for index, value in enumerate(part):
            yield from paths(value, f"{path}.{index}")
    else:
        yield path


@pytest.mark.parametrize("name", presets())
def test_every_value_of_a_preset_is_found_under_its_path(name: str) -> None:
    for path in paths(read_experiment(name).written()):
        if not path.endswith(".kind"):
            assert {key.name for key in look_up(path).keys} == {path.rpartition(".")[2]}


def test_a_key_comes_with_its_type_default_and_kinds() -> None:
    def key(path: str) -> tuple[str, str | None, tuple[str, ...]]:
        (found,) = look_up(path).keys
        return found.type, found.default, found.kinds

    assert key("objective.r1") == ("number ≥ 0", "0.0", ())
    assert key("generator.average") == ("0 ≤ number < 1", "0.0", ())
    assert key("schedule.batch") == ("integer ≥ 1", None, ())
    assert key("recording.plane.side") == ("2 ≤ integer ≤ 201", "41", ())
    assert key("stopping.keep_best") == ("true/false", "true", ())
    assert key("stopping.goal") == ('"low" or "high"', '"low"', ())
    assert key("objective.pairing") == ("[[number ≥ 0, …], …]", "none", ())
    assert key("generator.optimizer.beta1") == ("0 ≤ number < 1", "0.9", ("adam",))
    assert key("discriminator.layers.0.dense.units") == ("integer ≥ 1", None, ())
    assert key("discriminator.layers.spectral_norm")[2] == ("dense", "conv", "conv-transpose")


def test_an_inherited_key_is_explained_once() -> None:
    rate = look_up("generator.optimizer.adam.optimistic").keys[0]
    shared = look_up("generator.optimizer.optimistic").keys
    assert [key.kinds for key in shared] == [()], "told once, of all three"
    assert "Daskalakis" in shared[0].about
    assert rate.name == "optimistic"


def test_a_table_lists_its_keys_and_kinds(call: Call) -> None:
    done = call("keys", "discriminator.layers")
    assert (done.returncode, done.stderr) == (0, "")
    for word in ('kind="dense"', 'kind="minibatch"', "spectral_norm", "Keys: units, pieces"):
        assert word in " ".join(done.stdout.split())


@pytest.mark.parametrize("columns", [80, 100])
def test_the_full_reference_fits_the_terminal_and_names_every_key(
    columns: int, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    done = call("keys")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert {name for _, name in fields()} <= {line.split()[0] for line in lines if line.strip()}


def test_the_reference_as_json_is_one_document(call: Call) -> None:
    document = json.loads(call("keys", "objective.r1", "--json").stdout)
    assert document["schema"] == "gandiag.keys/1"
    assert [key["name"] for key in document["tables"][0]["keys"]] == ["r1"]
    assert len(json.loads(call("keys", "--json").stdout)["tables"]) == len(everything())


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("objectiv", "there is no key 'objectiv'; did you mean 'objective'?"),
        ("generator.optimiser", "generator: there is no key 'optimiser'; did you mean 'optimizer'"),
        ("discriminator.layers.dens", "did you mean 'dense'?"),
        ("spectral_norm", "it is a key of generator.layers"),
        ("discriminator.snapshots", "it is a key of recording"),
        ("objective.r1.x", "objective.r1 is one value (number ≥ 0), with nothing below it"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(path: str, said: str, call: Call) -> None:
    done = call("keys", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
