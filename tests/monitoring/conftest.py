"""A place for a store, and the warnings of a monitor."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gandiag.monitoring.never_raises import MonitorWarning


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The directory of a store; its name has a space, as a user's may have."""
    return tmp_path / "my gan"


@pytest.fixture
def expect_warning() -> Iterator[Callable[[str], None]]:
    """Expects one warning of the monitor for each call, with that text in it, and no other."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        expected: list[str] = []
        yield expected.append
    messages = [str(one.message) for one in caught if one.category is MonitorWarning]
    assert len(messages) == len(expected)
    for text, message in zip(expected, messages, strict=True):
        assert text in message
