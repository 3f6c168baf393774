"""Whether the runner keeps its promise with every mechanism that could break it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.running.runner import Engine, Runner, flatten
from gandiag.running.streams import deal_lanes
from gandiag.running.training_loop import evaluation, initial_state, lane_of, lanes_of
from gandiag.testing import check_runner

FEW = {
    "schedule.iterations": 6,
    "schedule.batch": 8,
    "schedule.chunk": 6,
    "recording.every": 2,
    "recording.samples": 16,
    "recording.batches": 2,
}
NORMED = [
    {"kind": "dense", "units": 4, "bias": False},
    {"kind": "batch-norm", "activation": "relu"},
    {"kind": "dense", "units": 2},
]
JUDGE = [
    {"kind": "dense", "units": 4, "activation": "leaky-relu"},
    {"kind": "minibatch", "kernels": 2, "dimension": 2},
    {"kind": "batch-norm"},
    {"kind": "dense", "units": 1},
]
CONVOLVED = [
    {"kind": "reshape", "to": [2, 2, 1]},
    {"kind": "conv", "channels": 2, "kernel": 2, "activation": "elu", "spectral_norm": True},
    {"kind": "flatten"},
    {"kind": "dense", "units": 1},
]

MIXES: dict[str, dict[str, Any]] = {
    "teams of normed players of which the worse moves": {
        "generator.members": 2,
        "discriminator.members": 2,
        "generator.layers": NORMED,
        "discriminator.layers": JUDGE,
        "discriminator.sees.count": 2,
        "schedule.updates": "worse",
        "generator.average": 0.9,
    },
    "packed convolutions, normed and penalised": {
        "generator.layers": NORMED,
        "discriminator.layers": CONVOLVED,
        "discriminator.sees.count": 2,
        "objective": {"game": "wasserstein", "gradient_penalty": 1.0},
        "schedule.d_steps": 2,
        "generator.average": 0.9,
        "generator.l2": 0.1,
    },
}


def check_promises(found: Runner) -> None:
    """All that is promised where that takes a moment, and the gist of it where XLA compiles."""
    experiments = [read_experiment("ring8", FEW | mix) for mix in MIXES.values()]
    if found.name == "torch":
        for experiment in experiments:
            check_runner(found, experiment, "eager")
        return
    for experiment in experiments:
        check_compiled(found, experiment)


def check_compiled(found: Runner, experiment: Experiment) -> None:
    """Again, in parts and in other company, on one engine, which takes seconds to compile."""
    setting = found.setting(experiment, "cpu", None)
    lanes, alone = (lanes_of(seeds, setting.width) for seeds in ([0, 1, 2], [2]))
    shown = evaluation(experiment, lanes)
    engine = found.engine(experiment.game, shown, setting, experiment.precision)
    whole = _after(engine, experiment, lanes, [6])
    seen = engine.observe()
    lane = lane_of(2, setting.width)
    assert all(len(value) == setting.width for value in seen.values())
    for other in (
        _after(engine, experiment, lanes, [6]),
        _after(engine, experiment, lanes, [2, 3, 1]),
        _after(engine, experiment, alone, [6]),
    ):
        for name, value in whole.items():
            assert np.array_equal(value[lane], other[name][lane], equal_nan=True), name
    engine.load(initial_state(experiment, lanes))
    _after(engine, experiment, lanes, [6])
    again = engine.observe()
    for name, value in seen.items():
        assert np.array_equal(value, again[name], equal_nan=True), name


def _after(
    engine: Engine, experiment: Experiment, lanes: tuple[int, ...], parts: list[int]
) -> dict[str, NDArray[Any]]:
    """The state after some iterations, made in parts with the state taken out and put back."""
    noise = {
        name: deal_lanes(lanes, f"train/{name}", draw, 0, experiment.schedule.chunk)
        for name, draw in experiment.game.draws.items()
    }
    state, done = initial_state(experiment, lanes), 0
    for count in parts:
        engine.load(state)
        engine.advance(noise, done, count, done)
        state, done = engine.dump(), done + count
    return flatten(state)
