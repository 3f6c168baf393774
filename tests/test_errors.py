"""The tree of errors and their messages."""

from __future__ import annotations

import inspect

import pytest

from gandiag import errors
from gandiag.errors import (
    GandiagError,
    MissingFrameworkError,
    StoreBusyError,
    UsageError,
    must_be_one_of,
)

ERRORS = {
    name: found
    for name, found in vars(errors).items()
    if inspect.isclass(found) and issubclass(found, Exception)
}


def drawn() -> dict[str, str]:
    """Each error's parent as the tree in the docstring has it."""
    path: list[str] = []
    parents = {}
    for line in (errors.__doc__ or "").splitlines():
        name = next((word for word in line.split() if word in ERRORS), None)
        if name is not None:
            depth = (line.index(name) - 4) // 4
            path = [*path[:depth], name]
            parents[name] = path[-2] if depth else "Exception"
    return parents


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert drawn() == {name: found.__mro__[1].__name__ for name, found in ERRORS.items()}


def test_every_error_derives_from_gandiag_error() -> None:
    assert all(issubclass(found, GandiagError) for found in ERRORS.values())


def test_an_error_carries_its_data() -> None:
    assert MissingFrameworkError("torch", "no").backend == "torch"
    assert StoreBusyError("no", "process 7").owner == "process 7"
    assert str(MissingFrameworkError("torch", "no")) == "no"
    assert issubclass(StoreBusyError, UsageError)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("dirak", "there is no preset 'dirak'; did you mean 'dirac'? Available: dirac, edward"),
        ("zzz", "there is no preset 'zzz'. Available: dirac, edward"),
        ("", "there is no preset ''. Available: dirac, edward"),
    ],
)
def test_only_a_close_name_is_suggested(value: str, said: str) -> None:
    assert must_be_one_of("preset", value, ["dirac", "edward"]) == said
