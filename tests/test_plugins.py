"""Backends and reports by name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace
from typing import Any

import pytest

from gandiag import plugins
from gandiag.errors import MissingFrameworkError, UsageError
from gandiag.testing import ScriptedRunner

Run = Callable[..., CompletedProcess[str]]


def entry_point(name: str, version: str | None) -> Any:
    """The entry point of a backend; 'torch' and 'tensorflow' belong to gandiag's distribution."""
    runner = ScriptedRunner()
    runner.name = name
    runner.version = lambda: version  # type: ignore[method-assign]
    runner.install_hint = lambda: f"pip install {name}"  # type: ignore[method-assign]
    package = "gandiag" if name in ("tensorflow", "torch") else f"gandiag-{name}"
    return SimpleNamespace(name=name, dist=SimpleNamespace(name=package), load=lambda: runner)


def installed(monkeypatch: pytest.MonkeyPatch, **versions: str | None) -> None:
    """Replaces the entry points by those of these backends, with these versions."""
    points = [entry_point(*each) for each in versions.items()]
    monkeypatch.setattr(plugins, "entry_points", lambda group: points)


def names(asked: str) -> list[str]:
    return [runner.name for runner in plugins.installed_runners(asked)]


def test_the_shipped_backends_are_listed_without_the_internal_runners() -> None:
    assert plugins.runner_names()[:2] == ["tensorflow", "torch"]
    assert not {"scripted", "function"} & set(plugins.runner_names())
    assert plugins.runner("scripted").name == "scripted"


def test_every_runner_has_the_name_of_its_entry_point() -> None:
    for name in plugins.runner_names():
        found = plugins.runner(name)
        assert found.name == name
        assert found.modes
        assert name in found.install_hint()


def test_auto_is_the_first_backend_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, torch="2", tensorflow="2")
    assert names("auto") == ["tensorflow"]
    installed(monkeypatch, torch="2", tensorflow=None)
    assert names("auto") == ["torch"]


def test_a_third_backend_is_listed_last_and_is_auto_where_it_is_the_only_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed(monkeypatch, jax="1", torch="2", tensorflow="2")
    assert plugins.runner_names() == ["tensorflow", "torch", "jax"]
    assert names("jax") == ["jax"]
    assert names("auto") == ["tensorflow"]
    installed(monkeypatch, jax="1", torch=None, tensorflow=None)
    assert names("auto") == ["jax"]


def test_both_means_the_two_shipped_backends(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, jax="1", tensorflow="2", torch="2")
    assert names("both") == ["torch", "tensorflow"]


@pytest.mark.parametrize(
    ("asked", "missing"), [("both", "tensorflow"), ("tensorflow", "tensorflow")]
)
def test_a_missing_framework_is_named(
    asked: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, tensorflow=None, torch="2")
    with pytest.raises(MissingFrameworkError, match=f"pip install {missing}") as caught:
        plugins.installed_runners(asked)
    assert caught.value.backend == missing


def test_without_a_framework_all_backends_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, jax=None, tensorflow=None, torch=None)
    with pytest.raises(MissingFrameworkError, match="tensorflow, torch, jax") as caught:
        plugins.installed_runners("auto")
    assert "pip install jax" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [("toch", "did you mean 'torch'"), ("boht", "did you mean 'both'"), ("", "no backend ''")],
)
def test_an_unknown_backend_is_refused_with_the_nearest_name(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        plugins.installed_runners(name)


def test_the_error_for_an_unknown_backend_lists_a_third_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed(monkeypatch, jax="1", torch="2")
    with pytest.raises(UsageError, match="Available: auto, both, torch, jax"):
        plugins.installed_runners("mxnet")


def test_an_unknown_report_is_refused_with_the_available_ones() -> None:
    with pytest.raises(UsageError, match=r"no report 'pdf'\. Available: html"):
        plugins.report("pdf")


def test_a_package_adds_a_backend_to_the_command_line_by_its_entry_point(
    tmp_path: Path, run: Run
) -> None:
    facts = tmp_path / "gandiag_jax-1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: gandiag-jax\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[gandiag.runners]\njax = gandiag_jax:RUNNER\n")
    code = "from gandiag.testing import ScriptedRunner\nRUNNER = ScriptedRunner()\n"
    (tmp_path / "gandiag_jax.py").write_text(f"{code}RUNNER.name = 'jax'\n")
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = run("sweep", "--help", PYTHONPATH=os.pathsep.join(paths), COLUMNS="200")
    assert "auto, both, tensorflow, torch or jax" in done.stdout
