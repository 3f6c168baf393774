"""Runs with every kind of layer, and the outputs that NumPy computes for their networks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from gandiag.experiment.loading import read_experiment
from gandiag.sampling import read_trained_networks
from gandiag.sweeping.supervisor import worker_environment

from ..sampling.kept import keep, small  # noqa: TID252

N = 23

ACTIVATIONS = ("softplus", "tanh", "sigmoid", "relu", "leaky-relu", "elu")

DENSE = [
    *({"kind": "dense", "units": 7, "activation": name, "slope": 0.3} for name in ACTIVATIONS),
    {"kind": "dense", "units": 2, "bias": False},
]

NORMED = [
    {"kind": "dense", "units": 32},
    {"kind": "batch-norm", "activation": "relu", "epsilon": 1e-3},
    {"kind": "reshape", "to": [2, 4, 4]},
    {"kind": "conv-transpose", "channels": 3, "kernel": 4, "stride": 2, "side": 7},
    {"kind": "batch-norm", "scale": False},
    {"kind": "conv", "channels": 2, "kernel": 3, "stride": 2, "spectral_norm": True},
    {"kind": "reshape", "to": [4, 2, 4]},
    {"kind": "reshape", "to": [2, 4, 4]},
    {"kind": "conv-transpose", "channels": 2, "kernel": 5, "stride": 3, "spectral_norm": True},
    {"kind": "flatten"},
    {"kind": "maxout", "units": 6, "pieces": 3},
    {"kind": "dense", "units": 2, "spectral_norm": True},
]

MINIBATCH = [{"kind": "minibatch", "kernels": 4}, {"kind": "dense", "units": 2}]

CASES: dict[str, tuple[dict[str, Any], int]] = {
    "dense": ({"generator__layers": DENSE}, 0),
    "normed": (
        {
            "generator__layers": NORMED,
            "generator__average": 0.9,
            "discriminator__layers": NORMED,
        },
        0,
    ),
    "members": ({"generator__members": 3, "discriminator__members": 3}, 2),
    "packed": ({"discriminator__sees": {"kind": "packed", "count": 2}}, 0),
    "minibatch": ({"discriminator__layers": MINIBATCH}, 0),
    "point": ({"generator__layers": [{"kind": "point", "units": 2}]}, 0),
}
"""The settings of a small experiment, and which member is loaded."""

LAYERS = ("dense", "normed", "minibatch", "point")
"""The cases that try kinds of layers; the others try how layers become a network."""

NETWORKS = (*(name for name in CASES if name not in LAYERS), "published")

Made = dict[str, dict[str, NDArray[Any]]]


def load_all(backend: str, folder: Path) -> Made:
    """The outputs of a framework for all runs, in float64 and by name, from its own process.

    The published conditional network is among them. NumPy's outputs are ``numpy_g``, ``numpy_d``.
    They are computed once, however many processes ask for them.
    """
    with FileLock(f"{folder}.lock"):
        if not (folder / "complete").exists():
            _compute(backend, folder)
            (folder / "complete").touch()
    return {path.parent.name: _both(path) for path in folder.glob(f"*/{backend}.npz")}


def _compute(backend: str, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, (settings, member) in CASES.items():
        _write_inputs(keep(folder / name, small(**settings)), member)
    _write_inputs(keep(folder / "published", read_experiment("dcgan-mnist-small")), 0)
    script = Path(__file__).with_name("loading.py")
    done = subprocess.run(
        [sys.executable, str(script), backend, str(folder)],
        env=worker_environment(backend), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]


def _both(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path) as theirs, np.load(path.with_name("inputs.npz")) as inputs:
        return dict(theirs) | {name: inputs[name] for name in ("numpy_g", "numpy_d")}


def _write_inputs(run: Path, member: int) -> None:
    """Writes inputs of both players, and the outputs that NumPy computes."""
    trained = read_trained_networks(run)
    rng = np.random.default_rng(3)
    arrays: dict[str, Any] = {"member": member}
    for who, net in (("g", trained.sampler), ("d", trained.discriminator)):
        x = rng.normal(size=(net.inputs, N))
        classes = rng.integers(0, net.classes, N) if net.classes else None
        arrays |= {who: x.T} | ({} if classes is None else {f"{who}_classes": classes})
        arrays[f"numpy_{who}"] = net.run(x, classes)[member].T
    shape = trained.experiment.data.shape
    arrays["numpy_g"] = arrays["numpy_g"].reshape(N, *shape)
    if trained.discriminator.inputs == trained.experiment.data.size:
        arrays["d"] = arrays["d"].reshape(N, *shape)
    np.savez(run / "inputs.npz", **arrays)
