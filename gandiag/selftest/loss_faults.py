"""Faults that the losses themselves show; each docstring gives the strength."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gandiag.selftest.noise import Floats
from gandiag.selftest.players import LOSS
from gandiag.selftest.simulated_run import SimulatedRun
from gandiag.selftest.target import EQUILIBRIA

Generator = np.random.Generator


def swapped_labels(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """Both losses fall from their equilibrium to 1e-4 to 1e-2 of it, and the mean goes off.

    It takes 5 % of the length; the mean goes off by 2 to 2.8 standard deviations. The game is that
    of cross-entropies, their sum or their mean.
    """
    run, levels = _cross_entropies(rng, run)
    ramp = run.ramp(at, 0.05)
    left = np.exp(np.log(10) * rng.uniform(-4, -2) * ramp)
    jitter = np.exp(0.1 * run.noise.draw(rng, len(run), 2))
    losses = [level * left * jitter[:, k] for k, level in enumerate(levels)]
    off = rng.choice([-1, 1]) * rng.uniform(2, 2.8) * ramp
    return replace(_with_losses(run, losses), offset=run.offset + off)


def unseen_equilibrium(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """Both losses come to within 1 % of their equilibrium, and no samples are measured.

    Until then D's is 60 % and G's 150 % of it. The game is that of cross-entropies.
    """
    run, levels = _cross_entropies(rng, run)
    before = 1 - run.ramp(at, 0.02)
    jitter = 1 + 0.01 * run.noise.draw(rng, len(run), 2)
    losses = [
        level * (1 + away * before) * jitter[:, k]
        for k, (level, away) in enumerate(zip(levels, (-0.4, 0.5), strict=True))
    ]
    return replace(_with_losses(run, losses), unmeasured=True)


def unseen_runaway(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """A critic's loss falls steadily to 20 to 200 times its size, and no samples are measured.

    Its size is .5 to 5, its noise 2 % of it; it falls as a power .5 to 2 of the time.
    """
    run = replace(run, target=replace(run.target, game="wasserstein"), unmeasured=True)
    grown = run.ramp(at, 1 - at / len(run)) ** rng.uniform(0.5, 2.0)
    jitter = 1 + 0.02 * run.noise.draw(rng, len(run), 2)
    d_loss = -rng.uniform(0.5, 5) * (1 + rng.uniform(20, 200) * grown) * jitter[:, 0]
    return _with_losses(run, [d_loss, jitter[:, 1]])


def _cross_entropies(rng: Generator, run: SimulatedRun) -> tuple[SimulatedRun, tuple[float, float]]:
    """The run as a game of cross-entropies, and its equilibrium."""
    game = str(rng.choice(["gan", "scaled"]))
    d_loss, g_loss = EQUILIBRIA[game]
    return replace(run, target=replace(run.target, game=game)), (d_loss, g_loss or 0.0)


def _with_losses(run: SimulatedRun, losses: list[Floats]) -> SimulatedRun:
    columns = {f"{who}_{part}": losses[k] for k, who in enumerate("dg") for part in LOSS}
    return run.with_players(**columns)
