"""Real samples are read where they are; nothing is downloaded, and no user function is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from gandiag.data import Function, Mnist, Normal
from gandiag_html.reference_data import load_reference


def test_a_missing_directory_or_a_damaged_cache_gives_no_samples(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GANDIAG_DATA", str(tmp_path / "gone"))
    found, why = load_reference(Mnist(kind="mnist"))
    assert len(found.values) == 0
    assert why == "The data are not on this machine, or are damaged: no real samples are shown."
    monkeypatch.setenv("GANDIAG_DATA", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache = tmp_path / "gandiag" / "mnist"
    cache.mkdir(parents=True)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (cache / f"{name}-ubyte.gz").write_bytes(b"damaged")
    assert load_reference(Mnist(kind="mnist"))[1].startswith("MNIST is not on this machine")


def test_a_function_of_the_user_is_not_called() -> None:
    data = Function.model_construct(kind="function", function="nowhere:draw", shape=(1, 8, 8))
    found, why = load_reference(data)
    assert (found.size, len(found.values)) == (64, 0)
    assert "which a report does not call" in why


def test_a_known_distribution_is_its_own_reference() -> None:
    data = Normal(kind="normal", mean=0.0, std=1.0)
    assert load_reference(data) == (data, "")
