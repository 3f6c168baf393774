"""Options that several commands share."""

from __future__ import annotations

import shlex
import sys

import pytest

from gandiag.cli.options import command_line


def test_the_command_line_can_be_pasted_into_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["sweep", "--set", "title='two words'", "--out=a b"]
    monkeypatch.setattr(sys, "argv", ["/usr/bin/gandiag", *words])
    assert shlex.split(command_line()) == ["gandiag", *words]
