"""Series whose truth is known: the Dirac-GAN (Mescheder et al. 2018), and AR(1) noise."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.analysis.record import Expected, Record

LN2 = math.log(2)


def sigmoid(t: float) -> float:
    return 0.5 * (1 + math.tanh(t / 2))


def play(
    game: str, updates: str, steps: int, h: float = 0.2, r1: float = 0.0, start: float = 0.1
) -> Record:
    """The Dirac-GAN from (start, 0): the data lie at 0, G's sample at theta, D's score is psi x."""
    theta, psi = [start], [0.0]
    for _ in range(steps):
        t, p = theta[-1], psi[-1]
        slope = 1.0 if game == "wgan" else sigmoid(p * t)
        d = p - h * (t * slope + r1 * p)
        q = d if updates == "alternating" else p
        pull = {"gan": sigmoid(q * t), "nsgan": sigmoid(-q * t), "wgan": 1.0}[game]
        theta.append(t + h * q * pull)
        psi.append(d)
    return recorded(game, np.array(theta), np.array(psi))


def recorded(game: str, theta: NDArray[np.float64], psi: NDArray[np.float64]) -> Record:
    told = psi * theta
    d_loss, expected = (told, 0.0) if game == "wgan" else (LN2 + np.logaddexp(0, told), 2 * LN2)
    g_loss = {"gan": -np.logaddexp(0, told), "nsgan": np.logaddexp(0, -told), "wgan": -told}[game]
    columns = {"mean": theta, "wasserstein": np.abs(theta), "d_loss": d_loss, "g_loss": g_loss}
    target = Expected(np.zeros(1), np.zeros(1), d_loss=expected)
    return Record(np.arange(len(theta)), columns, target, planned=len(theta) - 1)


@pytest.fixture(scope="session")
def dirac() -> Callable[..., Record]:
    """Plays a Dirac-GAN: game, updates, steps, and h, r1 and where it starts."""
    return play


@pytest.fixture(scope="session")
def ar1() -> Callable[..., NDArray[np.float64]]:
    """Draws stationary AR(1) noise of variance 1: generator, log points, coefficient."""

    def draw(rng: np.random.Generator, n: int, memory: float) -> NDArray[np.float64]:
        from scipy.signal import lfilter

        shocks = rng.normal(size=n) * math.sqrt(1 - memory**2)
        shocks[0] = rng.normal()
        return np.asarray(lfilter([1.0], [1.0, -memory], shocks))

    return draw
