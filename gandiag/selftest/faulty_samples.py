"""Faults of what the generator makes; each says its strength, and what D and G do follows it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gandiag.selftest.course import Course
from gandiag.selftest.noise import Floats
from gandiag.selftest.reaction import reacted

Generator = np.random.Generator

GONE = 14.0
"""By how much the log of a share falls until none of 2,500 samples is of that mode."""


def shrinking_variance(rng: Generator, course: Course, at: int) -> Course:
    """The standard deviation falls exponentially to .01 to .1 of the data's.

    It takes 2 to 15 % of the length.
    """
    return _narrowed(rng, course, at, rng.uniform(0.01, 0.1), rng.uniform(0.02, 0.15))


def mean_image(rng: Generator, course: Course, at: int) -> Course:
    """The spread of features falls to .02 to .09 of the data's within 1 to 5 % of the length."""
    return _narrowed(rng, course, at, rng.uniform(0.02, 0.09), rng.uniform(0.01, 0.05))


def narrow_peak(rng: Generator, course: Course, at: int) -> Course:
    """The standard deviation falls to .3 to .4 of the data's within 1 to 10 % of the length."""
    return _narrowed(rng, course, at, rng.uniform(0.3, 0.4), rng.uniform(0.01, 0.1))


def late_collapse(rng: Generator, course: Course, at: int) -> Course:
    """All samples become one point within 1 to 3 % of the length, after half of it at least.

    Their standard deviation falls to .001 to .01 of the data's (of modes: one is left, and the
    standard deviation within it falls so); the point lies up to a standard deviation off.
    """
    ramp = course.ramp(at, rng.uniform(0.01, 0.03))
    there = course.offset + ramp * (rng.uniform(-1, 1) - course.offset)
    point = replace(course, offset=there)
    if course.target.modes:
        point = _without(point, ramp, _chosen(rng, course, course.target.modes - 1))
        point = replace(point, quality=course.quality + ramp * (0.999 - course.quality))
    return reacted(rng, _fallen(point, ramp, 10 ** rng.uniform(-3, -2)), at)


def few_modes(rng: Generator, course: Course, at: int) -> Course:
    """At most a quarter of the modes is left after .5 to 5 % of the length, and one at least."""
    kept = rng.integers(1, course.target.modes // 4, endpoint=True)
    return _lost(rng, course, at, course.target.modes - int(kept))


def lost_modes(rng: Generator, course: Course, at: int) -> Course:
    """Of 8 modes 2 are lost, of 10 3, of 25 8, within .5 to 5 % of the length."""
    return _lost(rng, course, at, {8: 2, 10: 3, 25: 8}[course.target.modes])


def duplicated_mode(rng: Generator, course: Course, at: int) -> Course:
    """One mode gets half of all samples within .5 to 5 % of the length; the others share the rest.

    No mode is lost, so that it is partial: the shares' divergence is .41 nats for 8 modes, .94
    for 25.
    """
    ramp = course.ramp(at, rng.uniform(0.005, 0.05))
    logits = course.logits.copy()
    mode = rng.integers(course.target.modes)
    others = np.delete(logits, mode, axis=1)
    even = np.log(np.exp(others).sum(axis=1))
    logits[:, mode] += ramp * (even - logits[:, mode])
    return reacted(rng, replace(course, logits=logits), at)


def rotating_modes(rng: Generator, course: Course, at: int) -> Course:
    """All samples are of one mode, and of another every 3 to 10 log points; 5 times at least."""
    left = len(course) - at
    dwell = int(rng.integers(3, max(3, min(10, left // 6)), endpoint=True))
    jumps = rng.integers(1, course.target.modes, left // dwell + 1)
    visited = np.cumsum(jumps) % course.target.modes
    now = visited[np.arange(left) // dwell]
    logits = course.logits.copy()
    logits[at:] -= GONE
    logits[np.arange(at, len(course)), now] += GONE
    return reacted(rng, replace(course, logits=logits), at)


def growing_oscillation(rng: Generator, course: Course, at: int) -> Course:
    """The mean oscillates by .3 to .6 standard deviations, twice as much every 2 to 4 cycles.

    A cycle takes 10 to 60 log points; there are at least 4; it grows to 10 deviations at most.
    """
    period = _period(rng, course, at, cycles=4)
    since = np.maximum(np.arange(len(course)) - at, 0)
    growth = 2 ** np.minimum(since / period / rng.uniform(2, 4), 30.0)
    height = np.minimum(rng.uniform(0.3, 0.6) * growth, 10.0)
    return _swung(rng, course, at, period, height)


def limit_cycle(rng: Generator, course: Course, at: int) -> Course:
    """The mean oscillates steadily by .5 to 1.5 standard deviations.

    A cycle takes 10 to 60 log points; there are at least 5.
    """
    period = _period(rng, course, at, cycles=5)
    return _swung(rng, course, at, period, np.full(len(course), rng.uniform(0.5, 1.5)))


def wrong_mean(rng: Generator, course: Course, at: int) -> Course:
    """The mean goes off by .6 to 3 standard deviations within 1 to 3 % of the length and stays."""
    ramp = course.ramp(at, rng.uniform(0.01, 0.03))
    off = rng.choice([-1, 1]) * rng.uniform(0.6, 3.0)
    return reacted(rng, replace(course, offset=course.offset + off * ramp), at)


def _narrowed(rng: Generator, course: Course, at: int, to: float, part: float) -> Course:
    return reacted(rng, _fallen(course, course.ramp(at, part), to), at)


def _fallen(course: Course, ramp: Floats, to: float) -> Course:
    return replace(course, log_ratio=course.log_ratio + ramp * np.log(to))


def _chosen(rng: Generator, course: Course, several: int) -> Floats:
    chosen = rng.permutation(course.target.modes) < several
    return chosen.astype(np.float64)


def _without(course: Course, ramp: Floats, lost: Floats) -> Course:
    return replace(course, logits=course.logits - GONE * ramp[:, None] * lost)


def _lost(rng: Generator, course: Course, at: int, several: int) -> Course:
    ramp = course.ramp(at, rng.uniform(0.005, 0.05))
    return reacted(rng, _without(course, ramp, _chosen(rng, course, several)), at)


def _period(rng: Generator, course: Course, at: int, cycles: int) -> float:
    """In log points, so that there is room for the cycles."""
    longest = min(60.0, (len(course) - 1 - at) / cycles)
    return float(np.exp(rng.uniform(np.log(10.0), np.log(longest))))


def _swung(rng: Generator, course: Course, at: int, period: float, height: Floats) -> Course:
    """A run whose mean oscillates since a log point, and its losses with half of the period."""
    since = np.maximum(np.arange(len(course)) - at, 0)
    swing = height * np.sin(2 * np.pi * since / period)
    return reacted(rng, replace(course, offset=course.offset + swing), at)
