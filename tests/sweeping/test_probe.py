"""Which device a user's word stands for."""

from __future__ import annotations

import pytest

from gandiag.errors import UsageError
from gandiag.plugins import runner
from gandiag.sweeping import probe

RUNNER = runner("scripted")


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with two GPUs."""
    monkeypatch.setattr(probe, "has_gpu_driver", lambda: True)
    monkeypatch.setattr(probe, "devices", lambda backend: ["cpu", "cuda:0", "cuda:1"])


@pytest.mark.usefixtures("two_gpus")
@pytest.mark.parametrize(
    ("asked", "device"),
    [
        ("auto", "cuda:0"),
        ("cpu", "cpu"),
        ("cuda", "cuda:0"),
        ("gpu", "cuda:0"),
        ("cuda:1", "cuda:1"),
        ("gpu:1", "cuda:1"),
    ],
)
def test_a_word_stands_for_a_device(asked: str, device: str) -> None:
    assert probe.choose_device(RUNNER, asked) == device


@pytest.mark.usefixtures("two_gpus")
@pytest.mark.parametrize("asked", ["cuda:2", "gpu:7"])
def test_a_device_that_is_not_there_is_refused_with_those_that_are(asked: str) -> None:
    with pytest.raises(UsageError, match=f"no device '{asked}'.*finds cpu, cuda:0, cuda:1"):
        probe.choose_device(RUNNER, asked)


@pytest.mark.usefixtures("two_gpus")
@pytest.mark.parametrize("asked", ["cdua", "cuda:x", "cuda:-1", "cpu:1", "auto:1", ""])
def test_what_is_no_device_is_refused(asked: str) -> None:
    with pytest.raises(UsageError, match=f"no device '{asked}'.*Available: auto, cpu, cuda"):
        probe.choose_device(RUNNER, asked)


def test_without_a_driver_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "has_gpu_driver", lambda: False)
    monkeypatch.setattr(probe, "devices", lambda backend: pytest.fail("asked"))
    assert probe.choose_device(RUNNER, "auto") == "cpu"


def test_a_framework_is_asked_in_a_process_of_its_own() -> None:
    assert probe.devices("scripted") == ["cpu"]


def test_a_framework_that_cannot_be_imported_is_said_in_a_line() -> None:
    with pytest.raises(UsageError, match="no backend 'nonesuch'"):
        probe.devices("nonesuch")
