"""The presets against the published code, parameter by parameter."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import presets, read_experiment

PUBLISHED: dict[str, dict[str, Any]] = {
    "chivers-2d": {
        "data.means": (1.0, 1.0),
        "data.covariance": ((1.0, 0.8), (0.8, 1.0)),
        "latent.kind": "uniform",
        "latent.low": 0.0,
        "latent.size": 2,
        "generator.weights.kind": "truncated-normal",
        "generator.weights.std": 1.0,
        "generator.l2": -0.005,
        "discriminator.l2": 0.005,
        "generator.optimizer.learning_rate": 0.01,
        "discriminator.optimizer.learning_rate": 0.01,
        "objective.generator": "zero-sum",
        "objective.stacked": True,
        "schedule.batch": 500,
        "schedule.iterations": 40001,
        "schedule.real": "shared",
        "schedule.latent": "shared",
        "schedule.updates": "alternating",
        "recording.frame_every": 500,
    },
    "aylien-1d": {
        "data.std": 0.5,
        "data.order": "sorted",
        "latent.kind": "line",
        "latent.low": -8.0,
        "latent.noise": "uniform",
        "latent.jitter": 0.01,
        "generator.layers.0.activation": "softplus",
        "generator.weights.kind": "normal",
        "generator.weights.std": 1.0,
        "generator.optimizer.kind": "sgd",
        "generator.optimizer.learning_rate": 0.03,
        "generator.optimizer.decay.factor": 0.95,
        "generator.optimizer.decay.every": 150,
        "generator.optimizer.decay.staircase": True,
        "discriminator.optimizer.learning_rate": 0.03,
        "discriminator.layers.2.activation": "tanh",
        "objective.form": "probabilities",
        "objective.stacked": False,
        "pretraining.iterations": 1000,
        "pretraining.batch": 12,
        "pretraining.low": -5.0,
        "pretraining.high": 5.0,
        "schedule.iterations": 1200,
        "schedule.batch": 12,
        "schedule.latent": "fresh",
        "recording.frame_every": 10,
    },
    "aylien-1d-minibatch": {
        "generator.optimizer.learning_rate": 0.005,
        "discriminator.optimizer.learning_rate": 0.005,
        "discriminator.layers.2.kernels": 5,
        "discriminator.layers.2.dimension": 3,
        "discriminator.layers.2.weights.std": 0.02,
        "pretraining.iterations": 1000,
        "schedule.iterations": 1200,
        "schedule.batch": 12,
    },
    "aylien-1d-2017": {
        "data.std": 0.5,
        "data.order": "sorted",
        "latent.kind": "line",
        "generator.layers.0.activation": "softplus",
        "discriminator.layers.0.activation": "relu",
        "generator.optimizer.kind": "adam",
        "generator.optimizer.learning_rate": 1e-3,
        "generator.optimizer.epsilon": 1e-8,
        "generator.optimizer.epsilon_form": "keras",
        "objective.form": "clipped",
        "schedule.batch": 8,
        "schedule.iterations": 5000,
        "pretraining": None,
    },
    "edward-1d": {
        "data.std": 0.5,
        "latent.noise": "normal",
        "latent.jitter": 0.01,
        "generator.layers.0.activation": "relu",
        "generator.weights.kind": "glorot-uniform",
        "generator.optimizer.kind": "sgd",
        "generator.optimizer.learning_rate": 0.03,
        "schedule.updates": "simultaneous",
        "schedule.latent": "shared",
        "schedule.batch": 12,
        "schedule.iterations": 1000,
    },
    "devnag-1d": {
        "data.mean": 4.0,
        "data.std": 1.25,
        "latent.kind": "uniform",
        "generator.layers.0.activation": "tanh",
        "generator.weights.kind": "uniform-fan-in",
        "generator.biases.kind": "uniform-fan-in",
        "generator.optimizer.kind": "sgd",
        "generator.optimizer.learning_rate": 1e-3,
        "generator.optimizer.momentum": 0.9,
        "discriminator.sees.kind": "moments",
        "discriminator.layers.0.activation": "sigmoid",
        "discriminator.optimizer.momentum": 0.9,
        "schedule.batch": 500,
        "schedule.d_steps": 20,
        "schedule.g_steps": 20,
        "schedule.iterations": 5000,
        "schedule.real": "fresh",
        "schedule.latent": "fresh",
        "recording.frame_every": 100,
    },
    "devnag-1d-2017": {
        "data.std": 1.25,
        "generator.layers.0.activation": "elu",
        "generator.layers.1.activation": "sigmoid",
        "discriminator.sees.kind": "batch",
        "discriminator.sees.deviations": True,
        "generator.optimizer.learning_rate": 2e-4,
        "generator.optimizer.beta1": 0.9,
        "generator.weights.kind": "uniform-fan-in",
        "schedule.batch": 100,
        "schedule.iterations": 30000,
    },
    "edward-mnist": {
        "data.first": 0,
        "data.count": 60000,
        "data.order": "cyclic",
        "data.binarize": True,
        "latent.low": -1.0,
        "latent.size": 100,
        "generator.weights.kind": "glorot-uniform",
        "generator.optimizer.learning_rate": 1e-3,
        "generator.optimizer.epsilon_form": "keras",
        "schedule.updates": "simultaneous",
        "schedule.latent": "shared",
        "schedule.batch": 128,
        "schedule.iterations": 15000,
        "recording.frame_every": 1000,
    },
    "wiseodd-mnist": {
        "data.first": 5000,
        "data.count": 55000,
        "data.order": "epochs",
        "data.binarize": False,
        "generator.weights.kind": "normal-fan-in",
        "generator.weights.gain": 2.0,
        "objective.form": "probabilities",
        "schedule.latent": "fresh",
        "schedule.updates": "alternating",
        "schedule.batch": 128,
        "schedule.iterations": 100000,
    },
    "wiseodd-mnist-bce": {"objective.form": "logits", "schedule.iterations": 100000},
    "dcgan-mnist": {
        "data.count": 70000,
        "data.order": "once",
        "data.labelled": True,
        "generator.labels": "every",
        "discriminator.labels": "every",
        "generator.optimizer.learning_rate": 2e-4,
        "generator.optimizer.beta1": 0.5,
        "generator.optimizer.epsilon_form": "keras",
        "generator.layers.1.decay": 0.9,
        "generator.layers.1.epsilon": 1e-5,
        "discriminator.layers.1.channels": 11,
        "discriminator.layers.2.channels": 74,
        "discriminator.layers.1.weights.kind": "truncated-normal",
        "schedule.batch": 64,
        "schedule.g_steps": 2,
        "schedule.latent": "shared",
        "schedule.iterations": 25 * 1093,
        "recording.frame_every": 200,
    },
    "stacked-mnist": {
        "latent.size": 256,
        "schedule.batch": 128,
        "schedule.iterations": 500_000,
        "generator.optimizer.learning_rate": 1e-4,
        "discriminator.optimizer.learning_rate": 2e-4,
        "discriminator.optimizer.beta2": 0.99,
    },
    "ring8:paper-pac3": {
        "data.points": 100_000,
        "data.std": 0.01,
        "discriminator.sees.count": 3,
        "generator.optimizer.learning_rate": 1e-4,
        "generator.optimizer.beta1": 0.8,
        "schedule.iterations": 400_000,
        "schedule.batch": 300,
    },
}

SIZES = {
    "chivers-2d": ([2, 64, 64, 2], [2, 64, 64, 2]),
    "aylien-1d": ([1, 4, 1], [1, 8, 8, 8, 1]),
    "aylien-1d-minibatch": ([1, 4, 1], [1, 8, 8, 13, 1]),
    "aylien-1d-2017": ([1, 4, 1], [1, 8, 8, 8, 1]),
    "edward-1d": ([1, 4, 1], [1, 8, 8, 8, 1]),
    "edward-mnist": ([100, 128, 784], [784, 128, 1]),
    "wiseodd-mnist": ([100, 128, 784], [784, 128, 1]),
    "devnag-1d": ([1, 5, 5, 1], [4, 10, 10, 1]),
    "devnag-1d:raw": ([1, 5, 5, 1], [500, 10, 10, 1]),
    "devnag-1d:deviations": ([1, 5, 5, 1], [1000, 10, 10, 1]),
    "devnag-1d-2017": ([1, 50, 50, 1], [200, 50, 50, 1]),
}

COUNTS = {"ring8:paper": (484_802, 405_201), "grid25:paper": (484_802, 405_201)}
"""The numbers of weights that PacGAN's own code has."""


def at(experiment: Experiment, path: str) -> Any:
    value: Any = experiment
    for part in path.split("."):
        value = value[int(part)] if part.isdecimal() else getattr(value, part)
    return value


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_preset_equals_the_published_code(name: str) -> None:
    experiment = read_experiment(name)
    found = {path: at(experiment, path) for path in PUBLISHED[name]}
    assert found == PUBLISHED[name]


@pytest.mark.parametrize("name", SIZES)
def test_the_layers_have_the_published_widths(name: str) -> None:
    game = read_experiment(name).game
    shapes = (
        game.generator.shapes(game.latent_size, game.g_classes),
        game.discriminator.shapes(game.d_inputs, game.d_classes),
    )
    assert tuple([math.prod(shape) for shape in each] for each in shapes) == SIZES[name]


@pytest.mark.parametrize("name", COUNTS)
def test_the_networks_have_as_many_weights_as_the_original(name: str) -> None:
    game = read_experiment(name).game
    counts = (game.generator.count(game.latent_size), game.discriminator.count(game.d_inputs))
    assert counts == COUNTS[name]


def test_the_conditional_dcgan_shows_the_label_to_every_layer() -> None:
    game = read_experiment("dcgan-mnist").game
    assert [shape[0] for shape in game.generator.shapes(100, 10)] == [
        *(110, 1024, 1034, 6272, 6272, 138, 128, 138, 1, 784)
    ]
    judge = [shape[0] for shape in game.discriminator.shapes(784, 10)]
    assert judge == [784, 11, 21, 74, 74, 3636, 1024, 1034, 1]


def test_all_published_systems_have_a_preset() -> None:
    assert {
        *("chivers-2d", "aylien-1d", "aylien-1d-minibatch", "aylien-1d-2017"),
        *("aylien-1d-2017-minibatch", "edward-1d", "edward-mnist", "devnag-1d", "devnag-1d-2017"),
        *("wiseodd-mnist", "wiseodd-mnist-bce", "dcgan-mnist", "dcgan-mnist-small"),
        *("ring8", "grid25", "stacked-mnist", "dirac"),
    } == {*presets()}
