"""Whether an engine computes what the NumPy reference computes: samples, answers, one update.

In float32 a step of an optimiser that is wrong by one percent is five times the tolerance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.running.runner import Runner, Setting, flatten
from gandiag.running.streams import deal_lanes
from gandiag.running.training_loop import Observation, evaluation, initial_state
from gandiag.testing.reference import TOOLS, as_float64, reference_program
from gandiag.training.losses import Losses
from gandiag.training.observing import Observer

TOLERANCE = {"float64": 1e-5, "float32": 2e-3, "bf16": 3e-2}
"""The largest difference from the reference, as a share of the reference's Euclidean norm."""

TINY = 1e-9
"""Differences below are of numbers that should be 0."""

OBSERVED = ("samples", "d_real", "d_fake", "d_real_answers", "d_fake_answers", "d_weight_norm",
            "g_weight_norm", "plane", "latent_moves")  # fmt: skip
"""What of an observation is a forward pass."""

SMALL: dict[str, Any] = {
    "schedule.batch": 8,
    "recording.samples": 16,
    "generator.layers": [
        {"kind": "dense", "units": 3, "activation": "tanh"},
        {"kind": "dense", "units": 2},
    ],
    "discriminator.layers": [
        {"kind": "dense", "units": 4, "activation": "leaky-relu"},
        {"kind": "dense", "units": 1},
    ],
}
"""The game whose update is compared where the experiment's own is too large for it."""


Lanes = tuple[int, ...]
State = Mapping[str, Any]


def check_forward(experiment: Experiment, lanes: Lanes, seen: Observation, lane: int) -> None:
    """Compares samples and D's answers at the weights of a log point of the game.

    Raises:
        AssertionError: They differ by more than the tolerance.
    """
    observer = Observer(experiment.game, Losses(experiment.game, TOOLS))
    state = as_float64(seen.state, lane)
    shown = {name: v for name, v in evaluation(experiment, lanes).items() if name != "probe"}
    no_gradient = np.zeros((1, 1))
    with np.errstate(all="ignore"):
        data = observer.prepare(as_float64(shown, lane) | {"probe": {}})
        expected = observer.observe(state, data, no_gradient, no_gradient)
    for name in OBSERVED:
        if name in expected:
            got = np.asarray(seen.values[name][lane], np.float64)
            _same(f"forward pass: {name}", got, expected[name][0], TOLERANCE[experiment.precision])


def check_update(
    runner: Runner, experiment: Experiment, setting: Setting, lanes: Lanes, start: State, lane: int
) -> None:
    """Compares the state after one iteration of the game from a state.

    Raises:
        AssertionError: They differ by more than the tolerance.
    """
    precision = "float64" if experiment.precision == "bf16" else experiment.precision
    game = experiment.game
    engine = runner.engine(game, evaluation(experiment, lanes), setting, precision)
    noise = _first_chunk(experiment, lanes)
    engine.load(start)
    engine.advance(noise, 0, 1, 0)
    before, after = (as_float64(state, lane) for state in (start, engine.dump()))
    one = {name: as_float64({name: numbers[0]}, lane, 1)[name] for name, numbers in noise.items()}
    with np.errstate(all="ignore"):
        expected = flatten(reference_program(game).iterate(before, one, np.array(1)))
    got, weights = flatten(after), flatten(before)
    for name, value in expected.items():
        moves = name.endswith((".weights", ".average"))
        start_at = weights[name] if moves else np.zeros_like(value)
        # A weight is rounded to its own last place, however small the step.
        rounding = 4 * float(np.finfo(precision).eps) * float(np.linalg.norm(start_at))
        what = f"one update: {name}" + (" (how far it moves)" if moves else "")
        _same(what, got[name] - start_at, value - start_at, TOLERANCE[precision], rounding)


def small_game(experiment: Experiment) -> Experiment:
    """A game with the experiment's precision that is small enough for the reference."""
    return read_experiment("ring8", SMALL | {"precision": experiment.precision})


def state_after(
    runner: Runner, experiment: Experiment, setting: Setting, lanes: Lanes, count: int
) -> dict[str, Any]:
    """The engine's state after some iterations of the game's first chunk."""
    shown = evaluation(experiment, lanes)
    engine = runner.engine(experiment.game, shown, setting, experiment.precision)
    engine.load(initial_state(experiment, lanes))
    engine.advance(_first_chunk(experiment, lanes), 0, count, 0)
    return engine.dump()


def _first_chunk(experiment: Experiment, lanes: Lanes) -> dict[str, NDArray[Any]]:
    game, length = experiment.game, experiment.schedule.chunk
    return {
        name: deal_lanes(lanes, f"train/{name}", draw, 0, length)
        for name, draw in game.draws.items()
    }


def _same(
    what: str, got: NDArray[Any], expected: NDArray[Any], tolerance: float, rounding: float = 0.0
) -> None:
    known = np.isfinite(expected)
    if not np.array_equal(known, np.isfinite(got)):
        raise AssertionError(f"{what}: other numbers are finite than in the NumPy reference")
    size = float(np.linalg.norm(expected[known]))
    apart = float(np.linalg.norm(got[known] - expected[known]))
    if apart > tolerance * size + rounding + TINY:
        raise AssertionError(
            f"{what}: differs from the NumPy reference by {apart / max(size, TINY):.2g} of its "
            f"size, where {tolerance:g} is rounding"
        )
