"""Batch normalisation: the statistics of the batch, the moving averages, and when each is used."""

from __future__ import annotations

import numpy as np
import pytest

from .building import layer, random_arrays, random_input, run


def test_the_output_has_the_shift_as_mean_and_the_factor_as_deviation() -> None:
    spec, x = layer("batch-norm", epsilon=1e-12), random_input(3, 4, 5)
    arrays = random_arrays(spec, (3, 4, 5))
    y, _ = run(spec, arrays, x)
    assert y.mean((2, 3, 4)) == pytest.approx(arrays["biases"][..., 0], abs=1e-12)
    assert y.std((2, 3, 4)) == pytest.approx(np.abs(arrays["weights"][..., 0]), rel=1e-9)


def test_two_batches_side_by_side_are_normalised_apart_and_averaged_as_one() -> None:
    spec, x = layer("batch-norm", decay=0.75), random_input(3, batch=12)
    arrays, halves = random_arrays(spec, (3,)), np.split(x, 2, axis=-1)
    y, averages = run(spec, arrays, x, batches=2)
    alone = [run(spec, arrays, half)[0] for half in halves]
    assert y == pytest.approx(np.concatenate(alone, axis=-1), rel=1e-12)
    for name, new, statistic in zip(("mean", "variance"), averages, (np.mean, np.var), strict=True):
        now = np.mean([statistic(half, axis=-1) for half in halves], axis=0)[..., None]
        assert new == pytest.approx(0.75 * arrays[name] + 0.25 * now, rel=1e-12)


def test_sampling_uses_the_moving_averages_and_keeps_them() -> None:
    spec, x = layer("batch-norm", scale=False, epsilon=0.5, activation="tanh"), random_input(3)
    arrays = random_arrays(spec, (3,))
    y, averages = run(spec, arrays, x, sampling=True)
    normed = (x - arrays["mean"]) / np.sqrt(arrays["variance"] + 0.5)
    assert y == pytest.approx(np.tanh(normed + arrays["biases"]), rel=1e-12)
    assert averages == []
    assert "weights" not in arrays
