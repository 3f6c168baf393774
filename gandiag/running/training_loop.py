"""A group of seeds in training: phases, log points, checkpoints; everything but the measuring.

The row of a log point k is the state after k iterations: there is one at 0, at every cadence and
at the last iteration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.running.runner import Engine, Runner, Setting
from gandiag.running.streams import Feed, draw_lanes, generator, probe
from gandiag.training.game import WeightsAndBuffers
from gandiag.training.observing import STEP
from gandiag.training.players import EMPTY_LOSS_STATISTICS, Player
from gandiag.training.process import Draw, Process

SENSITIVITY_POINTS = 64
"""The number of latent points at which the sensitivity of a generator of images is measured."""


@dataclass(frozen=True)
class Observation:
    """What an engine observed at a log point, of all lanes.

    Attributes:
        phase: ``"pretrain"`` or ``"train"``.
        iteration: How many iterations of the phase were made.
        since: How many since the log point before.
        values: What was observed, each [lane, ...].
        state: The engine's state, to continue from.
    """

    phase: str
    iteration: int
    since: int
    values: Mapping[str, NDArray[Any]]
    state: Mapping[str, Any]


@dataclass(frozen=True)
class StartPoint:
    """Where the training of a group begins.

    Attributes:
        phase: The phase.
        iteration: The log point.
        state: The state there, [lane, ...]; None for the beginning, with the state that
            follows from the seeds and nothing recorded yet.
    """

    phase: str
    iteration: int = 0
    state: Mapping[str, Any] | None = None


def lane_of(seed: int, width: int) -> int:
    """The lane of a seed: not the first lane with it, which may be an empty lane's copy."""
    return seed % width


def lanes_of(seeds: Sequence[int], width: int) -> tuple[int, ...]:
    """The seed of each lane; a seed's lane is its remainder, and empty ones repeat the first.

    So a seed always has the same place in a vector, whichever seeds it is trained with.

    >>> lanes_of([0, 7, 3], 5)
    (0, 0, 7, 3, 0)
    """
    lanes = [seeds[0]] * width
    for seed in seeds:
        lanes[lane_of(seed, width)] = seed
    return tuple(lanes)


def log_points(iterations: int, every: int) -> list[int]:
    """The iterations at which something is recorded: 0, every cadence, and the last."""
    return [*range(0, iterations, every), iterations]


def train(
    runner: Runner,
    experiment: Experiment,
    setting: Setting,
    lanes: Sequence[int],
    start: StartPoint,
) -> Iterator[Observation]:
    """Trains the lanes from where they are to the end.

    Args:
        runner: The runner whose engine is used.
        experiment: What is trained.
        setting: Device, mode and width.
        lanes: The seed of each lane.
        start: Where to begin.

    Yields:
        What was observed at each log point; from a later start, only what comes after it.
    """
    state, done = start.state, None if start.state is None else start.iteration
    if experiment.pretrain is not None and start.phase == "pretrain":
        every = experiment.recording.pretrain_every
        if state is None:
            state = experiment.pretrain.initial(
                *_initial_player(
                    experiment.discriminator, "pretrain", experiment.game.d_inputs, 0, lanes
                )
            )
        engine = runner.engine(experiment.pretrain, {}, setting, experiment.precision)
        yield from _phase(experiment, experiment.pretrain, engine, lanes, every, state, done)
        pretrained = engine.dump()["d"]
        state, done = (
            initial_state(experiment, lanes, (pretrained["weights"], pretrained.get("memory"))),
            None,
        )
    if state is None:
        state = initial_state(experiment, lanes)
    engine = runner.engine(
        experiment.game, evaluation(experiment, lanes), setting, experiment.precision
    )
    every = experiment.recording.every
    yield from _phase(experiment, experiment.game, engine, lanes, every, state, done)


def first_phase(experiment: Experiment) -> str:
    """The name of the phase that a run begins with."""
    return "train" if experiment.pretrain is None else "pretrain"


def evaluation(experiment: Experiment, lanes: Sequence[int]) -> dict[str, Any]:
    """The data that observations of a game are computed on: the same throughout a run.

    Real samples [lane, coordinate, n], latent points [lane, coordinate, n], the random numbers of
    one iteration for the norms of the gradients, and for a discriminator that sees whole batches
    as many of them as it is evaluated on, one after the other, drawn as in training. With the same
    points at every log point, a difference between two of them comes from the generator.
    """
    game = experiment.game
    n = game.samples
    drawn = Draw(experiment.data, 1, game.data_size + game.classes, n)
    real = draw_lanes(lanes, "evaluate/real", drawn)[0, 0]
    latent = np.empty((len(lanes), game.latent_size, n), dtype=np.float32)
    for lane, seed in enumerate(lanes):
        experiment.latent.fill_evaluation(generator(seed, "evaluate/latent"), latent[lane])
    data = {"real": real, "latent": latent, "probe": probe(game, lanes)}
    if game.evaluates_batches:
        data["batches"] = _whole_batches(experiment, lanes)
    if experiment.recording.plane is not None:
        data["plane"] = np.stack([experiment.recording.plane.points] * len(lanes))
    if len(experiment.data.shape) == 3:
        data["latent_ends"] = _ends(lanes, latent[..., :SENSITIVITY_POINTS])
    return data


def _ends(lanes: Sequence[int], latent: NDArray[np.float32]) -> NDArray[np.float32]:
    """Points a step before and behind latent points [lane, size, n], [lane, size, 2 n]."""
    ends = []
    for seed, points in zip(lanes, latent, strict=True):
        along = generator(seed, "evaluate/directions").standard_normal(points.shape, np.float32)
        along *= np.float32(STEP) / np.linalg.norm(along, axis=0)
        ends.append(np.concatenate([points + along, points - along], axis=1))
    return np.stack(ends)


def _whole_batches(experiment: Experiment, lanes: Sequence[int]) -> dict[str, NDArray[Any]]:
    """Batches of data and of latent points, each [lane, coordinate, batches · batch]."""
    game, count = experiment.game, experiment.recording.batches
    data = {}
    for name, source, size in (
        ("real", game.data, game.data_size + game.classes),
        ("latent", game.latent, game.latent_size),
    ):
        draw = Draw(source, count, size, game.schedule.batch)
        drawn = draw_lanes(lanes, f"evaluate/batches/{name}", draw)[0]
        data[name] = drawn.transpose(1, 2, 0, 3).reshape(len(lanes), size, -1)
    return data


def _phase(
    experiment: Experiment,
    process: Process,
    engine: Engine,
    lanes: Sequence[int],
    every: int,
    state: Mapping[str, Any],
    done: int | None,
) -> Iterator[Observation]:
    """The log points of a phase after the one that is done; all of them where none is."""
    engine.load(state)
    if done is None:
        done = 0
        yield Observation(process.name, 0, 0, engine.observe(), engine.dump())
    with Feed(process, lanes, experiment.schedule.chunk) as feed:
        for point in log_points(process.iterations, every):
            if point <= done:
                continue
            _advance(engine, feed, done, point)
            values = engine.observe()
            state = _with_empty_loss_statistics(engine.dump())
            yield Observation(process.name, point, point - done, values, state)
            engine.load(state)
            done = point


def _advance(engine: Engine, feed: Feed, start: int, stop: int) -> None:
    while start < stop:
        chunk, offset = divmod(start, feed.chunk)
        count = min(stop - start, feed.chunk - offset)
        engine.advance(feed.of_chunk(chunk), offset, count, start)
        start += count


def _with_empty_loss_statistics(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state with the players' loss statistics as they are at a log point."""
    return {
        name: {
            key: np.full_like(value, EMPTY_LOSS_STATISTICS[key])
            if key in EMPTY_LOSS_STATISTICS
            else value
            for key, value in part.items()
        }
        if isinstance(part, Mapping)
        else part
        for name, part in state.items()
    }


def initial_state(
    experiment: Experiment, lanes: Sequence[int], pretrained: WeightsAndBuffers | None = None
) -> dict[str, object]:
    """The state of a game before its first iteration.

    Args:
        experiment: What is trained.
        lanes: The seed of each lane.
        pretrained: The discriminator's weights and buffers after a pre-training, if there was one.
    """
    game = experiment.game
    if pretrained is None:
        d = experiment.discriminator
        pretrained = _initial_player(d, "discriminator", game.d_inputs, game.d_classes, lanes)
    g = experiment.generator
    generator_start = _initial_player(g, "generator", game.latent_size, game.g_classes, lanes)
    return game.initial(generator_start, pretrained)


def _initial_player(
    player: Player, who: str, inputs: int, classes: int, lanes: Sequence[int]
) -> WeightsAndBuffers:
    """The initial weights [lane, parameters] of the seeds, and the buffers."""
    drawn = [player.draw(inputs, generator(s, f"initial/{who}"), classes) for s in lanes]
    buffers = [
        player.draw_buffers(inputs, generator(s, f"initial/{who}/memory"), classes) for s in lanes
    ]
    return np.stack(drawn), np.stack(buffers)
