"""The keys of an experiment, as read from its classes."""

from __future__ import annotations

import tomllib

import pytest

from gandiag.errors import UsageError
from gandiag.experiment.schema import everything, keys_of, look_up
from gandiag.spec import Interval


def test_every_key_is_explained() -> None:
    assert [
        (table.paths[0], key.name)
        for table in everything()
        for key in table.keys
        if not key.about.endswith(".")
    ] == []


def test_every_default_is_toml_or_none() -> None:
    defaults = {key.default for table in everything() for key in table.keys} - {None, "none"}
    assert all("x" in tomllib.loads(f"x = {default}") for default in defaults)


def test_a_redeclared_field_has_the_explanation_of_its_own_class() -> None:
    edges = {key.name: key.about for key in look_up("recording.plane").keys}
    assert edges["low"] == "The coordinate of its lower and left edge."


def test_nothing_is_below_a_single_value() -> None:
    with pytest.raises(UsageError, match=r"schedule.batch is one value"):
        look_up("schedule.batch.size")


class Narrow(Interval):
    """A narrow interval."""

    width: float = 1.0
    """The `width`, which may
    take two lines.
    """


def test_a_key_is_explained_by_the_docstring_behind_its_field_or_behind_that_of_a_base() -> None:
    abouts = {key.name: key.about for key in keys_of([Narrow])}
    assert abouts == {
        "low": "The lower end.",
        "high": "The upper end.",
        "width": "The width, which may take two lines.",
    }
