"""Loads kept runs through an adapter's loaders and writes what they make: ``BACKEND FOLDER``.

Every run's directory in the folder gets a ``BACKEND.npz`` with what both players make of their
inputs in its ``given.npz``; where the loader refuses a player, its words stand instead.
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
    """What a module makes."""
    import torch

    assert not net.training
    with torch.no_grad():
        inputs = [torch.from_numpy(x), *([] if classes is None else [torch.from_numpy(classes)])]
        return net(*inputs).numpy()


def of_keras(net: Any, x: Any, classes: Any) -> Any:
    """What a model makes."""
    return np.asarray(net(x if classes is None else [x, classes[:, None]]))


def state(backend: str) -> Any:
    """Where the random numbers of a user's program stand."""
    framework = importlib.import_module(backend)
    own = framework.get_rng_state().numpy().tolist() if backend == "torch" else None
    return own, random.getstate(), np.random.get_state()[1].tolist()


def made_by(load: Any, make: Callable[..., Any], run: Path, who: str) -> Any:
    """What a player makes, or why it is refused."""
    with np.load(run / "given.npz") as given:
        held = dict(given)
    try:
        net = load(run, "last", int(held["member"]))
    except UsageError as error:
        return np.array(f"refused: {error}")
    return make(net, held[who], held.get(f"{who}_classes"))


def main(backend: str, folder: str) -> None:
    """Loads every run of the folder."""
    loaders: Any = importlib.import_module(LOADERS[backend])
    make = of_torch if backend == "torch" else of_keras
    for run in sorted(path.parent for path in Path(folder).glob("*/given.npz")):
        before = state(backend)
        g = made_by(loaders.generator, make, run, "g")
        d = made_by(loaders.discriminator, make, run, "d")
        np.savez(run / f"{backend}.npz", undisturbed=before == state(backend), g=g, d=d)


if __name__ == "__main__":
    main(*sys.argv[1:])
