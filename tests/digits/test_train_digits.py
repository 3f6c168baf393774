"""The script that trained the classifier learns and is reproducible."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Digits = tuple[NDArray[np.float32], NDArray[np.int64]]

pytestmark = pytest.mark.framework


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script, with a thousand images held out."""
    torch = pytest.importorskip("torch")
    from gandiag_torch import train_digits

    monkeypatch.setattr(train_digits, "HELD_OUT", 1000)
    yield train_digits
    torch.use_deterministic_algorithms(False)


def test_two_epochs_on_few_digits_learn_most_of_them(script: Any, real: Digits) -> None:
    images, labels = real[0].reshape(-1, 28, 28), real[1]
    network, told = script.trained(script.Recipe(epochs=2, batch=32), images[:4000], labels[:4000])
    assert script.accuracy(network, images[4000:], labels[4000:]) > 0.85
    assert told["epoch"] in (1, 2)
    again, _ = script.trained(script.Recipe(epochs=2, batch=32), images[:4000], labels[:4000])
    for name, weight in vars(network).items():
        assert np.array_equal(weight, getattr(again, name))


def test_the_exported_network_equals_the_trained_one(script: Any, real: Digits) -> None:
    import torch

    torch.manual_seed(0)
    net, images = script.modules(), real[0][:300].reshape(-1, 28, 28)
    network = script.shipped(net, images)
    with torch.no_grad():
        expected = net(torch.from_numpy(images)[:, None]).double().softmax(1).numpy()
    seen = network.predict(images)
    assert np.abs(seen.probabilities - expected).max() < 1e-3  # half precision
    assert seen.features.var(axis=0).mean() == pytest.approx(1.0, rel=1e-2)
    assert np.array_equal(network.dense, network.dense.astype(np.float16))


def test_measurements_are_those_of_the_definitions(script: Any, real: Digits) -> None:
    from sklearn.metrics import confusion_matrix

    from gandiag.digits import load
    from gandiag.metrics import digit_coverage

    images, labels = real[0][:800], real[1][:800]
    seen = load().predict(images)
    found = script.measurements(load().network, images, labels)
    told = seen.probabilities.argmax(axis=1)
    assert np.array_equal(found["confusion"], confusion_matrix(labels, told, labels=range(10)))
    expected = digit_coverage(probabilities=seen.probabilities).score.value
    assert found["score"] == pytest.approx(expected, rel=1e-6)
    assert found["features"].shape == (200, 64)


def test_augmentation_stays_within_its_bounds(script: Any, real: Digits) -> None:
    import torch

    torch.manual_seed(0)
    images = torch.from_numpy(real[0][:500].reshape(-1, 1, 28, 28))
    still = script.Recipe(turn=0.0, shear=0.0, scale=0.0, shift=0.0, binarised=0.0)
    assert torch.allclose(script.varied(still, images), images, atol=1e-4)
    varied = script.varied(script.Recipe(), images)
    assert 0 <= varied.min() <= varied.max() <= 1
    black_and_white = ((varied == 0) | (varied == 1)).all(dim=(1, 2, 3)).float().mean()
    assert 0.18 < black_and_white < 0.32
    assert torch.nn.functional.mse_loss(varied, images) > 0.01
