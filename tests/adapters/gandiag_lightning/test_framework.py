"""Lightning under its older name, ``pytorch_lightning``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import gandiag

pytestmark = pytest.mark.framework


def test_a_trainer_of_the_older_package_is_recorded(trained: Callable[[str], Path]) -> None:
    results = gandiag.load(trained("lightning") / "older")
    assert results.runs["status"].tolist() == ["completed"]
    assert results.series["iteration"].tolist() == [1, 10, 20, 25]
    assert results.series["d_updates"].tolist() == [2, 20, 40, 50]
