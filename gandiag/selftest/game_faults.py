"""Faults of the game that the losses alone may hide; each docstring gives the strength."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gandiag.selftest.players import LOSS
from gandiag.selftest.simulated_run import SimulatedRun

Generator = np.random.Generator


def loss_spike(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """One of the losses jumps by 3 to 11 times its usual magnitude and comes back.

    The height decays with a time constant of 3 to 6 log points. The samples stay good, so that
    "healthy" is right.
    """
    player = str(rng.choice(["d", "g"]))
    since = np.arange(len(run)) - at
    decay = np.where(since >= 0, np.exp(-np.maximum(since, 0) / rng.uniform(3, 6)), 0.0)
    usual = float(np.nanmedian(np.abs(run.players[f"{player}_loss"])))
    height = rng.uniform(3, 11) * usual * decay
    return run.with_players(
        **{f"{player}_{part}": run.players[f"{player}_{part}"] + height for part in LOSS}
    )


def overpowering_discriminator(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """D is right 98.5 to 99.9 % of the time, and G's gradient falls to 1e-6 to 1e-4 of its own.

    It takes 2 % of the length; meanwhile the mean goes off by 1 to 2.5 standard deviations, and
    stays there, for G no longer learns.
    """
    ramp = run.ramp(at, 0.02)
    right = 1 - 10 ** rng.uniform(-3, -1.83) * np.exp(0.2 * run.noise.draw(rng, len(run)))
    accuracy = run.players["d_accuracy"] * (1 - ramp) + np.clip(right, 0.98, 1.0) * ramp
    gradient = run.players["g_grad_norm"] * np.exp(ramp * np.log(10) * rng.uniform(-6, -4))
    overpowered = run.with_players(d_accuracy=accuracy, g_grad_norm=gradient)
    return replace(overpowered, offset=run.offset + _side(rng) * rng.uniform(1, 2.5) * ramp)


def blind_discriminator(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """D guesses, with an accuracy of .5 ± .02 and losses as before, and the mean is wrong.

    It goes off by 2 to 2.8 standard deviations within 2 % of the length and stays there.
    """
    ramp = run.ramp(at, 0.02)
    guess = 0.5 + np.clip(0.01 * run.noise.draw(rng, len(run)), -0.02, 0.02)
    accuracy = run.players["d_accuracy"] * (1 - ramp) + guess * ramp
    blind = run.with_players(d_accuracy=accuracy)
    return replace(blind, offset=run.offset + _side(rng) * rng.uniform(2, 2.8) * ramp)


def misleading_loss(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """G's loss falls until the end, by 50 to 80 % of what is usual, while the mean goes astray.

    The loss falls by .25 at least; the mean goes off steadily, by 1 to 2 standard deviations.
    """
    ramp = run.ramp(at, 1 - at / len(run))
    usual = max(float(np.nanmedian(np.abs(run.players["g_loss"]))), 0.5)
    fall = -rng.uniform(0.5, 0.8) * usual * ramp
    falling = {f"g_{part}": run.players[f"g_{part}"] + fall for part in LOSS}
    drift = run.offset + _side(rng) * rng.uniform(1, 2) * ramp
    return replace(run.with_players(**falling), offset=drift)


def _side(rng: Generator) -> int:
    return int(rng.choice([-1, 1]))
