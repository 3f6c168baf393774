"""The command line explains itself."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

import gandiag

Call = Callable[..., CompletedProcess[str]]

COMMANDS = {
    "sweep": ["--seeds", "--backend", "--device", "--jobs", "--iterations", "--set", "--grid",
              "--timeout", "--out", "--retry-failed", "--dry-run", "--json", "--no-report"],
    "report": ["DIR", "--output", "-o"],
    "ls": ["DIR", "--json"],
    "show": ["--store", "--json"],
    "rm": ["--store", "--yes"],
    "presets": ["--json"],
    "keys": ["[KEY]", "--json"],
    "doctor": ["--json"],
}  # fmt: skip


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_the_help_names_every_command_but_the_hidden_worker(flag: str, call: Call) -> None:
    done = call(flag)
    assert done.returncode == 0
    assert done.stderr == ""
    for command in COMMANDS:
        assert f"│ {command} " in done.stdout
    assert "worker" not in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_names_its_options(command: str, call: Call) -> None:
    done = call(command, "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    assert f"Usage: gandiag {command}" in done.stdout
    for word in COMMANDS[command]:
        assert word in done.stdout
    assert "\x1b" not in done.stdout


def test_the_help_of_sweep_explains_seeds_and_resuming(call: Call) -> None:
    text = " ".join(call("sweep", "--help").stdout.split())
    assert "Run the same command again to resume" in text
    assert "10 means 0 to 9" in text
    assert "default: devnag-1d" in text


def test_without_a_command_the_help_is_shown(call: Call) -> None:
    done = call()
    assert done.returncode == 2
    assert "Usage: gandiag" in done.stdout + done.stderr


def test_the_version_is_printed(call: Call) -> None:
    done = call("--version")
    assert (done.returncode, done.stdout) == (0, f"{gandiag.__version__}\n")


def test_python_m_gandiag_is_the_command_line(run: Call) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{gandiag.__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["swep"], "No such command 'swep'"),
        (["sweep", "--sedes=3"], "No such option: --sedes"),
        (["sweep", "--jobs=two"], "Invalid value for '--jobs'"),
        (["sweep", "--iterations=many"], "Invalid value for '--iterations'"),
        (["sweep", "dirac", "devnag-1d"], "unexpected extra argument"),
        (["report"], "Missing argument 'DIR'"),
        (["show"], "Missing argument 'run'"),
    ],
)
def test_a_command_line_that_cannot_be_parsed_is_refused(
    words: list[str], said: str, call: Call
) -> None:
    done = call(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
