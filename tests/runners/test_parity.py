"""One mathematics, two frameworks, and plain PyTorch: they train the same thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.framework

Values = dict[str, NDArray[Any]]


@pytest.fixture
def both(values_of: Callable[[str], Values]) -> tuple[Values, Values]:
    """The values of both frameworks."""
    return values_of("torch"), values_of("tensorflow")


def drift(some: NDArray[Any], other: NDArray[Any]) -> float:
    """The largest difference, relative to the size of the whole series."""
    assert some.shape == other.shape
    finite = np.isfinite(some)
    assert np.array_equal(finite, np.isfinite(other))
    size = np.abs(some[finite]).max(initial=1e-300)
    return float(np.abs(some[finite] - other[finite]).max(initial=0.0) / size)


@pytest.mark.parametrize("case", ["devnag", "aylien"])
def test_float64_agrees_in_every_loss_and_every_weight(
    both: tuple[Values, Values], case: str
) -> None:
    torch, tensorflow = both
    names = [n for n in torch if n.startswith(f"parity/float64/{case}/")]
    assert sum("loss_last" in n for n in names) >= 2
    assert sum(n.endswith("_weights") for n in names) >= 2
    worst = {name: drift(torch[name], tensorflow[name]) for name in names}
    assert max(worst.values()) < 1e-9, worst


def test_float32_drifts_by_rounding_only(
    both: tuple[Values, Values], record_property: Callable[[str, object], None]
) -> None:
    torch, tensorflow = both
    names = [n for n in torch if n.startswith("parity/float32/devnag/") and "weights" in n]
    worst = max(drift(torch[name], tensorflow[name]) for name in names)
    record_property("drift", worst)
    assert worst < 1e-3
    names64 = [n.replace("float32", "float64") for n in names]
    assert max(drift(torch[a], torch[b]) for a, b in zip(names, names64, strict=True)) > 1e-9


@pytest.mark.parametrize("preset", ["devnag", "aylien"])
@pytest.mark.parametrize("player", ["g", "d"])
def test_a_plain_loop_trains_the_same(
    values_of: Callable[[str], Values], preset: str, player: str
) -> None:
    values = values_of("torch")
    twin = values[f"twin/{preset}/{player}"]
    ours = values[f"parity/float64/{preset}/train/{player}_weights"][:, 0]
    assert twin == pytest.approx(ours, rel=1e-8, abs=1e-11)


def test_the_initial_weights_are_the_same_bits(both: tuple[Values, Values]) -> None:
    torch, tensorflow = both
    for name in ("g_weights", "d_weights"):
        key = f"parity/float32/devnag/train/{name}"
        assert np.array_equal(torch[key][0], tensorflow[key][0])
