"""Loads finished runs through an adapter and writes their outputs: ``BACKEND FOLDER``.

Every run's directory in the folder gets a ``BACKEND.npz`` with the outputs of both players for the
inputs in its ``inputs.npz``, or the message if the loader refuses a player.
"""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gandiag import UsageError

LOADERS = {"torch": "gandiag_torch.modules", "tensorflow": "gandiag_keras.models"}


def of_torch(net: Any, x: Any, classes: Any) -> Any:
    """The outputs of a module."""
    import torch

    assert not net.training
    with torch.no_grad():
        inputs = [torch.from_numpy(x), *([] if classes is None else [torch.from_numpy(classes)])]
        return net(*inputs).numpy()


def of_keras(net: Any, x: Any, classes: Any) -> Any:
    """The outputs of a model."""
    return np.asarray(net(x if classes is None else [x, classes[:, None]]))


def state(backend: str) -> Any:
    """The state of the user's random number generators."""
    framework = importlib.import_module(backend)
    own = framework.get_rng_state().numpy().tolist() if backend == "torch" else None
    return own, random.getstate(), np.random.get_state()[1].tolist()


def outputs(load: Any, compute: Callable[..., Any], run: Path, who: str) -> Any:
    """The outputs of a player, or why it is refused."""
    with np.load(run / "inputs.npz") as archive:
        inputs = dict(archive)
    try:
        net = load(run, "last", int(inputs["member"]))
    except UsageError as error:
        return np.array(f"refused: {error}")
    return compute(net, inputs[who], inputs.get(f"{who}_classes"))


def main(backend: str, folder: str) -> None:
    """Loads every run of the folder."""
    loaders: Any = importlib.import_module(LOADERS[backend])
    compute = of_torch if backend == "torch" else of_keras
    for run in sorted(path.parent for path in Path(folder).glob("*/inputs.npz")):
        before = state(backend)
        g = outputs(loaders.generator, compute, run, "g")
        d = outputs(loaders.discriminator, compute, run, "d")
        np.savez(run / f"{backend}.npz", undisturbed=before == state(backend), g=g, d=d)


if __name__ == "__main__":
    main(*sys.argv[1:])
