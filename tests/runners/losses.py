"""What the players of small games have to lose, and which way that falls, on one backend.

Of every game: what went in, the scores, both losses, and their gradients by the backend and by
central differences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from frameworks import Framework, Values
from numpy.typing import NDArray

from gandiag.experiment.loading import read_experiment
from gandiag.training.game import Game
from gandiag.training.layers import Pass
from gandiag.training.playing import GameProgram

LANES, LANE, STEP = 2, 1, 1e-6
"""Gradients are those of the lane LANE."""

SGD = {"kind": "sgd", "learning_rate": 0.25}

BASE: dict[str, Any] = {
    "schedule.batch": 6,
    "recording.samples": 8,
    "generator.layers": [
        {"kind": "dense", "units": 3, "activation": "tanh"},
        {"kind": "dense", "units": 2},
    ],
    "discriminator.layers": [
        {"kind": "dense", "units": 4, "activation": "tanh"},
        {"kind": "dense", "units": 1},
    ],
    "generator.optimizer": SGD,
    "discriminator.optimizer": SGD,
}

NORMED = [
    {"kind": "dense", "units": 3},
    {"kind": "batch-norm", "activation": "tanh"},
    {"kind": "dense", "units": 2},
]
ADAM = {"kind": "adam", "learning_rate": 0.05, "epsilon": 1e-4}
TEAMS = {"generator.members": 2, "discriminator.members": 2}

GAMES: dict[str, dict[str, Any]] = {
    "non-saturating": {},
    "minimax": {"objective.generator": "minimax"},
    "zero-sum": {"objective.generator": "zero-sum"},
    "zero-sum-stacked": {"objective.generator": "zero-sum", "objective.stacked": True},
    "stacked": {"objective.stacked": True},
    "probabilities": {"objective.form": "probabilities"},
    "clipped": {"objective.form": "clipped"},
    "smoothing": {"objective.smoothing": 0.2},
    "wasserstein": {"objective": {"game": "wasserstein"}},
    "least-squares": {"objective": {"game": "least-squares"}},
    "hinge": {"objective": {"game": "hinge"}},
    "two-classes": {"objective.stacked": True, "discriminator.layers.1.units": 2},
    "r1": {"objective.r1": 0.7},
    "gradient-penalty": {"objective": {"game": "wasserstein", "gradient_penalty": 3.0}},
    "penalised-team": {
        "objective": {"game": "wasserstein", "gradient_penalty": 3.0},
        "generator.members": 2,
    },
    "penalised-pack": {
        "objective": {"game": "wasserstein", "gradient_penalty": 3.0},
        "generator.members": 2,
        "discriminator.sees.count": 3,
    },
    "instance-noise": {"objective.instance_noise": 0.5},
    "l2": {"generator.l2": 0.3, "discriminator.l2": -0.2},
    "packed-r1": {"discriminator.sees.count": 2, "objective.r1": 0.7},
    "moments-r1": {"discriminator.sees": {"kind": "moments"}, "objective.r1": 0.7},
    "normed": {
        "generator.layers": NORMED,
        "discriminator.layers": [*NORMED[:2], {"kind": "dense", "units": 1}],
    },
    "unrolled": {"objective.unrolled": 3, "discriminator.optimizer": SGD | {"momentum": 0.5}},
    "unrolled-adam": {"objective.unrolled": 2, "discriminator.optimizer": ADAM},
    "unrolled-clipped": {
        "objective.unrolled": 2,
        "objective.r1": 0.3,
        "discriminator.clip_gradient": 0.2,
    },
    "teams": {"generator.members": 2, "discriminator.members": 3, "generator.l2": 0.3},
    "paired": TEAMS | {"objective.pairing": [[1.0, 0.5], [0.0, 2.0]]},
    "conditional": {"generator.labels": "first", "discriminator.labels": "every"},
}


def losses(work: Framework) -> Values:
    """Of every game by name."""
    values: Values = {}
    for name, settings in GAMES.items():
        found = of_game(work, small(settings, 3 if name == "conditional" else 0))
        values |= {f"{name}/{k}": v for k, v in found.items()}
    return values


def small(settings: dict[str, Any], classes: int = 0) -> Game:
    """A small game, of labelled data where there are classes."""
    if not classes:
        return read_experiment("ring8", BASE | settings).game
    game = read_experiment("ring8", BASE).game
    labels = {k.partition(".")[0]: v for k, v in settings.items()}
    return replace(
        game,
        classes=classes,
        generator=game.generator.model_copy(update={"labels": labels["generator"]}),
        discriminator=game.discriminator.model_copy(update={"labels": labels["discriminator"]}),
    )


def inputs(game: Game, lanes: int = LANES) -> tuple[dict[str, Any], Values]:
    """A state and an iteration's random numbers, of NumPy."""
    rng = np.random.default_rng(7)
    g_size, d_size = (
        player.members * player.count(width, classes)
        for player, width, classes in (
            (game.generator, game.latent_size, game.g_classes),
            (game.discriminator, game.d_inputs, game.d_classes),
        )
    )
    known = [
        np.concatenate([[0.2] * 3, [0.5] * 3])[None].repeat(lanes, 0)
        if player.uses_batch_statistics
        else None
        for player in (game.generator, game.discriminator)
    ]
    state = game.initial(
        (0.7 * rng.standard_normal((lanes, g_size)), known[0]),
        (0.7 * rng.standard_normal((lanes, d_size)), known[1]),
    )
    noise = {
        name: rng.standard_normal((draw.count, lanes, draw.size, draw.batch))
        for name, draw in game.draws.items()
    }
    if "d_mix" in noise:
        noise["d_mix"] = rng.random(noise["d_mix"].shape)
    if game.classes:
        one_hot = np.eye(game.classes)[rng.integers(game.classes, size=(1, lanes, 6))]
        noise["real"][:, :, game.data_size :] = one_hot.transpose(0, 1, 3, 2)
    return state, noise


def tensors(work: Framework, tree: dict[str, Any]) -> dict[str, Any]:
    return {
        k: tensors(work, v) if isinstance(v, dict) else work.to_tensor(v) for k, v in tree.items()
    }


def of_game(work: Framework, game: Game) -> Values:
    """Scores, losses and slopes of one game."""
    program = GameProgram(game, work.tools)
    state, noise = inputs(game)
    some, numbers = tensors(work, state), tensors(work, noise)
    d_batch, g_batch = program.d_batch(numbers, 0), program.g_batch(numbers, 0)
    found: Values = {"weights": state["d"]["weights"], "g_weights": state["g"]["weights"]}
    for who, batch in (("d", d_batch), ("g", g_batch)):
        lost = loss_and_gradient(program, who, some, batch)
        found |= {f"{who}_{k}": work.to_numpy(v) for k, v in lost.items()}
        found[f"{who}_differences"] = differences(work, program, who, state, noise)
        fake = program.losses.fakes(
            some["g"], batch["latent"], Pass(work.tools.ops, some["g"].get("memory"),
            batch.get("labels")),
        )  # fmt: skip
        found |= scores(work, program, some, batch, fake, who)
        found[f"{who}_fake"] = work.to_numpy(fake)
    found["real"] = work.to_numpy(d_batch["real"])
    if game.discriminator.layers[-1].units == 2:
        found["own_cross_entropy"] = own_cross_entropy(work, program, some, d_batch)
    if game.objective.r1 or game.objective.gradient_penalty:
        found["input_gradients"] = input_gradients(work, program, some, d_batch)
    return found


def loss_and_gradient(program: GameProgram, who: str, state: Any, batch: Any) -> dict[str, Any]:
    """A player's loss and slope."""
    if who == "d":
        return program.losses.d_gradient(state["d"], state["g"], batch)
    return program.losses.g_gradient(state["g"], state["d"], batch)


def scores(
    work: Framework, program: GameProgram, state: Any, batch: Any, fake: Any, who: str
) -> Values:
    """What the discriminators say of real and generated samples as they are shown them."""
    game, losses = program.game, program.losses
    memory = state["d"].get("memory")
    labels = batch.get("labels")
    found = {}
    shown = {"fake": losses._with_noise(fake, batch, "fake")}
    if who == "d":
        shown["real"] = losses._with_noise(batch["real"], batch, "real")
    for name, x in shown.items():
        count = x.shape[-1] // game.schedule.batch
        beside = work.tools.ops.concat([labels] * count, 2) if labels is not None else None
        run = Pass(work.tools.ops, memory, beside, count)
        found[f"{who}_{name}_scores"] = work.to_numpy(losses.scores(state["d"], x, run))
    return found


def own_cross_entropy(
    work: Framework, program: GameProgram, state: Any, batch: Any
) -> NDArray[Any]:
    """The framework's own, over the rows of both kinds stacked: class 1 is "real"."""
    fake = program.losses.fakes(state["g"], batch["latent"], Pass(work.tools.ops))
    rows = [
        work.to_numpy(program.game.discriminator.run(state["d"], x, Pass(work.tools.ops)))[:, 0]
        for x in (fake, batch["real"])
    ]
    classes = np.repeat([0, 1], rows[0].shape[-1])
    logits = np.concatenate(rows, axis=2).transpose(0, 2, 1)
    return np.array([_cross_entropy(work.name, one, classes) for one in logits])


def _cross_entropy(backend: str, logits: NDArray[Any], classes: NDArray[Any]) -> float:
    if backend == "torch":
        import torch

        known = torch.from_numpy(classes)
        return float(torch.nn.functional.cross_entropy(torch.from_numpy(logits), known))
    import keras

    own = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")
    return float(own(classes, logits))


def input_gradients(work: Framework, program: GameProgram, state: Any, batch: Any) -> NDArray[Any]:
    """d(score)/d(coordinate) of every sample that a penalty looks at, by differences, one lane."""
    game = program.game
    fake = program.losses.fakes(state["g"], batch["latent"], Pass(work.tools.ops))
    at = work.to_numpy(batch["real"])[LANE]
    if game.objective.gradient_penalty:
        mix, fakes = work.to_numpy(batch["mix"])[LANE], work.to_numpy(fake)[LANE]
        parts = np.split(fakes, fakes.shape[-1] // at.shape[-1], axis=1)
        at = np.concatenate([mix * at + (1 - mix) * part for part in parts], axis=1)
    steps = STEP * np.eye(at.size).reshape(-1, *at.shape)
    weights = np.repeat(work.to_numpy(state["d"]["weights"])[LANE : LANE + 1], 2 * at.size, axis=0)
    said = program.losses.scores(
        {"weights": work.to_tensor(weights)},
        work.to_tensor(np.concatenate([at + steps, at - steps])),
        Pass(work.tools.ops, batches=at.shape[-1] // game.schedule.batch),
    )
    sums = work.to_numpy(said).reshape(2, at.size, -1).sum(-1)
    slopes: NDArray[Any] = (sums[0] - sums[1]).reshape(at.shape) / (2 * STEP)
    return slopes


def repeated(tree: dict[str, Any], axis: int, count: int) -> dict[str, Any]:
    """One lane of a tree of arrays, many times."""
    return {
        k: repeated(v, axis, count)
        if isinstance(v, dict)
        else np.repeat(np.take(v, [LANE], axis), count, axis)
        for k, v in tree.items()
    }


def differences(
    work: Framework, program: GameProgram, who: str, state: dict[str, Any], noise: Values
) -> NDArray[Any]:
    """Central differences of a player's loss in its weights, a lane for each of one lane's."""
    at = state[who]["weights"][LANE]
    many, numbers = (repeated(tree, axis, 2 * at.size) for tree, axis in ((state, 0), (noise, 1)))
    many[who]["weights"] = np.concatenate(
        [at + STEP * np.eye(at.size), at - STEP * np.eye(at.size)]
    )
    batches: dict[str, Callable[..., Any]] = {"d": program.d_batch, "g": program.g_batch}
    batch = batches[who](tensors(work, numbers), 0)
    lost = work.to_numpy(loss_and_gradient(program, who, tensors(work, many), batch)["loss"])
    slope: NDArray[Any] = (lost[: at.size] - lost[at.size :]) / (2 * STEP)
    return slope
