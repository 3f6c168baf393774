"""The real samples that generated ones are compared with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gandiag.data import Array, Mnist, Normal, Ring
from gandiag.measure.known import MOST_ON_A_LINE, MOST_REAL, Known, known_of


def test_the_real_samples_are_always_the_same() -> None:
    ring = Ring(kind="ring")
    first, again = (Known(2, ring).real for _ in range(2))
    assert first is not None
    assert first.shape == (MOST_REAL, 2)
    assert np.array_equal(first, again)  # type: ignore[arg-type]
    assert known_of(ring) is known_of(Ring(kind="ring"))


def test_a_file_is_represented_by_all_its_samples_or_every_kth(tmp_path: Path) -> None:
    def stored(n: int) -> Known:
        np.save(tmp_path / f"{n}.npy", np.arange(2.0 * n).reshape(n, 2))
        return known_of(Array(kind="array", path=str(tmp_path / f"{n}.npy")))

    few, many = stored(10).real, stored(3 * MOST_REAL).real
    assert few is not None
    assert many is not None
    assert few[:, 0].tolist() == [2.0 * k for k in range(10)]
    assert many[:3, 0].tolist() == [0.0, 6.0, 12.0]
    assert len(many) == MOST_REAL


def test_a_known_distribution_needs_no_floor_from_samples() -> None:
    normal = known_of(Normal(kind="normal", mean=1.0, std=2.0))
    assert normal.exact is not None
    assert (normal.moments, normal.spread) == (None, None)


def test_without_a_formula_the_samples_give_the_floors() -> None:
    real = np.random.default_rng(0).gamma(2.0, size=(400, 3))
    known = Known(3, samples=real)
    assert known.exact is None
    assert known.moments is not None
    assert known.moments.mean.value == pytest.approx(real.mean(axis=0))
    assert known.spread == pytest.approx(np.sqrt(real.var(axis=0).mean()))


def test_more_real_samples_are_kept_of_scalars_than_of_vectors() -> None:
    known = Known(1, samples=np.zeros((20_000, 1)))
    assert known.sorted is not None
    assert MOST_ON_A_LINE > MOST_REAL


def test_digits_are_not_read_for_a_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mnist, "preview", lambda *_: pytest.fail("MNIST was read"))
    assert known_of(Mnist(kind="mnist")).real is None
