"""The TensorFlow engine: gradient, compilation, loop and device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gandiag.running.runner import Arrays, Product, Setting, Tree
from gandiag.training.operations import PerLane
from gandiag.training.playing import bind
from gandiag.training.process import Process, State, Tools
from gandiag_tensorflow import bfloat16, operations


class TensorFlowEngine:
    """Trains a group of lanes in TensorFlow.

    A whole stretch of iterations is one XLA program with a trip count given at the
    call, so that a remainder does not compile again.
    """

    def __init__(
        self, process: Process, evaluation: Tree, setting: Setting, precision: str
    ) -> None:
        tf.config.experimental.enable_tensor_float_32_execution(False)
        self._device = setting.device
        self._dtype = tf.float64 if precision == "float64" else tf.float32
        ops: Any = bfloat16.OPERATIONS if precision == "bf16" else operations
        self._program = bind(process, Tools(ops, gradient, repeat, _unchanged))
        self._evaluation = self._program.prepare(self._to_tensors(evaluation))
        self._stretch = tf.function(self._iterations, jit_compile=True)
        self._observation = tf.function(self._packed_observation, jit_compile=True)
        self._names: list[str] = []
        self._state: State = {}
        self._noise: Arrays = {}
        self._drawn: dict[str, tf.Tensor] = {}

    def load(self, state: Tree) -> None:
        """Sets the state."""
        self._state = self._to_tensors(state)

    def advance(self, noise: Arrays, offset: int, count: int, first: int) -> None:
        """Runs ``count`` iterations with the random numbers from ``offset`` on."""
        with tf.device(self._device):
            if noise is not self._noise:
                self._noise = noise
                self._drawn = _map(noise, tf.constant)
            counts = tf.constant([offset, count, first], tf.int32)
            self._state = self._stretch(self._state, self._drawn, counts)

    def observe(self) -> dict[str, NDArray[Any]]:
        """What is to be recorded of the state now."""
        with tf.device(self._device):
            numbers, arrays = self._observation(self._state, self._evaluation)
        observed = {name: value.numpy() for name, value in arrays.items()}
        return observed | dict(zip(self._names, numbers.numpy(), strict=True))

    def dump(self) -> dict[str, Any]:
        """The state, to be loaded again."""
        return _map(self._state, lambda tensor: tensor.numpy())

    def field_jvp(self, noise: Arrays, lane: int) -> Product:
        """The Jacobian of the game's field for one lane, as its products with vectors."""
        with tf.device(self._device):
            one = {n: tf.constant(a[:, lane : lane + 1], self._dtype) for n, a in noise.items()}
            state = _map(self._state, lambda a: a[lane : lane + 1])
            at = self._program.weights(state)

        def pushed(along: tf.Tensor) -> tf.Tensor:
            with tf.autodiff.ForwardAccumulator(at, along) as forward:
                field = self._program.field(state, at, one)
            return forward.jvp(field, unconnected_gradients=tf.UnconnectedGradients.ZERO)

        graph = tf.function(pushed)

        def product(v: NDArray[Any]) -> NDArray[Any]:
            with tf.device(self._device):
                moved: NDArray[Any] = graph(tf.constant(v[None], self._dtype))[0].numpy()
            return moved

        return product

    def _packed_observation(
        self, state: State, evaluation: Mapping[str, Any]
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        """The observation; one tensor has all single numbers of a lane, since each costs a call."""
        observed = self._program.observe(state, evaluation)
        self._names = [n for n, v in observed.items() if v.shape.rank == 1 and v.dtype.is_floating]
        arrays = {name: value for name, value in observed.items() if name not in self._names}
        return tf.stack([observed[name] for name in self._names]), arrays

    def _iterations(self, state: State, noise: Mapping[str, Any], counts: tf.Tensor) -> State:
        offset, count, first = counts[0], counts[1], counts[2]

        def one(i: tf.Tensor, state_now: State) -> tuple[tf.Tensor, State]:
            # tf.gather, since an index in brackets would have to be known when XLA compiles.
            numbers = {
                name: tf.cast(tf.gather(drawn, offset + i), self._dtype)
                for name, drawn in noise.items()
            }
            return i + 1, self._program.iterate(state_now, numbers, first + i + 1)

        _, state = tf.while_loop(lambda i, state_now: i < count, one, (tf.constant(0), state))
        return state

    def _to_tensors(self, tree: Tree) -> dict[str, Any]:
        with tf.device(self._device):
            return _map(tree, self._to_tensor)

    def _to_tensor(self, array: NDArray[Any]) -> tf.Tensor:
        floating = np.issubdtype(array.dtype, np.floating)
        return tf.constant(array, self._dtype if floating else None)


def gradient(f: PerLane) -> Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]:
    """Turns f: [lane, ...] -> [lane] into x -> (f(x), df/dx).

    An outer tape records what an inner one computes, so that it sees through it.
    """

    def transformed(x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            value = f(x)
        derivative = tape.gradient(value, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return value, derivative

    return transformed


def repeat(count: int, body: Callable[[Any, State], State], state: State) -> State:
    """Applies ``state = body(k, state)`` for k below ``count``, as a loop of the program."""
    if count == 1:
        return body(0, state)
    _, state = tf.while_loop(
        lambda k, state_now: k < count,
        lambda k, state_now: (k + 1, body(k, state_now)),
        (tf.constant(0), state),
    )
    return state


def _unchanged(update: Callable[..., State]) -> Callable[..., State]:
    """Leaves an update alone: the whole stretch is compiled around it."""
    return update


def _map(tree: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        name: _map(value, change) if isinstance(value, Mapping) else change(value)
        for name, value in tree.items()
    }
