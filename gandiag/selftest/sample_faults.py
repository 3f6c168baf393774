"""Faults of the generated samples, to which D and G respond; each docstring gives the strength."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gandiag.selftest.noise import Floats
from gandiag.selftest.players import with_response
from gandiag.selftest.simulated_run import SimulatedRun

Generator = np.random.Generator

VANISHING = 14.0
"""The drop of a share's log after which none of 2,500 samples is in that mode."""


def shrinking_variance(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """The standard deviation falls exponentially to .01 to .1 of the data's.

    It takes 2 to 15 % of the length.
    """
    return _narrow(rng, run, at, rng.uniform(0.01, 0.1), rng.uniform(0.02, 0.15))


def mean_image(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """The spread of features falls to .02 to .09 of the data's within 1 to 5 % of the length."""
    return _narrow(rng, run, at, rng.uniform(0.02, 0.09), rng.uniform(0.01, 0.05))


def narrow_peak(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """The standard deviation falls to .3 to .4 of the data's within 1 to 10 % of the length."""
    return _narrow(rng, run, at, rng.uniform(0.3, 0.4), rng.uniform(0.01, 0.1))


def late_collapse(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """All samples become one point within 1 to 3 % of the length, after half of it at least.

    Their standard deviation falls to .001 to .01 of the data's (of modes: one is left, and the
    standard deviation within it falls so); the point lies up to a standard deviation off.
    """
    ramp = run.ramp(at, rng.uniform(0.01, 0.03))
    moved = run.offset + ramp * (rng.uniform(-1, 1) - run.offset)
    point = replace(run, offset=moved)
    if run.target.modes:
        point = _remove_modes(point, ramp, _pick_modes(rng, run, run.target.modes - 1))
        point = replace(point, quality=run.quality + ramp * (0.999 - run.quality))
    return with_response(rng, _shrink_std(point, ramp, 10 ** rng.uniform(-3, -2)), at)


def few_modes(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """At most a quarter of the modes is left after .5 to 5 % of the length, and one at least."""
    kept = rng.integers(1, run.target.modes // 4, endpoint=True)
    return _lose_modes(rng, run, at, run.target.modes - int(kept))


def lost_modes(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """Of 8 modes 2 are lost, of 10 3, of 25 8, within .5 to 5 % of the length."""
    return _lose_modes(rng, run, at, {8: 2, 10: 3, 25: 8}[run.target.modes])


def duplicated_mode(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """One mode gets half of all samples within .5 to 5 % of the length; the others share the rest.

    No mode is lost, so that it is partial: the shares' divergence is .41 nats for 8 modes, .94
    for 25.
    """
    ramp = run.ramp(at, rng.uniform(0.005, 0.05))
    logits = run.logits.copy()
    mode = rng.integers(run.target.modes)
    others = np.delete(logits, mode, axis=1)
    even = np.log(np.exp(others).sum(axis=1))
    logits[:, mode] += ramp * (even - logits[:, mode])
    return with_response(rng, replace(run, logits=logits), at)


def rotating_modes(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """All samples are of one mode, and of another every 3 to 10 log points; 5 times at least."""
    left = len(run) - at
    dwell = int(rng.integers(3, max(3, min(10, left // 6)), endpoint=True))
    jumps = rng.integers(1, run.target.modes, left // dwell + 1)
    visited = np.cumsum(jumps) % run.target.modes
    now = visited[np.arange(left) // dwell]
    logits = run.logits.copy()
    logits[at:] -= VANISHING
    logits[np.arange(at, len(run)), now] += VANISHING
    return with_response(rng, replace(run, logits=logits), at)


def growing_oscillation(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """The mean oscillates by .3 to .6 standard deviations, twice as much every 2 to 4 cycles.

    A cycle takes 10 to 60 log points; there are at least 4; it grows to 10 deviations at most.
    """
    period = _period(rng, run, at, cycles=4)
    since = np.maximum(np.arange(len(run)) - at, 0)
    growth = 2 ** np.minimum(since / period / rng.uniform(2, 4), 30.0)
    height = np.minimum(rng.uniform(0.3, 0.6) * growth, 10.0)
    return _oscillate(rng, run, at, period, height)


def limit_cycle(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """The mean oscillates steadily by .5 to 1.5 standard deviations.

    A cycle takes 10 to 60 log points; there are at least 5.
    """
    period = _period(rng, run, at, cycles=5)
    return _oscillate(rng, run, at, period, np.full(len(run), rng.uniform(0.5, 1.5)))


def wrong_mean(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """The mean goes off by .6 to 3 standard deviations within 1 to 3 % of the length and stays."""
    ramp = run.ramp(at, rng.uniform(0.01, 0.03))
    off = rng.choice([-1, 1]) * rng.uniform(0.6, 3.0)
    return with_response(rng, replace(run, offset=run.offset + off * ramp), at)


def _narrow(rng: Generator, run: SimulatedRun, at: int, to: float, part: float) -> SimulatedRun:
    return with_response(rng, _shrink_std(run, run.ramp(at, part), to), at)


def _shrink_std(run: SimulatedRun, ramp: Floats, to: float) -> SimulatedRun:
    return replace(run, log_ratio=run.log_ratio + ramp * np.log(to))


def _pick_modes(rng: Generator, run: SimulatedRun, several: int) -> Floats:
    chosen = rng.permutation(run.target.modes) < several
    return chosen.astype(np.float64)


def _remove_modes(run: SimulatedRun, ramp: Floats, lost: Floats) -> SimulatedRun:
    return replace(run, logits=run.logits - VANISHING * ramp[:, None] * lost)


def _lose_modes(rng: Generator, run: SimulatedRun, at: int, several: int) -> SimulatedRun:
    ramp = run.ramp(at, rng.uniform(0.005, 0.05))
    return with_response(rng, _remove_modes(run, ramp, _pick_modes(rng, run, several)), at)


def _period(rng: Generator, run: SimulatedRun, at: int, cycles: int) -> float:
    """A period in log points such that the cycles fit into the rest of the run."""
    longest = min(60.0, (len(run) - 1 - at) / cycles)
    return float(np.exp(rng.uniform(np.log(10.0), np.log(longest))))


def _oscillate(
    rng: Generator, run: SimulatedRun, at: int, period: float, height: Floats
) -> SimulatedRun:
    """A run whose mean oscillates from log point ``at`` on, and its losses at half the period."""
    since = np.maximum(np.arange(len(run)) - at, 0)
    swing = height * np.sin(2 * np.pi * since / period)
    return with_response(rng, replace(run, offset=run.offset + swing), at)
