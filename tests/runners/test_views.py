"""What a discriminator is shown is what the view says, on both frameworks, and so is its slope."""

from __future__ import annotations

import numpy as np
import pytest

from .layered import BATCH, LANE, LANES, Values, lanes_of

pytestmark = pytest.mark.framework


@pytest.mark.parametrize("name", ["packed-2", "packed-3-two-batches", "packed-4-left-over"])
def test_a_pack_is_samples_of_one_batch_and_the_rest_is_ignored(layers: Values, name: str) -> None:
    count = int(name.split("-")[1])
    for case in lanes_of(layers, f"view/{name}"):
        packs = []
        for batch in np.split(case.x, case.x.shape[1] // BATCH, axis=1):
            n = BATCH // count
            packs += [batch[:, [k + i * n for i in range(count)]].T.ravel() for k in range(n)]
        assert np.array_equal(case.y, np.array(packs).T)
    used = np.abs(layers[f"view/{name}/x_gradient"]).sum(axis=0) > 0
    assert used.sum() == count * layers[f"view/{name}/y"].shape[-1]


@pytest.mark.parametrize("name", ["moments", "moments-two-batches"])
def test_the_moments_are_scipy_s(layers: Values, name: str) -> None:
    from scipy import stats

    for case in lanes_of(layers, f"view/{name}"):
        columns = [
            np.concatenate([b.mean(1), b.std(1), stats.skew(b, axis=1), stats.kurtosis(b, axis=1)])
            for b in np.split(case.x, case.x.shape[1] // BATCH, axis=1)
        ]
        assert case.y == pytest.approx(np.array(columns).T, abs=1e-12)


@pytest.mark.parametrize("name", ["deviations", "deviations-two-batches"])
def test_the_mean_of_the_squared_deviations_is_a_constant_to_the_gradient(
    layers: Values, name: str
) -> None:
    slopes = []
    for case in lanes_of(layers, f"view/{name}"):
        columns, slopes = [], []
        weighing = layers[f"view/{name}/weighing"].T
        for b, c in zip(np.split(case.x, len(weighing), axis=1), weighing, strict=True):
            apart = b - b.mean(axis=1, keepdims=True)
            columns.append(np.concatenate([b.ravel(), (apart**2).ravel()]))
            plain, squared = (part.reshape(b.shape) for part in np.split(c, 2))
            slopes.append(plain + 2 * apart * squared)
        assert case.y == pytest.approx(np.array(columns).T, abs=1e-12)
    assert LANE == LANES - 1
    assert layers[f"view/{name}/x_gradient"] == pytest.approx(np.concatenate(slopes, axis=1))
