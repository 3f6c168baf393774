"""The forward pass in NumPy against the network trained in PyTorch."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.digits import Network, load
from gandiag.digits.network import BLOCK

NETWORK = load().network


@pytest.fixture(scope="module")
def images() -> NDArray[np.float32]:
    """Strokes and noise [n, 28, 28], more than one block."""
    rng = np.random.default_rng(0)
    strokes = rng.random((2 * BLOCK + 7, 28, 28), dtype=np.float32)
    strokes[::2, :, :10] = 0
    strokes[1::3, 6:20] *= strokes[1::3, 6:20] > 0.5
    return strokes


def logits(network: Network, images: NDArray[np.float32]) -> NDArray[np.float64]:
    """Logits less their mean: all that the softmax depends on."""
    logs = np.log(network.predict(images).probabilities)
    return np.asarray(logs - logs.mean(axis=1, keepdims=True))


def test_the_output_equals_that_of_pytorch(images: NDArray[np.float32]) -> None:
    torch = pytest.importorskip("torch")
    f = torch.nn.functional
    w = {name: torch.from_numpy(np.array(array)) for name, array in vars(NETWORK).items()}
    x = torch.from_numpy(images)[:, None]
    x = f.relu(f.conv2d(x, w["first"].permute(2, 0, 1)[:, None], w["first_bias"], stride=2))
    x = f.relu(f.conv2d(x, w["second"].permute(3, 2, 0, 1), w["second_bias"], stride=2))
    features = f.relu(x.permute(0, 2, 3, 1).flatten(1) @ w["dense"] + w["dense_bias"])
    expected = (features @ w["last"] + w["last_bias"]).double()
    seen = NETWORK.predict(images)
    assert np.abs(seen.features - features.numpy()).max() < 1e-4
    assert np.abs(seen.probabilities - expected.softmax(1).numpy()).max() < 1e-4
    centred = (expected - expected.mean(1, keepdim=True)).numpy()
    assert np.abs(logits(NETWORK, images) - centred).max() < 1e-4


def test_a_convolution_equals_an_explicit_sum(
    images: NDArray[np.float32],
) -> None:
    def convolved(x: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
        side = (len(x) - 5) // 2 + 1
        out = np.empty((side, side, kernel.shape[-1]))
        for i in range(side):
            for j in range(side):
                under = x[2 * i : 2 * i + 5, 2 * j : 2 * j + 5]
                out[i, j] = (under[..., None] * kernel).sum(axis=(0, 1, 2))
        return out

    w = {name: array.astype(np.float64) for name, array in vars(NETWORK).items()}
    x = images[3].astype(np.float64)[..., None]
    x = np.maximum(convolved(x, w["first"][:, :, None]) + w["first_bias"], 0)
    x = np.maximum(convolved(x, w["second"]) + w["second_bias"], 0)
    features = np.maximum(x.reshape(-1) @ w["dense"] + w["dense_bias"], 0)
    assert NETWORK.predict(images[3:4]).features[0] == pytest.approx(features, abs=1e-4)


def test_the_output_does_not_depend_on_memory_layout_or_batch(
    images: NDArray[np.float32],
) -> None:
    n = len(images)
    whole = NETWORK.predict(images)
    transposed = np.ascontiguousarray(images.reshape(n, -1).T).T
    for same in (images.reshape(n, -1), images[:, None], images.astype(np.float64), transposed):
        assert np.array_equal(NETWORK.predict(same).features, whole.features)
    alone = NETWORK.predict(images[150:151])
    assert alone.features[0] == pytest.approx(whole.features[150], abs=1e-4)
    assert alone.probabilities[0] == pytest.approx(whole.probabilities[150], abs=1e-4)


def test_probabilities_sum_to_1(images: NDArray[np.float32]) -> None:
    for wide in (1.0, 1e6):
        found = NETWORK.predict(images * wide).probabilities
        assert found.min() >= 0
        assert found.sum(axis=1) == pytest.approx(1.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_non_finite_image_does_not_affect_the_others(
    images: NDArray[np.float32], bad: float
) -> None:
    spoiled = images.copy()
    spoiled[5, 0, 0] = bad  # in a corner, where a ReLU might hide it
    seen, whole = NETWORK.predict(spoiled), NETWORK.predict(images)
    assert np.isnan(seen.features[5]).all()
    assert np.isnan(seen.probabilities[5]).all()
    others = np.arange(len(images)) != 5
    assert np.array_equal(seen.features[others], whole.features[others])


def test_images_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match=r"28 x 28 pixels, not of shape \(3, 32, 32\)"):
        NETWORK.predict(np.zeros((3, 32, 32)))
