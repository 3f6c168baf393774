"""Spectral normalisation: the power iteration finds the largest singular value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gandiag.training import numpy_operations as ops
from gandiag.training.layers import Pass

from .building import layer, random_arrays, random_input, run

KINDS: list[tuple[str, dict[str, Any], tuple[int, ...], int]] = [
    ("dense", {"units": 4}, (3,), 4),
    ("conv", {"channels": 4, "kernel": 2}, (3, 5, 5), 4),
    ("conv-transpose", {"channels": 4, "kernel": 2}, (3, 5, 5), 3),
]
"""A kind of layer, its settings, its input, and the rows of its weights as a matrix."""


@pytest.mark.parametrize(("kind", "settings", "given", "rows"), KINDS)
def test_after_many_runs_the_largest_singular_value_is_one(
    kind: str, settings: dict[str, Any], given: tuple[int, ...], rows: int
) -> None:
    spec = layer(kind, spectral_norm=True, **settings)
    arrays = random_arrays(spec, given)
    for _ in range(300):
        normed, (u,) = spec.normed(Pass(ops), arrays, (rows, -1))
        arrays = arrays | {"u": u}
    matrices = normed.reshape(2, rows, -1)
    assert np.linalg.norm(matrices, 2, axis=(1, 2)) == pytest.approx(1, abs=1e-6)
    left = np.linalg.svd(matrices)[0][..., :1]
    assert np.abs((left * u).sum(1)) == pytest.approx(1, abs=1e-6)


def test_one_run_is_one_step_of_the_power_iteration() -> None:
    spec, x = layer("dense", units=4, spectral_norm=True, bias=False), random_input(3)
    arrays = random_arrays(spec, (3,))
    y, (u,) = run(spec, arrays, x)
    for lane, matrix in enumerate(arrays["weights"]):
        v = matrix.T @ arrays["u"][lane]
        v /= np.linalg.norm(v)
        size = np.linalg.norm(matrix @ v)
        assert u[lane] == pytest.approx(matrix @ v / size, rel=1e-12)
        assert y[lane] == pytest.approx(matrix @ x[lane] / size, rel=1e-12)


def test_without_it_the_weights_are_used_as_they_are() -> None:
    spec = layer("dense", units=4)
    arrays = random_arrays(spec, (3,))
    assert spec.buffers((3,)) == ()
    assert spec.normed(Pass(ops), arrays, (4, -1)) == (arrays["weights"], [])
