"""Single steps from the same states: ``stepping.py torch HOW | stepping.py tensorflow HOW``.

PyTorch makes a trajectory and writes every state of it and the next; TensorFlow makes one
iteration from each of these states, and prints how far from PyTorch's every tensor ends, a line a
case. A trajectory itself would separate: one unit in the last place grows. HOW is ``eager`` (quick)
or ``compiled``: TensorFlow by XLA, PyTorch as the presets train.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import presets, read_experiment, variants
from gandiag.plugins import runner
from gandiag.running.runner import Setting, flatten, unflatten
from gandiag.running.streams import draw_lanes
from gandiag.running.training_loop import evaluation, initial_state

Flat = dict[str, NDArray[Any]]

LANES = (3, 6)

STATES = {False: 3, True: 50}
"""How many states of a trajectory: in the quick test, and in the full one."""

SMALL = {"recording.samples": 16, "recording.batches": 2, "precision": "float64"}

DIGITS = {"kind": "mnist", "digits": "mnist5k"}
"""Real digits that are there without a network."""

RING = {
    "schedule.batch": 24,
    "generator.layers.0.units": 12,
    "generator.layers.1.units": 12,
    "discriminator.layers.0.units": 12,
    "discriminator.layers.1.units": 12,
}
"""A ring's nets, small."""

SGD = {"kind": "sgd", "learning_rate": 0.05}

STRATEGIES: dict[str, dict[str, Any]] = {
    "minimax": {"objective.generator": "minimax"},
    "least-squares": {"objective": {"game": "least-squares"}},
    "hinge": {"objective": {"game": "hinge"}},
    "wasserstein-clipped": {
        "objective": {"game": "wasserstein"},
        "discriminator.clip_weights": 0.1,
        "discriminator.optimizer": {"kind": "rmsprop", "learning_rate": 5e-4},
        "schedule.d_steps": 3,
        "schedule.latent": "fresh",
    },
    "wasserstein-penalised": {
        "objective": {"game": "wasserstein", "gradient_penalty": 10.0},
        "schedule.d_steps": 2,
        "schedule.latent": "fresh",
    },
    "r1": {"objective.r1": 1.0},
    "instance-noise": {"objective.instance_noise": 0.3},
    "smoothing": {"objective.smoothing": 0.1},
    "zero-sum": {"objective.generator": "zero-sum", "objective.stacked": True},
    "unrolled": {"objective.unrolled": 3},
    "unrolled-sgd": {"objective.unrolled": 2, "discriminator.optimizer": SGD | {"momentum": 0.5}},
    "consensus": {
        "objective.consensus": 0.5,
        "schedule.updates": "simultaneous",
        "generator.optimizer": SGD,
        "discriminator.optimizer": SGD,
    },
    "optimistic": {
        "generator.optimizer.optimistic": True,
        "discriminator.optimizer": SGD | {"optimistic": True},
    },
    "clipped-gradient": {"generator.clip_gradient": 0.1, "discriminator.clip_gradient": 0.1},
    "averaged": {"generator.average": 0.99},
    "l2": {"generator.l2": 0.01, "discriminator.l2": 0.02},
    "worse-only": {"schedule.updates": "worse"},
    "ratio": {"schedule.d_steps": 2, "schedule.g_steps": 3},
    "decay": {"generator.optimizer.decay": {"factor": 0.9, "every": 3, "staircase": False}},
    "teams": {"generator.members": 2, "discriminator.members": 3},
    "penalised-teams": {
        "objective": {"game": "wasserstein", "gradient_penalty": 10.0},
        "generator.members": 2,
    },
    "penalised-normed-packs": {
        "objective": {"game": "wasserstein", "gradient_penalty": 10.0},
        "generator.members": 2,
        "discriminator.sees.count": 3,
        "discriminator.layers": [
            {"kind": "dense", "units": 8},
            {"kind": "batch-norm", "activation": "elu"},
            {"kind": "dense", "units": 1},
        ],
    },
    "penalised-labelled-team": {
        "_preset": "edward-mnist",
        "data": DIGITS | {"labelled": True},
        "generator.labels": "first",
        "discriminator.labels": "first",
        "objective": {"game": "wasserstein", "gradient_penalty": 10.0},
        "generator.members": 2,
    },
    "paired-teams": {
        "generator.members": 2,
        "discriminator.members": 2,
        "objective.pairing": [[1.0, 0.5], [0.0, 2.0]],
    },
    "spectral": {
        "discriminator.layers.0.spectral_norm": True,
        "discriminator.layers.1.spectral_norm": True,
    },
    "normalised": {
        "discriminator.layers": [
            {"kind": "dense", "units": 8, "bias": False},
            {"kind": "batch-norm", "activation": "elu"},
            {"kind": "dense", "units": 1},
        ],
        "generator.layers": [
            {"kind": "dense", "units": 8, "bias": False},
            {"kind": "batch-norm", "activation": "relu", "scale": False},
            {"kind": "dense", "units": 2},
        ],
    },
    "team-of-normalised": {
        "generator.members": 2,
        "generator.layers": [
            {"kind": "dense", "units": 8, "bias": False},
            {"kind": "batch-norm", "activation": "relu"},
            {"kind": "dense", "units": 2},
        ],
        "discriminator.layers": [
            {"kind": "dense", "units": 8},
            {"kind": "minibatch", "kernels": 3, "dimension": 2},
            {"kind": "dense", "units": 1},
        ],
    },
    "maxout": {
        "discriminator.layers": [
            {"kind": "maxout", "units": 6, "pieces": 3},
            {"kind": "dense", "units": 1},
        ]
    },
    "softplus-sigmoid": {
        "generator.layers.0.activation": "softplus",
        "discriminator.layers.0.activation": "sigmoid",
    },
    "spectral-conv": {
        "_preset": "dcgan-mnist-small",
        "discriminator.layers.1.spectral_norm": True,
        "discriminator.layers.2.spectral_norm": True,
        "generator.layers.5.spectral_norm": True,
    },
    "labels-first": {
        "_preset": "edward-mnist",
        "data": DIGITS | {"labelled": True},
        "generator.labels": "first",
        "discriminator.labels": "first",
    },
}
"""What no preset uses, on a small ring unless another preset is named."""

FULL_ONLY = ("dcgan-mnist", "paper")
"""Nets of millions of weights: in the full test alone."""


def cases(full: bool) -> dict[str, Experiment]:
    """Every preset, every variant of one, and every strategy, small where its size is no matter."""
    found = {}
    for name in presets():
        for variant in ["", *variants(name)]:
            what = f"{name}:{variant}" if variant else name
            if full or not (what == FULL_ONLY[0] or FULL_ONLY[1] in variant):
                found[what] = read_experiment(what, SMALL | _own_digits(what))
    for name, settings in STRATEGIES.items():
        settings = dict(settings)
        base = settings.pop("_preset", "ring8")
        small = RING if base == "ring8" else {}
        given = SMALL | small | _own_digits(base) | settings
        if "discriminator.layers" in given or "generator.layers" in given:
            given = {k: v for k, v in given.items() if ".layers." not in k}
        found[f"strategy/{name}"] = read_experiment(base, given)
    return found


def _own_digits(what: str) -> dict[str, Any]:
    """The same data settings with digits that are there."""
    if "mnist" not in what:
        return {}
    data = read_experiment(what).data.model_dump(exclude_unset=True)
    kept = {k: v for k, v in data.items() if k not in ("first", "count")}
    return {"data": kept | {"digits": "mnist5k"}, "schedule.batch": 12}


class Stepper:
    """An engine that makes single iterations of an experiment."""

    def __init__(self, backend: str, mode: str, experiment: Experiment) -> None:
        self.experiment = experiment
        self.lanes = LANES[:1] if experiment.name == FULL_ONLY[0] else LANES
        setting = Setting("cpu", mode, len(self.lanes))
        shown = evaluation(experiment, self.lanes)
        self.engine = runner(backend).engine(experiment.game, shown, setting, "float64")
        self.engine.load(initial_state(experiment, self.lanes))

    def state(self) -> Flat:
        """The state as it is."""
        return flatten(self.engine.dump())

    def step(self, k: int, start: Flat | None = None) -> Flat:
        """The state after iteration k, from the state as it is or another."""
        chunk, offset = divmod(k, self.experiment.schedule.chunk)
        if not offset:
            length = self.experiment.schedule.chunk
            self.noise = {
                stream: draw_lanes(self.lanes, f"train/{stream}", draw, chunk, length)
                for stream, draw in self.experiment.game.draws.items()
            }
        if start is not None:
            self.engine.load(unflatten(start))
        self.engine.advance(self.noise, offset, 1, k)
        return self.state()


def lead(full: bool) -> None:
    """Writes the states of a trajectory of every case to standard output, for `follow`."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever a compiler prints must not get between
        for name, experiment in cases(full).items():
            trained = runner("torch").setting(experiment, "cpu", None).mode
            compiled = full and name in presets()  # a compiler takes half a minute a case
            stepper = Stepper("torch", trained if compiled else "eager", experiment)
            pickle.dump(stepper.state(), out)
            for k in range(STATES[full]):
                pickle.dump(stepper.step(k), out)


def follow(full: bool) -> None:
    """Makes the steps between the states on standard input anew, and prints how far each ends."""
    if not full:
        import tensorflow as tf

        tf.config.run_functions_eagerly(True)
    for name, experiment in cases(full).items():
        stepper = Stepper("tensorflow", "xla", experiment)
        found, start = {}, pickle.load(sys.stdin.buffer)
        for k in range(STATES[full]):
            theirs, ours = pickle.load(sys.stdin.buffer), stepper.step(k, start)
            assert ours.keys() == theirs.keys()
            found |= {f"{name}|{k}|{key}": distance(ours[key], theirs[key]) for key in ours}
            start = theirs
        print(json.dumps(found), flush=True)


def distance(a: NDArray[Any], b: NDArray[Any]) -> float:
    """The largest difference of two tensors over their largest magnitude, or over 1e-3."""
    known = np.isfinite(a)
    if not (known == np.isfinite(b)).all():
        return np.inf
    scale = max(np.abs(a[known]).max(initial=0.0), 1e-3)
    return float(np.abs(a[known] - b[known]).max(initial=0.0) / scale)


if __name__ == "__main__":
    FULL = sys.argv[2] == "compiled"
    if sys.argv[1] == "torch":
        lead(FULL)
    else:
        follow(FULL)
