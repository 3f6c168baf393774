"""``gandiag presets`` and ``gandiag doctor``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from gandiag.cli import doctor
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
def test_a_preset_as_json_is_every_value_of_it(name: str, call: Call) -> None:
    document = json.loads(call("presets", name, "--json").stdout)
    assert document == {
        "schema": "gandiag.preset/1",
        "experiment": read_experiment(name).resolved(),
    }


FOUND = {
    "schema": "gandiag.doctor/1",
    "gandiag": "0.1.0",
    "python": "3.11.7",
    "cores": 2,
    "cpp_compiler": None,
    "backends": [
        {"name": "torch", "version": "2", "devices": ["cpu"], "threads": 1, "state": "well"}
    ],
    "warnings": ["this and that install the same files"],
}


def test_the_doctor_prints_what_was_found(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: FOUND)
    done = call("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "gandiag 0.1.0, Python 3.11.7, 2 cores",
        "torch        well",
        "warning: this and that install the same files",
    ]
    assert json.loads(call("doctor", "--json").stdout) == FOUND


@pytest.mark.parametrize(
    ("installed", "complaints"),
    [
        ({"nvidia-cudnn-cu12", "numpy"}, 0),
        ({"nvidia-cudnn-cu12", "nvidia-cublas-cu12"}, 0),
        ({"nvidia-cudnn-cu12", "nvidia-cudnn-cu13"}, 1),
        ({"nvidia-cudnn-cu12", "nvidia-cudnn-cu13", "nvidia-nccl-cu12", "nvidia-nccl-cu13"}, 2),
        ({"nvidia-ml-py", "nvidia-smi", "nvidia-cublas", "nvidia-cudnn-cu13"}, 0),
    ],
)
def test_cuda_packages_of_two_generations_are_flagged(installed: set[str], complaints: int) -> None:
    found = doctor.cuda_conflicts(installed)
    assert len(found) == complaints
    assert all("in two environments" in complaint for complaint in found)


def test_a_framework_that_is_broken_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    from gandiag.errors import UsageError
    from gandiag.plugins import runner

    def broken(backend: str) -> list[str]:
        raise UsageError("the framework of 'scripted' cannot be imported: ImportError: no")

    monkeypatch.setattr(doctor, "devices", broken)
    found = doctor._backend(runner("scripted"))
    assert found["devices"] == []
    assert found["state"].startswith("1, broken: the framework of 'scripted' cannot be imported")


def test_a_framework_that_works_names_its_devices() -> None:
    from gandiag.plugins import runner

    found = doctor._backend(runner("scripted"))
    assert (found["version"], found["devices"], found["threads"]) == ("1", ["cpu"], 1)
    assert found["state"] == "1, devices: cpu; 1 thread a worker"
