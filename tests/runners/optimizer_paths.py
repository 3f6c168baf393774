"""Where our optimisers and the frameworks' own go under the same gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from frameworks import Framework, Values
from numpy.typing import NDArray

from gandiag.training.optimizers import SGD, Adam, Decay, RMSprop

RATE, KEPT, KEPT_SQUARE, EPSILON = 2.0**-4, 0.875, 1 - 2.0**-7, 2.0**-10
"""Constants of the optimisers; powers of two, since Keras rounds its own to float32."""

OPTIMIZERS: dict[str, Any] = {
    "sgd": SGD(kind="sgd", learning_rate=RATE),
    "momentum": SGD(kind="sgd", learning_rate=RATE, momentum=KEPT),
    "momentum_keras_decay": SGD(
        kind="sgd",
        learning_rate=RATE,
        momentum=KEPT,
        momentum_form="keras",
        decay=Decay(factor=0.5, every=7),
    ),
    **{
        f"rmsprop_{form}": RMSprop(
            kind="rmsprop", learning_rate=RATE, rho=KEPT, epsilon=EPSILON, epsilon_form=form
        )
        for form in ("torch", "keras")
    },
    **{
        f"adam_{form}": Adam(
            kind="adam",
            learning_rate=RATE,
            beta1=KEPT,
            beta2=KEPT_SQUARE,
            epsilon=EPSILON,
            epsilon_form=form,
        )
        for form in ("torch", "keras")
    },
}

STEPS = 30


def ours(framework: Framework) -> Values:
    """Where our optimisers go under a fixed sequence of gradients, [step, parameter]."""
    values = {}
    for name, optimizer in OPTIMIZERS.items():
        start, slopes = sequence()
        held = {"weights": framework.to_tensor(start[None])}
        held |= {slot: framework.to_tensor(np.zeros_like(start[None])) for slot in optimizer.slots}
        held["steps"] = framework.to_tensor(np.zeros((1, 1)))
        path = []
        for slope in slopes:
            held = optimizer.update(framework.tools.ops, held, framework.to_tensor(slope[None]))
            path.append(framework.to_numpy(held["weights"])[0])
        values[name] = np.array(path)
    return values


def theirs(framework: Framework) -> Values:
    """Where the framework's own go."""
    return _of_torch() if framework.name == "torch" else _of_keras()


def sequence() -> tuple[NDArray[Any], NDArray[Any]]:
    """A start and a sequence of gradients, of very different sizes."""
    rng = np.random.default_rng(11)
    scale = np.array([1.0, 1e-3, 30.0, 1e-6])
    return rng.standard_normal(4), rng.standard_normal((STEPS, 4)) * scale


def _of_torch() -> Values:
    import torch

    makers: Mapping[str, Any] = {
        "sgd": lambda p: torch.optim.SGD(p, lr=RATE),
        "momentum": lambda p: torch.optim.SGD(p, lr=RATE, momentum=KEPT),
        "rmsprop_torch": lambda p: torch.optim.RMSprop(p, RATE, alpha=KEPT, eps=EPSILON),
        "adam_torch": lambda p: torch.optim.Adam(p, RATE, (KEPT, KEPT_SQUARE), EPSILON),
    }
    values = {}
    for name, make in makers.items():
        start, slopes = sequence()
        weights = torch.nn.Parameter(torch.from_numpy(start.copy()))
        optimizer = make([weights])
        path = []
        for slope in slopes:
            weights.grad = torch.from_numpy(slope.copy())
            optimizer.step()
            path.append(weights.detach().numpy().copy())
        values[name] = np.array(path)
    return values


def _of_keras() -> Values:
    import keras
    import tensorflow as tf

    decay = keras.optimizers.schedules.ExponentialDecay(RATE, 7, 0.5, staircase=True)
    makers: Mapping[str, Any] = {
        "sgd": lambda: keras.optimizers.SGD(RATE),
        "momentum": lambda: keras.optimizers.SGD(RATE, momentum=KEPT),
        "momentum_keras_decay": lambda: keras.optimizers.SGD(decay, momentum=KEPT),
        "rmsprop_keras": lambda: keras.optimizers.RMSprop(RATE, KEPT, epsilon=EPSILON),
        "adam_keras": lambda: keras.optimizers.Adam(RATE, KEPT, KEPT_SQUARE, EPSILON),
    }
    keras.backend.set_floatx("float64")
    values = {}
    for name, make in makers.items():
        start, slopes = sequence()
        weights, optimizer, path = tf.Variable(start), make(), []
        for slope in slopes:
            optimizer.apply_gradients([(tf.constant(slope), weights)])
            path.append(weights.numpy())
        values[name] = np.array(path)
    return values
