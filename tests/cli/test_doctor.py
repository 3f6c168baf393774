"""``gandiag doctor``."""

from __future__ import annotations

import json
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from gandiag.cli import doctor
from gandiag.errors import UsageError
from gandiag.plugins import runner
from gandiag.sweeping import probe

Call = Callable[..., CompletedProcess[str]]

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


def test_the_doctor_prints_backends_and_warnings(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
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
def test_cuda_packages_of_two_versions_are_flagged(installed: set[str], complaints: int) -> None:
    found = doctor.cuda_conflicts(installed)
    assert len(found) == complaints
    assert all("one environment for TensorFlow" in warning for warning in found)


def test_a_broken_framework_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(backend: str) -> list[str]:
        raise UsageError("the framework of 'scripted' cannot be imported: ImportError: no")

    monkeypatch.setattr(probe, "devices", broken)
    found = doctor.examine_backend(runner("scripted"))
    assert found["devices"] == []
    assert found["state"].startswith("1, broken: the framework of 'scripted' cannot be imported")


def test_a_working_framework_names_its_devices() -> None:
    found = doctor.examine_backend(runner("scripted"))
    assert (found["version"], found["devices"], found["threads"]) == ("1", ["cpu"], 1)
    assert found["state"] == "1, devices: cpu; 1 thread per worker"
