"""Minibatch discrimination: the sum of exp(-distance) to the samples of the same batch."""

from __future__ import annotations

import math

import numpy as np
import pytest

from .building import layer, random_arrays, random_input, run


def test_each_kernel_adds_how_near_the_samples_of_the_same_batch_are() -> None:
    spec, x = layer("minibatch", kernels=2, dimension=3), random_input(4, batch=10)
    arrays = random_arrays(spec, (4,))
    y, _ = run(spec, arrays, x, batches=2)
    assert np.array_equal(y[:, :4], x)
    m = (arrays["weights"] @ x).reshape(2, 2, 3, 10)
    for lane, kernel, i in np.ndindex(2, 2, 10):
        own = range(i // 5 * 5, i // 5 * 5 + 5)
        apart = [np.abs(m[lane, kernel, :, i] - m[lane, kernel, :, j]).sum() for j in own]
        near = sum(math.exp(-distance) for distance in apart)
        assert y[lane, 4 + kernel, i] == pytest.approx(near, rel=1e-12)


def test_equal_samples_count_the_batch_and_distant_ones_only_themselves() -> None:
    spec = layer("minibatch", kernels=3)
    arrays = random_arrays(spec, (2,))
    same, far = np.ones((2, 2, 7)), 1e6 * random_input(2, batch=7)
    assert (run(spec, arrays, same)[0][:, 2:] == 7).all()
    assert (run(spec, arrays, far)[0][:, 2:] == 1).all()
