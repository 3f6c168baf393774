"""Healthy runs: a generator far off and narrow that comes near and stays, with all its wandering.

Matched to the second halves of the presets' healthy runs (devnag-1d seeds 0, 1, 5, 7-9; ring8 seeds
1, 2, 4, 6), whose numbers stand by each draw, and harder on purpose: about a line the mean of
simulated runs wanders by .03 to .07 standard deviations (tenth to ninetieth percentile; devnag-1d:
.008 to .027) at a median autocorrelation of .6 (.1), a mode's share by .004 to .008 (ring8: .001 to
.002), D's accuracy by .01 to .05 (.006 to .07), and logs of gradients by .07 to .26 (.06 to .34).
"""

from __future__ import annotations

import numpy as np

from gandiag.selftest.course import Course
from gandiag.selftest.noise import Floats, Noise
from gandiag.selftest.players import players
from gandiag.selftest.target import Family, Target

LENGTHS = (60, 200, 500, 1000, 2000)
"""How many log points a run has."""

MODES = (8, 10, 25)

Generator = np.random.Generator


def healthy(
    rng: Generator, family: Family, noise: Noise, length: int, *, trends: bool = False
) -> Course:
    """Draws a healthy run.

    Its transient has a time constant of 1 to 10 % of the length (devnag-1d: 5 to 10 %, with
    swings; ring8: 10 to 20 %). Then its mean wanders by .02 to .08 standard deviations of the data
    and its log standard deviation by .02 to .08 (devnag-1d: .006 to .034 and .005 to .034), about
    a place that is off by up to .05 and .08 (devnag-1d: .003 to .015 and up to .05).

    Args:
        rng: Its only source of numbers.
        family: What the data are like.
        noise: How everything wanders.
        length: How many log points it has, the untrained one among them.
        trends: Whether losses and samples have slow trends, of no relation to each other: the
            losses by up to .1, the mean and the log standard deviation by up to .1, the distance
            in no moment by up to a half, the part that lies on a mode by up to .05.
    """
    target = _target(rng, family)
    time = np.linspace(0.0, 1.0, length)
    drift = 0.1 * rng.uniform(-1, 1, 3)[:, None] * time * trends
    tau = rng.uniform(0.01, 0.1)
    fading = np.exp(-time / tau)
    samples = {
        "offset": _offset(rng, time, tau, noise) + drift[0],
        "log_ratio": _log_ratio(rng, fading, noise, family) + drift[1],
        "shape": _shape(rng, noise, length) * (1 + 5 * drift[2]),
        "logits": _logits(rng, fading, noise, target.modes),
        "quality": np.clip(_quality(rng, fading, noise) + drift[2] / 2, 0.005, 0.989),
    }
    cadence = int(np.rint(np.exp(rng.uniform(0, np.log(100)))))
    return Course(
        iteration=cadence * np.arange(length),
        target=target,
        noise=noise,
        players=players(rng, target.game, noise, fading, cadence, trends=trends),
        settled=int(cadence * (length - 1) * np.log(100) * tau),
        **samples,
    )


def _target(rng: Generator, family: Family) -> Target:
    game = str(rng.choice(["gan", "gan", "scaled", "wasserstein"]))
    scale = 10 ** rng.uniform(-3, 3)
    modes = int(rng.choice(MODES)) if family == "modes" else 0
    return Target(family, game, scale, scale * rng.uniform(-10, 10), modes)


def _offset(rng: Generator, time: Floats, tau: float, noise: Noise) -> Floats:
    """The mean, 1 to 5 standard deviations off at first; a third of the runs swing.

    They overshoot by 14 to 61 % of the way (devnag-1d: 65 %).
    """
    start = rng.choice([-1, 1]) * rng.uniform(1, 5)
    swing = np.cos(np.pi * time / tau / rng.uniform(0.5, 2.0)) if rng.random() < 1 / 3 else 1.0
    wander = rng.uniform(0.02, 0.08) * noise.draw(rng, len(time))
    return np.asarray(start * np.exp(-time / tau) * swing + rng.uniform(-0.05, 0.05) + wander)


def _log_ratio(rng: Generator, fading: Floats, noise: Noise, family: Family) -> Floats:
    """The standard deviation, from a thousandth to all of the data's at first."""
    if family == "modes":
        return _within(rng, fading, noise)
    start = np.log(10) * rng.uniform(-3, 0)
    wander = rng.uniform(0.02, 0.08) * noise.draw(rng, len(fading))
    return np.asarray(start * fading + rng.uniform(-0.08, 0.08) + wander)


def _within(rng: Generator, fading: Floats, noise: Noise) -> Floats:
    """That within the modes, up to twice as wide as right at first (ring8: 1.7, at last .81)."""
    wander = rng.uniform(0.01, 0.05) * noise.draw(rng, len(fading))
    return np.asarray(rng.uniform(0, 0.7) * fading + rng.uniform(-0.25, 0.1) + wander)


def _shape(rng: Generator, noise: Noise, length: int) -> Floats:
    """What the moments do not see: .01 to .15 (devnag-1d: .09 to .26 in all)."""
    wander = rng.uniform(0.02, 0.1) * noise.draw(rng, length)
    return np.asarray(rng.uniform(0.01, 0.15) * np.exp(np.clip(wander, -1, 1)))


def _logits(rng: Generator, fading: Floats, noise: Noise, modes: int) -> Floats:
    """The modes: few at first, at last even up to 5 to 20 % (ring8: 20 %)."""
    start = rng.uniform(4, 10) * rng.standard_normal(modes)
    last = rng.uniform(0.05, 0.2) * rng.standard_normal(modes)
    wander = rng.uniform(0.01, 0.06) * noise.draw(rng, len(fading), modes)
    return np.asarray(start * fading[:, None] + last + wander)


def _quality(rng: Generator, fading: Floats, noise: Noise) -> Floats:
    """The part that lies on a mode, up to .85 to .98 (ring8: .80 to .87).

    It comes with up to twice the time constant (ring8: 20 % of the length).
    """
    level, slower = rng.uniform(0.85, 0.98), fading ** rng.uniform(0.5, 1.0)
    wander = rng.uniform(0.002, 0.01) * noise.draw(rng, len(fading))
    return np.asarray(level * (1 - rng.uniform(0.9, 1.0) * slower) + wander)
