"""Single steps from the same states: ``python stepping.py BACKEND STATES STEPS HOW``.

PyTorch makes a trajectory and writes every state of it to STATES; every backend makes one
iteration from each state and writes where it got to STEPS. A trajectory itself would separate:
one unit in the last place grows. HOW is ``eager`` (quick) or ``compiled`` (as they train).
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment import Experiment
from gandiag.group import begin, evaluation
from gandiag.plugins import runner
from gandiag.reading import presets, read_experiment, variants
from gandiag.runner import Runner, Setting, flatten, unflatten
from gandiag.streams import draw_lanes

LANES = (3, 6)

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


def main(backend: str, states: str, steps: str, how: str) -> None:
    """Makes the steps."""
    full = how == "compiled"
    count = 50 if full else 3
    found = runner(backend)
    if backend == "tensorflow" and not full:
        import tensorflow as tf

        tf.config.run_functions_eagerly(True)
    known = {} if backend == "torch" else dict(np.load(states))
    before: dict[str, NDArray[Any]] = {}
    after: dict[str, NDArray[Any]] = {}
    for name, experiment in cases(full).items():
        trajectory = _states(known, name, count) if known else None
        for k, (start, end) in enumerate(_steps(found, experiment, trajectory, count)):
            before |= {f"{name}|{k}|{key}": v for key, v in flatten(start).items()}
            after |= {f"{name}|{k}|{key}": v for key, v in flatten(end).items()}
    if backend == "torch":
        np.savez(states, **before)
    np.savez(steps, **after)


def _states(known: dict[str, NDArray[Any]], name: str, count: int) -> list[dict[str, Any]]:
    found = []
    for k in range(count):
        prefix = f"{name}|{k}|"
        found.append(
            unflatten({n.removeprefix(prefix): v for n, v in known.items() if n.startswith(prefix)})
        )
    return found


def _steps(found: Runner, experiment: Experiment, states: Any, count: int) -> Any:
    """Pairs of a state and the one an iteration later."""
    mode = "eager" if found.name == "torch" else "xla"
    setting = Setting("cpu", mode, len(LANES))
    shown = evaluation(experiment, LANES)
    engine = found.engine(experiment.game, shown, setting, "float64")
    state = begin(experiment, LANES)
    engine.load(state)
    for k in range(count):
        chunk, offset = divmod(k, experiment.schedule.chunk)
        if not offset:
            noise = {
                stream: draw_lanes(LANES, f"train/{stream}", draw, chunk, experiment.schedule.chunk)
                for stream, draw in experiment.game.draws.items()
            }
        if states is not None:
            engine.load(states[k])
        start = engine.dump()
        engine.advance(noise, offset, 1, k)
        yield start, engine.dump()


if __name__ == "__main__":
    main(*sys.argv[1:])
