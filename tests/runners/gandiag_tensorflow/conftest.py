"""What TensorFlow's engine computed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..engine_checks import Values  # noqa: TID252


@pytest.fixture
def engines(computed: Callable[[str, str], Values]) -> Values:
    """The values of engines.py on TensorFlow."""
    return computed("engines", "tensorflow")
