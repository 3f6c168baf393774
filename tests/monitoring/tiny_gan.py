"""A small GAN in NumPy that a monitor records, with places for a bug; its seed decides all."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import gandiag
from gandiag.monitoring.never_raises import MonitorWarning

Array = np.ndarray[Any, Any]

HIDDEN, LATENT, BATCH = 32, 4, 64
OUTPUTS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "linear": (lambda x: x, np.ones_like),
    "tanh": (np.tanh, lambda y: 1 - y**2),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda y: y * (1 - y)),
    "relu": (lambda x: np.maximum(x, 0), lambda y: (y > 0).astype(float)),
}
"""Output functions, and their derivatives as functions of the output."""


@dataclass
class Net:
    """A network with one hidden layer and Adam; ``frozen`` keeps it as it is."""

    weights: list[Array]
    output: str = "linear"
    frozen: bool = False
    _moments: list[Array] = field(default_factory=list)
    _updates: int = 0

    @classmethod
    def of(cls, inputs: int, outputs: int, rng: np.random.Generator, output: str = "linear") -> Net:
        shapes = [(inputs, HIDDEN), (HIDDEN,), (HIDDEN, outputs), (outputs,)]
        fans = [inputs, inputs, HIDDEN, HIDDEN]
        bounds = [1 / np.sqrt(fan) for fan in fans]
        return cls([rng.uniform(-b, b, s) for s, b in zip(shapes, bounds, strict=True)], output)

    def __call__(self, x: Array) -> Array:
        first, bias, second, end = self.weights
        self.x, self.h = x, np.maximum(x @ first + bias, 0)
        self.y = OUTPUTS[self.output][0](self.h @ second + end)
        return self.y

    def backward(self, slope: Array) -> tuple[list[Array], Array]:
        """The gradients of the weights and of the input, of the latest call."""
        slope = slope * OUTPUTS[self.output][1](self.y)
        inner = (slope @ self.weights[2].T) * (self.h > 0)
        grads = [self.x.T @ inner, inner.sum(0), self.h.T @ slope, slope.sum(0)]
        return grads, inner @ self.weights[0].T

    def update(self, grads: list[Array], rate: float) -> None:
        if self.frozen:
            return
        self._updates += 1
        if not self._moments:
            self._moments = [np.zeros_like(w) for w in self.weights * 2]
        for k, grad in enumerate(grads):
            m, v = self._moments[k], self._moments[k + 4]
            m += 0.5 * (grad - m)
            v += 0.001 * (grad**2 - v)
            corrected = np.sqrt(v / (1 - 0.999**self._updates)) + 1e-8
            self.weights[k] -= rate * m / (1 - 0.5**self._updates) / corrected


def cross_entropy(logits: Array, label: int) -> tuple[float, Array]:
    """The loss, and its slope in each logit."""
    sign = 2 * label - 1
    loss = float(np.logaddexp(0, -sign * logits).mean())
    return loss, -sign / (1 + np.exp(sign * logits)) / len(logits)


@dataclass
class Loop:
    """A training loop; each field is a place for a bug.

    Attributes:
        real: The data [m, d].
        seed: Of all random numbers.
        output: G's output function.
        rate: The learning rate of both.
        every: The steps between two log points.
        g_label: What G wants D to say of its samples; 1 is right.
        g_frozen: Whether G's optimizer holds other weights.
        latents: Draws the latents of the samples that are logged.
        logged: Changes samples before they are logged.
        losses: Changes the losses before they are logged.
        warm_up: The steps in which D is trained alone.
        count: Whether the updates are logged; ``"no G"`` logs 0 for G.
        monitored: The real samples that the monitor gets; the data by default.
    """

    real: Array
    seed: int = 0
    output: str = "linear"
    rate: float = 2e-3
    every: int = 50
    g_label: int = 1
    g_frozen: bool = False
    latents: Callable[[np.random.Generator], Array] = lambda rng: rng.normal(size=(200, LATENT))
    logged: Callable[[Array], Array] = lambda fake: fake
    losses: Callable[[float, float], tuple[float, float]] = lambda d, g: (d, g)
    warm_up: int = 0
    count: str = "yes"
    monitored: Array | None = None

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        self.g = Net.of(LATENT, self.real.shape[1], rng, self.output)
        self.d = Net.of(self.real.shape[1], 1, rng)
        self.g.frozen = self.g_frozen
        self._rng, self._drawing = rng, np.random.default_rng(self.seed + 1)
        self._g_loss = np.log(2)

    def step(self, step: int) -> tuple[float, float]:
        """One update of D, and after the warm-up one of G."""
        rng = self._rng
        real = self.real[rng.integers(len(self.real), size=BATCH)]
        real_loss, slope = cross_entropy(self.d(real), 1)
        grads, _ = self.d.backward(slope)
        fake_loss, slope = cross_entropy(self.d(self.g(rng.normal(size=(BATCH, LATENT)))), 0)
        more, _ = self.d.backward(slope)
        self.d.update([a + b for a, b in zip(grads, more, strict=True)], self.rate)
        if step >= self.warm_up:
            fake = self.g(rng.normal(size=(BATCH, LATENT)))
            self._g_loss, slope = cross_entropy(self.d(fake), self.g_label)
            self.g.update(self.g.backward(self.d.backward(slope)[1])[0], self.rate)
        return real_loss + fake_loss, self._g_loss

    def run(self, monitor: gandiag.Monitor, steps: int) -> None:
        for step in range(steps):
            d_loss, g_loss = self.losses(*self.step(step))
            counts: dict[str, int] = {}
            if self.count:
                mine = int(step >= self.warm_up and self.count == "yes")
                counts = {"d_updates": 1, "g_updates": mine}
            monitor.log(step, d_loss=d_loss, g_loss=g_loss, **counts)
            if monitor.wants_samples(step):
                monitor.log_samples(step, fake=self.logged(self.g(self.latents(self._drawing))))


def warnings_of(loop: Loop, steps: int = 501) -> list[str]:
    """What a monitor without a store says about a loop."""
    real = loop.real if loop.monitored is None else loop.monitored
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with gandiag.Monitor(None, real=real, every=loop.every) as monitor:
            loop.run(monitor, steps)
    return [str(one.message) for one in caught if one.category is MonitorWarning]
