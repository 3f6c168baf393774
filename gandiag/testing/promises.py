"""Checks of what every runner promises, for any runner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.running.runner import Runner, Setting, flatten
from gandiag.running.streams import probe
from gandiag.running.training_loop import (
    Observation,
    StartPoint,
    evaluation,
    first_phase,
    lane_of,
    lanes_of,
    train,
)
from gandiag.testing.agreement import check_forward, check_update, small_game, state_after
from gandiag.testing.reference import is_comparable

ARRAYS = ("samples", "d_real_answers", "d_fake_answers", "plane", "latent_moves")
"""What is observed of a lane that is more than one number."""


def check_runner(
    runner: Runner, experiment: Experiment, mode: str | None = None, device: str = "cpu"
) -> None:
    """Checks what every runner promises.

    Its numbers are those of the NumPy reference, up to rounding: samples and D's answers of the
    experiment, and one update of both players, of the experiment itself where it is small enough
    and of a small game otherwise (a runner with the attribute ``trains = False`` says that it
    computes no training, and is not compared). The same seeds twice are the same numbers; a seed's
    numbers do not depend on the other seeds trained with it; a training run continued from a log
    point equals one that was not interrupted; an observation has the shapes that the measuring
    expects; and the Jacobian of the field is linear and leaves the state as it was.

    Args:
        runner: The runner.
        experiment: A short experiment, of three log points at least.
        mode: How its engine runs an update; None for its own choice.
        device: The device, as the framework names it.

    Raises:
        AssertionError: A promise is broken; the message names it and where.
    """
    setting = runner.setting(experiment, device, mode)
    seeds = list(range(min(3, setting.width)))
    alone = observations(runner, experiment, setting, seeds[-1:])
    group = observations(runner, experiment, setting, seeds)
    lane = lane_of(seeds[-1], setting.width)
    _same("replayed", alone, observations(runner, experiment, setting, seeds[-1:]), lane)
    _same("with and without a group", alone, group, lane)
    middle = group[len(group) // 2]
    start = StartPoint(middle.phase, middle.iteration, middle.state)
    lanes = lanes_of(seeds, setting.width)
    rest = list(train(runner, experiment, setting, lanes, start))
    _same("continued", group[len(group) // 2 + 1 :], rest, lane)
    _field(runner, experiment, setting, lanes, group[-1], lane)
    _shapes(experiment, group[-1], setting.width)
    if getattr(runner, "trains", True):
        check_forward(experiment, lanes, group[-1], lane)
        _update(runner, experiment, setting, lanes, group, lane)


def _update(
    runner: Runner,
    experiment: Experiment,
    setting: Setting,
    lanes: tuple[int, ...],
    seen: Sequence[Observation],
    lane: int,
) -> None:
    """Compares an update, of the experiment after some iterations or of a small game."""
    if is_comparable(experiment):
        start = seen[-2].state if seen[-2].phase == "train" else seen[-1].state
        check_update(runner, experiment, setting, lanes, start, lane)
        return
    small = small_game(experiment)
    setting = runner.setting(small, setting.device, setting.mode)
    lanes = lanes_of([0], setting.width)
    start = state_after(runner, small, setting, lanes, 3)
    check_update(runner, small, setting, lanes, start, 0)


def observations(
    runner: Runner, experiment: Experiment, setting: Setting, seeds: Sequence[int]
) -> list[Observation]:
    """All observations of some seeds, from the beginning to the end."""
    lanes = lanes_of(seeds, setting.width)
    return list(train(runner, experiment, setting, lanes, StartPoint(first_phase(experiment))))


def _same(what: str, some: Sequence[Observation], others: Sequence[Observation], lane: int) -> None:
    if len(some) != len(others):
        raise AssertionError(f"{what}: {len(some)} log points and {len(others)}")
    for one, other in zip(some, others, strict=True):
        for name, value in _arrays_of(one).items():
            if not np.array_equal(value[lane], _arrays_of(other)[name][lane], equal_nan=True):
                raise AssertionError(
                    f"{what}: {name} differs at {one.phase} iteration {one.iteration}"
                )


def _arrays_of(observation: Observation) -> dict[str, NDArray[Any]]:
    return dict(observation.values) | flatten(observation.state, "state.")


def _field(
    runner: Runner,
    experiment: Experiment,
    setting: Setting,
    lanes: Sequence[int],
    last: Observation,
    lane: int,
) -> None:
    engine = runner.engine(
        experiment.game, evaluation(experiment, lanes), setting, experiment.precision
    )
    engine.load(last.state)
    before = engine.dump()
    product = engine.field_jvp(probe(experiment.game, lanes), lane)
    size = sum(last.state[player]["weights"].shape[1] for player in ("d", "g"))
    u, v = np.random.default_rng(0).standard_normal((2, size))
    both, apart = product(u + v), product(u) + product(v)
    if both.shape != (size,):
        raise AssertionError(f"field_jvp gives the shape {both.shape}, not {(size,)}")
    if not np.allclose(both, apart, rtol=1e-3, atol=1e-3 * np.abs(apart).max(), equal_nan=True):
        raise AssertionError("field_jvp is not linear")
    after = flatten(engine.dump())
    for name, value in flatten(before).items():
        if not np.array_equal(value, after[name], equal_nan=True):
            raise AssertionError(f"field_jvp changed {name}")


def _shapes(experiment: Experiment, last: Observation, width: int) -> None:
    shape = (width, experiment.data.size, experiment.recording.samples)
    if last.values["samples"].shape != shape:
        raise AssertionError(f"samples have the shape {last.values['samples'].shape}, not {shape}")
    for name, value in last.values.items():
        if name not in ARRAYS and value.shape != (width,):
            raise AssertionError(f"{name} has the shape {value.shape}, not {(width,)}")
        if len(value) != width:
            raise AssertionError(f"{name} has {len(value)} lanes, not {width}")
