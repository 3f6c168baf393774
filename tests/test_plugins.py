"""Runners and reports by name."""

from __future__ import annotations

from typing import Any

import pytest

from gandiag import plugins
from gandiag.errors import MissingFrameworkError, UsageError
from gandiag.testing import ScriptedRunner


def installed(monkeypatch: pytest.MonkeyPatch, **versions: str | None) -> None:
    """Lets the runners of these names be all there are, with these versions."""

    def found(name: str) -> Any:
        runner = ScriptedRunner()
        runner.name = name
        runner.version = lambda: versions[name]  # type: ignore[method-assign]
        return runner

    monkeypatch.setattr(plugins, "runner_names", lambda: list(versions))
    monkeypatch.setattr(plugins, "runner", found)


def names(asked: str) -> list[str]:
    return [runner.name for runner in plugins.usable(asked)]


def test_the_shipped_runners_are_found_without_the_one_for_tests() -> None:
    assert plugins.runner_names()[:2] == ["tensorflow", "torch"]
    assert "scripted" not in plugins.runner_names()
    assert plugins.runner("scripted").name == "scripted"


def test_every_runner_is_called_by_the_name_it_is_found_by() -> None:
    for name in plugins.runner_names():
        found = plugins.runner(name)
        assert found.name == name
        assert found.modes
        assert name in found.install_hint()


def test_auto_is_the_first_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, tensorflow="2", torch="2")
    assert names("auto") == ["tensorflow"]
    installed(monkeypatch, tensorflow=None, torch="2")
    assert names("auto") == ["torch"]


def test_both_are_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, tensorflow="2", torch="2", jax="1")
    assert names("both") == ["torch", "tensorflow"]
    assert names("jax") == ["jax"]


@pytest.mark.parametrize(
    ("asked", "missing"), [("both", "tensorflow"), ("tensorflow", "tensorflow")]
)
def test_a_framework_that_is_missing_is_named(
    asked: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, tensorflow=None, torch="2")
    with pytest.raises(MissingFrameworkError, match="pip install") as caught:
        plugins.usable(asked)
    assert caught.value.backend == missing


@pytest.mark.parametrize(
    ("name", "said"),
    [("toch", "did you mean 'torch'"), ("boht", "did you mean 'both'"), ("", "no backend ''")],
)
def test_an_unknown_backend_is_refused_with_the_nearest(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        plugins.usable(name)


def test_an_unknown_report_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no report 'pdf'\. There are: html"):
        plugins.report("pdf")
