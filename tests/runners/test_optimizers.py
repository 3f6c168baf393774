"""The optimisers step as the frameworks' own do, each with its own place for epsilon."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.framework

Values = dict[str, NDArray[Any]]


def test_every_step_is_the_framework_s_own(values: Values) -> None:
    theirs = {n.removeprefix("theirs/"): v for n, v in values.items() if n.startswith("theirs/")}
    assert len(theirs) >= 4
    for name, path in theirs.items():
        assert values[f"ours/{name}"] == pytest.approx(path, rel=1e-11, abs=1e-13), name


def test_the_forms_of_epsilon_differ(values: Values) -> None:
    for name in ("rmsprop", "adam"):
        gap = np.abs(values[f"ours/{name}_torch"] - values[f"ours/{name}_keras"]).max()
        assert gap > 1e-3
