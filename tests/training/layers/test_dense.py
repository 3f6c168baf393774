"""Fully connected layers: an affine map, and the largest of several."""

from __future__ import annotations

import numpy as np
import pytest

from .building import LANES, layer, random_arrays, random_input, run


def test_a_dense_layer_is_an_affine_map_and_the_activation() -> None:
    spec, x = layer("dense", units=4, activation="tanh"), random_input(3)
    arrays = random_arrays(spec, (3,))
    y, buffers = run(spec, arrays, x)
    for lane in range(LANES):
        affine = arrays["weights"][lane] @ x[lane] + arrays["biases"][lane]
        assert y[lane] == pytest.approx(np.tanh(affine), rel=1e-12)
    assert buffers == []


def test_without_biases_zero_is_mapped_to_zero() -> None:
    spec = layer("dense", units=4, bias=False)
    assert [p.name for p in spec.parameters((3,))] == ["weights"]
    assert not run(spec, random_arrays(spec, (3,)), np.zeros((LANES, 3, 2)))[0].any()


def test_maxout_is_the_largest_of_neighbouring_rows() -> None:
    spec, x = layer("maxout", units=2, pieces=3), random_input(4)
    arrays = random_arrays(spec, (4,))
    rows = np.einsum("lji,lib->ljb", arrays["weights"], x) + arrays["biases"]
    y, _ = run(spec, arrays, x)
    assert y[:, 0] == pytest.approx(rows[:, :3].max(axis=1), rel=1e-12)
    assert y[:, 1] == pytest.approx(rows[:, 3:].max(axis=1), rel=1e-12)
    assert spec.shape((4,)) == (2,)
