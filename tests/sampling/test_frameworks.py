"""A network that a framework has trained makes here what it made there."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import gandiag
from gandiag.experiment.loading import experiment_from
from gandiag.running.training_loop import evaluation
from gandiag.sampling import read_trained_networks, samples_of
from gandiag.store.frames import read_frames

pytestmark = pytest.mark.framework

LAYERS = [
    {"kind": "dense", "units": 32, "bias": False},
    {"kind": "batch-norm", "activation": "relu"},
    {"kind": "reshape", "to": [2, 4, 4]},
    {"kind": "conv-transpose", "channels": 3, "kernel": 2, "stride": 2, "side": 7},
    {"kind": "batch-norm", "activation": "leaky-relu"},
    {"kind": "conv", "channels": 2, "kernel": 2, "stride": 2, "spectral_norm": True},
    {"kind": "flatten"},
    {"kind": "maxout", "units": 4, "pieces": 2},
]
"""A generator with nearly everything: labels beside every layer, two members, moving averages."""

PLAYER = {
    "weights": {"kind": "glorot-uniform"},
    "biases": {"kind": "constant", "value": 0.1},
    "optimizer": {"kind": "adam", "learning_rate": 1e-3},
    "labels": "every",
}


@pytest.fixture(params=["torch", "tensorflow"])
def backend(request: pytest.FixtureRequest) -> str:
    """A backend that is installed."""
    name: str = request.param
    if find_spec(name) is None:
        if os.environ.get("GANDIAG_REQUIRE") == name:
            pytest.fail(f"{name} is not installed, which this session is to test")
        pytest.skip(f"{name} is not installed")
    return name


def test_the_last_frame_is_made_again(backend: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    vectors, labels = rng.normal(size=(40, 4)), np.arange(40) % 3
    np.savez(tmp_path / "data.npz", vectors=vectors, labels=labels)
    data = {"kind": "array", "path": str(tmp_path / "data.npz"), "key": "vectors"}
    table = {
        "name": "all-at-once",
        "data": data | {"labels": "labels"},
        "latent": {"kind": "normal", "size": 3},
        "generator": PLAYER | {"layers": LAYERS, "members": 2, "average": 0.9},
        "discriminator": PLAYER
        | {"sees": {"kind": "samples"}, "layers": [{"kind": "dense", "units": 1}]},
        "schedule": {"iterations": 30, "batch": 8},
        "recording": {"every": 15, "samples": 101},
    }
    out = tmp_path / "store"
    gandiag.sweep(experiment_from(table, "here"), "3-3", backend=backend, out=out)
    (run,) = (path.parent for path in out.glob("*/weights.npz"))
    trained = read_trained_networks(run)
    seen = evaluation(trained.experiment, [trained.seed])
    classes = seen["real"][0, 4:].argmax(axis=0)
    made = samples_of(trained, seen["latent"][0], classes)
    frame = read_frames(run).values[-1]
    assert made.shape == frame.shape == (101, 4)
    assert made.std() > 0.01
    np.testing.assert_allclose(made, frame, rtol=1e-5, atol=1e-5)
