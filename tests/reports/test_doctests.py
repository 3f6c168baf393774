"""The examples in the docstrings of the report and the analysis."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "gandiag.analysis.finding",
    "gandiag.analysis.stability",
    "gandiag_html.panels.frames",
    "gandiag_html.panels.losses",
    "gandiag_html.panels.provenance",
    "gandiag_html.privacy",
    "gandiag_html.column_selection",
    "gandiag_html.toml",
    "gandiag_html.formatting",
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_right(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried > 0
    assert failed == 0
