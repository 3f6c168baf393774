"""What PyTorch's engine computed, and what the modules of finished runs did."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from ...adapters.nets import Made, load_all  # noqa: TID252
from ..engine_checks import Values  # noqa: TID252


@pytest.fixture
def engines(computed: Callable[[str, str], Values]) -> Values:
    """The values of engines.py on PyTorch."""
    return computed("engines", "torch")


@pytest.fixture(scope="session")
def made(shared: Path) -> Made:
    """The outputs of the networks of finished runs, as modules and by NumPy."""
    if find_spec("torch") is None:
        if os.environ.get("GANDIAG_REQUIRE") == "torch":
            pytest.fail("torch is not installed, which this session is to test")
        pytest.skip("torch is not installed")
    return load_all("torch", shared / "torch-modules")
