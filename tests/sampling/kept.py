"""Finished runs that nobody trained: their weights are drawn, and all that layers remember too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.running.training_loop import initial_state
from gandiag.store.manifest import Identity, Manifest
from gandiag.store.weights import Weights

SMALL: dict[str, Any] = {
    "data": {"kind": "ring"},
    "latent": {"kind": "normal", "size": 3},
    "generator.layers": [
        {"kind": "dense", "units": 5, "activation": "elu"},
        {"kind": "dense", "units": 2},
    ],
    "discriminator.sees": {"kind": "samples"},
    "discriminator.layers": [{"kind": "dense", "units": 1}],
    "success": [],
}
"""What is set anew in ``ring8`` so that its nets are small."""


def small(**settings: Any) -> Experiment:
    """A small experiment; settings are written with two underscores for a dot."""
    anew = {name.replace("__", "."): value for name, value in settings.items()}
    return read_experiment("ring8", SMALL | anew)


def keep(
    directory: Path,
    experiment: Experiment,
    seed: int = 0,
    kind: str = "float64",
    which: str = "weights.npz",
    **facts: Any,
) -> Path:
    """Writes a finished run; gives its directory.

    Args:
        directory: Where to.
        experiment: What it is said to have trained.
        seed: Of the run.
        kind: The type of the weights.
        which: The file of the weights.
        **facts: What else the manifest says.
    """
    directory.mkdir(exist_ok=True)
    identity = Identity(
        experiment=experiment.resolved(),
        seed=seed,
        backend="scripted",
        device_kind="cpu",
        precision=experiment.precision,
        width=1,
        mode="script",
        versions={},
    )
    how = {"status": "completed"} | facts
    Manifest(run=identity.run, identity=identity, device="cpu", **how).write(directory)
    state = {who: _worn(held, seed, kind) for who, held in _players(experiment, seed).items()}
    Weights.of_lane(state, 0, experiment.iterations).write(directory / which)
    return directory


def _players(experiment: Experiment, seed: int) -> dict[str, Mapping[str, Any]]:
    state: Any = initial_state(experiment, [seed])
    return {who: state[who] for who in ("g", "d")}


def _worn(held: Mapping[str, Any], seed: int, kind: str) -> dict[str, Any]:
    """Weights, memories and averages as training might leave them: none is what it began as."""
    rng = np.random.default_rng(seed)
    worn = {}
    for name in ("weights", "memory", "average"):
        if name in held:
            noise = rng.normal(0, 0.2, held[name].shape)
            # Variances are positive; vectors and means do not mind.
            worn[name] = np.abs(held[name] + noise) if name == "memory" else held[name] + noise
    return {name: array.astype(kind) for name, array in worn.items()}
