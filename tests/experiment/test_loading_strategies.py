"""The README's table of strategies works with ``gandiag sweep``."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

Call = Callable[..., CompletedProcess[str]]

README = Path(__file__).parents[2] / "README.md"

MODULE = "def f(rng, n):\n    return rng.normal(size=(n, 2))\n"


def entries() -> list[str]:
    """The code of the right column of the table of strategies."""
    table = README.read_text(encoding="utf-8").partition("| to use | append |\n")[2]
    rows = table.partition("\n\n")[0].splitlines()[1:]
    return [code for row in rows for code in re.findall(r"`([^`]+)`", row.split(" | ")[1])]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a user's data."""
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(500, 2)))
    (tmp_path / "my_data.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


def dry_run(call: Call, preset: str, words: str) -> CompletedProcess[str]:
    return call("sweep", preset, "--backend=scripted", "--dry-run", *shlex.split(words))


def test_every_strategy_of_the_table_is_a_variant() -> None:
    found = entries()
    assert len(found) >= 19
    assert all(code.startswith("--set ") for code in found)


@pytest.mark.parametrize("words", entries())
def test_a_strategy_can_be_appended_to_a_sweep_command(words: str, call: Call, here: Path) -> None:
    done = dry_run(call, "ring8", words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "10 of 10 runs would be trained" in done.stdout


@pytest.mark.parametrize("words", [each for each in entries() if "updates" in each])
def test_strategies_that_count_updates_adapt_to_the_preset(words: str, call: Call) -> None:
    done = dry_run(call, "devnag-1d", words)
    assert (done.returncode, done.stderr) == (0, "")
