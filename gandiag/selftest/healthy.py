"""Healthy runs: the generator starts far off and narrow, approaches the data, and stays there.

Matched to the second halves of the presets' healthy runs (devnag-1d seeds 0, 1, 5, 7-9; ring8 seeds
1, 2, 4, 6), whose values are given in parentheses, and harder on purpose. Fluctuations about a
fitted line, from the tenth to the ninetieth percentile of simulated runs: the mean .03 to .07
standard deviations (devnag-1d: .008 to .027) at a median autocorrelation of .6 (.1), a mode's share
.004 to .008 (ring8: .001 to .002), D's accuracy .01 to .05 (.006 to .07), and logs of gradients .07
to .26 (.06 to .34).
"""

from __future__ import annotations

import numpy as np

from gandiag.selftest.noise import Floats, Noise
from gandiag.selftest.players import healthy_players
from gandiag.selftest.simulated_run import SimulatedRun
from gandiag.selftest.target import DataKind, Target

LENGTHS = (60, 200, 500, 1000, 2000)
"""The possible numbers of log points of a run."""

MODES = (8, 10, 25)

Generator = np.random.Generator


def healthy_run(
    rng: Generator, kind: DataKind, noise: Noise, length: int, *, trends: bool = False
) -> SimulatedRun:
    """Draws a healthy run.

    Its transient has a time constant of 1 to 10 % of the length (devnag-1d: 5 to 10 %, with
    overshoot; ring8: 10 to 20 %). Then its mean fluctuates by .02 to .08 standard deviations of the
    data and its log standard deviation by .02 to .08 (devnag-1d: .006 to .034 and .005 to .034),
    with constant errors of up to .05 and .08 (devnag-1d: .003 to .015 and up to .05).

    Args:
        rng: Its only source of random numbers.
        kind: The kind of data.
        noise: The noise process of all series.
        length: The number of log points, including the one before training.
        trends: Whether losses and samples have slow trends, independent of each other: the losses
            of up to .1, the mean and the log standard deviation of up to .1, the part of the
            distance that is in no moment of up to a half, the share on a mode of up to .05.

    Returns:
        The run.
    """
    target = _target(rng, kind)
    time = np.linspace(0.0, 1.0, length)
    drift = 0.1 * rng.uniform(-1, 1, 3)[:, None] * time * trends
    tau = rng.uniform(0.01, 0.1)
    transient = np.exp(-time / tau)
    samples = {
        "offset": _offset(rng, time, tau, noise) + drift[0],
        "log_ratio": _log_ratio(rng, transient, noise, kind) + drift[1],
        "shape": _shape(rng, noise, length) * (1 + 5 * drift[2]),
        "logits": _logits(rng, transient, noise, target.modes),
        "quality": np.clip(_quality(rng, transient, noise) + drift[2] / 2, 0.005, 0.989),
    }
    cadence = int(np.rint(np.exp(rng.uniform(0, np.log(100)))))
    return SimulatedRun(
        iteration=cadence * np.arange(length),
        target=target,
        noise=noise,
        players=healthy_players(rng, target.game, noise, transient, cadence, trends=trends),
        settled=int(cadence * (length - 1) * np.log(100) * tau),
        **samples,
    )


def _target(rng: Generator, kind: DataKind) -> Target:
    game = str(rng.choice(["gan", "gan", "scaled", "wasserstein"]))
    scale = 10 ** rng.uniform(-3, 3)
    modes = int(rng.choice(MODES)) if kind == "modes" else 0
    return Target(kind, game, scale, scale * rng.uniform(-10, 10), modes)


def _offset(rng: Generator, time: Floats, tau: float, noise: Noise) -> Floats:
    """The mean's error, 1 to 5 standard deviations at first.

    A third of the runs overshoot, by 14 to 61 % of it (devnag-1d: 65 %).
    """
    start = rng.choice([-1, 1]) * rng.uniform(1, 5)
    overshoot = np.cos(np.pi * time / tau / rng.uniform(0.5, 2.0)) if rng.random() < 1 / 3 else 1.0
    fluctuation = rng.uniform(0.02, 0.08) * noise.draw(rng, len(time))
    return np.asarray(
        start * np.exp(-time / tau) * overshoot + rng.uniform(-0.05, 0.05) + fluctuation
    )


def _log_ratio(rng: Generator, transient: Floats, noise: Noise, kind: DataKind) -> Floats:
    """The log of the standard deviation over the data's, which starts at .001 to 1."""
    if kind == "modes":
        return _within(rng, transient, noise)
    start = np.log(10) * rng.uniform(-3, 0)
    fluctuation = rng.uniform(0.02, 0.08) * noise.draw(rng, len(transient))
    return np.asarray(start * transient + rng.uniform(-0.08, 0.08) + fluctuation)


def _within(rng: Generator, transient: Floats, noise: Noise) -> Floats:
    """The same within the modes, where it starts at 1 to 2 (ring8: 1.7, and ends at .81)."""
    fluctuation = rng.uniform(0.01, 0.05) * noise.draw(rng, len(transient))
    return np.asarray(rng.uniform(0, 0.7) * transient + rng.uniform(-0.25, 0.1) + fluctuation)


def _shape(rng: Generator, noise: Noise, length: int) -> Floats:
    """The part of the distance in no moment: .01 to .15 (devnag-1d: .09 to .26 in total)."""
    fluctuation = rng.uniform(0.02, 0.1) * noise.draw(rng, length)
    return np.asarray(rng.uniform(0.01, 0.15) * np.exp(np.clip(fluctuation, -1, 1)))


def _logits(rng: Generator, transient: Floats, noise: Noise, modes: int) -> Floats:
    """The modes' logits: few modes at first, in the end equal to within 5 to 20 % (ring8: 20 %)."""
    start = rng.uniform(4, 10) * rng.standard_normal(modes)
    last = rng.uniform(0.05, 0.2) * rng.standard_normal(modes)
    fluctuation = rng.uniform(0.01, 0.06) * noise.draw(rng, len(transient), modes)
    return np.asarray(start * transient[:, None] + last + fluctuation)


def _quality(rng: Generator, transient: Floats, noise: Noise) -> Floats:
    """The share of samples on a mode, which rises to .85 to .98 (ring8: .80 to .87).

    It rises with up to twice the time constant (ring8: 20 % of the length).
    """
    level, slower = rng.uniform(0.85, 0.98), transient ** rng.uniform(0.5, 1.0)
    fluctuation = rng.uniform(0.002, 0.01) * noise.draw(rng, len(transient))
    return np.asarray(level * (1 - rng.uniform(0.9, 1.0) * slower) + fluctuation)
